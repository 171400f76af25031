"""Register the dossiers of a list, all or none; every faulty line is told with what to do about it."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.register import Register, register
from dossier_engine.errors import AlreadyOpen, AmbiguousLocality, DossierError, FileProblems, NotFound, Problem
from dossier_engine.records import localities
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.names import fold


@dataclass(frozen=True, slots=True)
class Registration:
    """One line of the list; `code` may be empty if `name` and `district` say which unit is meant.

    The `note` is the reason of its registration, in place of the one that is given for the whole list.
    """

    line: int
    code: str
    name: str
    district: str
    level: str
    target_year: int
    note: str = ""


def import_registrations(
    session: Session,
    law: Law,
    file: str,
    rows: Iterable[Registration],
    act: Act,
    *,
    now: datetime,
    rng: random.Random,
    faults: Sequence[Problem] = (),
) -> Sequence[Receipt]:
    """Register every row in the caller's transaction; the face commits.

    The whole list is one act: with a `key`, each line gets a key of its own from it, so a repeated import gives the
    first receipts again. `faults` are those of lines that could not even be read. Raises FileProblems naming these and
    every line that would be refused, with the refusal's code.
    """
    receipts: list[Receipt] = []
    lines: dict[str, int] = {}
    problems = list(faults)
    for row in rows:
        try:
            order = Register(
                workflow=_workflow(law, row.level),
                subject=_locality(session, row, act, now),
                target_year=row.target_year,
                act=replace(act, key=f"{act.key}#{row.line}" if act.key else None, reason=row.note or act.reason),
            )
            receipts.append(register(session, law, order, now=now, rng=rng))
        except DossierError as refusal:
            problems.append(_told(refusal, row, file, lines))
        else:
            lines[receipts[-1].dossier] = row.line
    if problems:
        raise FileProblems(sorted(problems, key=lambda problem: problem.line))
    return receipts


def _workflow(law: Law, level: str) -> str:
    """The active definition for communes at that level. Raises NotFound."""
    for name in law.active:
        workflow = law.named(name)
        if workflow.subject == "commune" and workflow.level == level:
            return name
    raise NotFound("level", level, sorted({law.named(n).level for n in law.active} - {""}))


def _locality(session: Session, row: Registration, act: Act, now: datetime) -> str:
    """The code the row means; a code and a name that disagree are refused, for codes are reused."""
    conn, on = session.connection(), act.effective_on or legal_day(now)
    if not row.code:
        typed = f"{row.name}, {row.district}" if row.district else row.name
        return localities.find(conn, typed, on, localities.KINDS["commune"])
    found = localities.by_code(conn, row.code, on)
    if found is None or (row.name and fold(row.name) not in (found.name_search, localities.bare(found.name_search))):
        raise NotFound("locality", f"{row.code} {row.name}".strip(), [found.name] if found else [])
    return row.code


def _told(refusal: DossierError, row: Registration, file: str, lines: Mapping[str, int]) -> Problem:
    """What is wrong with one line; `lines` are those before it, by the code of the dossier that they opened."""
    unit = "code" if row.code else "name"
    match refusal:
        case AmbiguousLocality():
            candidates = tuple(map(str, refusal.facts["candidates"]))  # type: ignore[arg-type]
            what = f"{row.name}: {', '.join(candidates)}"
            return Problem(file, row.line, "unit_ambiguous", what, unit, candidates, refusal)
        case NotFound() if refusal.facts["kind"] == "locality":
            near = tuple(map(str, refusal.facts["suggestions"]))  # type: ignore[arg-type]
            what = f"{refusal.facts['name']}: {', '.join(near)}"
            return Problem(file, row.line, "unit_unknown", what, unit, near, refusal)
        case NotFound():
            return Problem(file, row.line, "level_unknown", row.level, "level", (), refusal)
        case AlreadyOpen() if str(refusal.facts["dossier"]) in lines:
            first = str(lines[str(refusal.facts["dossier"])])
            what = f"{row.code} {row.name}: {first}".strip()
            return Problem(file, row.line, "duplicate_in_file", what, unit, (first,), refusal)
    near = (str(refusal.facts["dossier"]),) if isinstance(refusal, AlreadyOpen) else ()
    details = ", ".join(f"{name} {value}" for name, value in refusal.facts.items() if name != "definition")
    column = "target_year" if refusal.facts.get("field") == "year" else unit
    return Problem(file, row.line, refusal.code, f"{row.code} {row.name}: {details}".strip(), column, near, refusal)
