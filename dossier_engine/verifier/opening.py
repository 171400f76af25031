"""Judges a registration: the definition in force, the subject there, the code its own, and who may register."""

import re
from collections.abc import Iterator
from functools import lru_cache

from dossier_engine.rules.codes import YEARS
from dossier_engine.rules.deadlines import opened_by_entry
from dossier_engine.rules.requirements import Facts, unmet
from dossier_engine.rules.workflow import Holds, ShareOfCommunes
from dossier_engine.verifier import due
from dossier_engine.verifier.act import Act, Flaw
from dossier_engine.verifier.authority import by_person
from dossier_engine.verifier.case import Case, Opened

_NUMBER = re.compile(r"(?:\d{4}|[1-9]\d{4,})\Z", re.ASCII)

by_law = lru_cache(8_192)(opened_by_entry)


def opened(act: Act) -> Opened:
    """What a registration opens. Raises TypeError for a year that is none."""
    body = act.body
    year, linked = body["target_year"], body["continues"]
    if type(year) is not int:
        raise TypeError("target_year")
    return Opened(
        act.at, act.on, act.person, str(body["locality"]), str(body["territory"]), str(body.get("office", "")), year,
        None if linked is None else str(linked),
    )  # fmt: skip


def registered(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with the registration of a dossier."""
    body, workflow, opening = act.body, case.workflow, case.opened
    if act.on > act.today:
        yield "dates_wrong", act.on.isoformat()
    if body["workflow"] != workflow.reference or (body["to"], body["level"]) != (workflow.initial, workflow.level):
        yield "definition_differs", str(body["workflow"])
    if case.registers.active_at(workflow.name, act.at) != workflow.sha256:
        yield "definition_not_active", workflow.reference
    if act.on < workflow.valid_from or (workflow.valid_to is not None and act.on > workflow.valid_to):
        yield "definition_not_active", act.on.isoformat()
    if opening.year not in YEARS:
        yield "subject_wrong", str(opening.year)
    yield from _subject(case, act)
    yield from _coded(case, act)
    yield from _registrar(case, act)
    yield from _conditions(case, act)
    calendar = due.named(case.registers, act)
    law = by_law(workflow, workflow.initial, None, act.on, year=opening.year, calendar=calendar) if calendar else ()
    yield from due.opened(case.registers, act, law)


def _subject(case: Case, act: Act) -> Iterator[Flaw]:
    """The locality is there that day, or the office and its seat are, and it is of a kind the definition is about."""
    opening, registers = case.opened, case.registers
    seat = registers.unit(opening.locality, opening.territory, act.on, act.at)
    if seat is None:
        yield "subject_wrong", opening.locality
        return
    kind, is_office = seat.kind, case.workflow.subject == "office"
    if is_office:
        office = registers.office(opening.office, act.at)
        kind = office.kind if office is not None and office.path == opening.territory else ""
    if kind not in case.workflow.kinds or is_office != bool(opening.office):
        yield "subject_wrong", opening.office or opening.locality


def _coded(case: Case, act: Act) -> Iterator[Flaw]:
    opening = case.opened
    letters = case.registers.letters(opening.territory, act.at)
    series = f"dossier/{letters}-{opening.year}-{case.workflow.abbreviation}-"
    if not act.stream.startswith(series) or _NUMBER.match(act.stream.removeprefix(series)) is None:
        yield "code_wrong", act.stream


def _registrar(case: Case, act: Act) -> Iterator[Flaw]:
    """Who registers by the definition; a dossier that continues another is opened by who carried that one over."""
    opening, register = case.opened, case.workflow.register
    place, about = opening.territory, opening.office
    if opening.continues is None:
        yield from by_person(case.registers, act, register.by, territory=place, about=about, levels=register.levels)
        return
    carrying = [t for t in case.workflow.transitions.values() if t.opens_next_year]
    found = [list(by_person(case.registers, act, t.by, territory=place, about=about, level=t.at)) for t in carrying]
    if all(found):
        yield found[0][0] if found else ("link_wrong", opening.continues)


def _conditions(case: Case, act: Act) -> Iterator[Flaw]:
    requires = case.workflow.register.requires
    if act.body["met"] != [r.key for r in requires]:
        yield "met_differs", str(act.body["met"])
    for requirement in requires:
        if isinstance(requirement, Holds | ShareOfCommunes):
            case.ask(act, requirement)
        elif (lack := unmet(requirement, Facts(0, act.on, case.workflow.criteria))) is not None:
            yield "requirement_unmet", f"{requirement.key}: {lack.why}"
