"""Register the dossiers of a list, all or none; every faulty line is told with what to do about it."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.register import Register, register
from dossier_engine.errors import AmbiguousLocality, DossierError, FileProblems, NotFound, Problem
from dossier_engine.records import localities
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.names import fold


@dataclass(frozen=True, slots=True)
class Registration:
    """One line of the list; `code` may be empty if `name` and `district` say which unit is meant."""

    line: int
    code: str
    name: str
    district: str
    level: str
    target_year: int


def import_registrations(
    session: Session, law: Law, file: str, rows: Iterable[Registration], act: Act, *, now: datetime, rng: random.Random
) -> Sequence[Receipt]:
    """Register every row in the caller's transaction; the face commits.

    The whole list is one act: with a `key`, each line gets a key of its own from it, so a repeated import gives the
    first receipts again. Raises FileProblems naming every line that would be refused, with the refusal's code.
    """
    receipts: list[Receipt] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            order = Register(
                workflow=_workflow(law, row.level),
                subject=_locality(session, row, act, now),
                target_year=row.target_year,
                act=replace(act, key=f"{act.key}#{row.line}" if act.key else None),
            )
            receipts.append(register(session, law, order, now=now, rng=rng))
        except DossierError as refusal:
            problems.append(Problem(file, row.line, *_told(refusal, row)))
    if problems:
        raise FileProblems(problems)
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


def _told(refusal: DossierError, row: Registration) -> tuple[str, str]:
    """The catalogue code and the detail of one faulty line."""
    if isinstance(refusal, AmbiguousLocality):
        candidates = refusal.facts["candidates"]
        return "unit_ambiguous", f"{row.name}: {', '.join(map(str, candidates))}"  # type: ignore[arg-type]
    if isinstance(refusal, NotFound) and refusal.facts["kind"] == "locality":
        near = refusal.facts["suggestions"]
        return "unit_unknown", f"{refusal.facts['name']}: {', '.join(map(str, near))}"  # type: ignore[arg-type]
    details = ", ".join(f"{name} {value}" for name, value in refusal.facts.items() if name != "definition")
    return refusal.code, f"{row.code} {row.name}: {details}".strip()
