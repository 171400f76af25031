"""Judges the entries of one dossier: whether each could be written where it stands, by whom, and with what it says.

Nothing here is law of its own: it asks the rules what the engine asked them. After the first entry that could not be
written, the rest of the dossier is not judged, for it stands on that one.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from dossier_engine.errors import DossierError, SeparationOfDuties
from dossier_engine.rules.authority import check_separation
from dossier_engine.rules.deadlines import opened_by_entry, opened_by_receipt
from dossier_engine.rules.entry import Json, MalformedEntryError, follow
from dossier_engine.rules.requirements import check_shape, check_text, unmet
from dossier_engine.rules.told import Told
from dossier_engine.rules.workflow import (
    Confirmation,
    Documents,
    Holds,
    Receipt,
    Requirement,
    SectorConfirmations,
    ShareOfCommunes,
)
from dossier_engine.verifier import due, machines
from dossier_engine.verifier.act import UNREADABLE, Act, Flaw, day
from dossier_engine.verifier.authority import accountable, by_person
from dossier_engine.verifier.case import Case, Confirming, Moved, asked_in
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.opening import opened, registered
from dossier_engine.verifier.registers import Registers

Judge = Callable[[Case, Act], Iterator[Flaw]]

by_law = lru_cache(8_192)(opened_by_entry)


class Dossier:
    """A dossier whose entries are judged one after the other; `case` is None before its registration."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self.case: Case | None = None
        self.is_over = False

    def judge(self, act: Act, entry: Mapping[str, Json]) -> list[Finding]:
        """What is wrong with the next entry."""
        if self.is_over:
            return []
        flaws: list[Flaw]
        try:
            flaws = self._first(act, entry) if self.case is None else self._next(self.case, act, entry)
        except MalformedEntryError as error:
            flaws = [("does_not_follow", str(error))]
        except UNREADABLE as error:
            flaws = [("body_wrong", f"{type(error).__name__}: {error}")]
        self.is_over = bool(flaws)
        return [Finding(act.stream, act.seq, *flaw) for flaw in flaws]

    def _first(self, act: Act, entry: Mapping[str, Json]) -> list[Flaw]:
        standing = follow(None, entry)
        _check_names(act)
        workflow = self._registers.workflow(act.body["definition"], act.at)
        if workflow is None:
            return [("definition_not_active", str(act.body["definition"]))]
        about = opened(act)
        confirming = Confirming(self._registers, about.territory, act.at)
        told = Told(workflow, confirming)
        case = Case(act.stream, self._registers, workflow, about, told, standing, confirming, act.today)
        flaws = list(registered(case, act))
        if not flaws:
            case.told.read(entry)
            self.case = case
        return flaws

    def _next(self, case: Case, act: Act, entry: Mapping[str, Json]) -> list[Flaw]:
        standing = follow(case.standing, entry)
        if act.kind not in _JUDGES:
            return [("kind_unknown", act.kind)]
        _check_names(act)
        case.confirming.at = act.at
        flaws = list(_days(case, act))
        flaws += _JUDGES[act.kind](case, act)
        if not flaws:
            case.told.read(entry)
            case.standing = standing
            case.acted_on = case.acted_on if act.is_by_machine else act.today
        return flaws


def _check_names(act: Act) -> None:
    """Refuse a body with other names than a command gives it."""
    needed, allowed = _NAMES[act.kind]
    if not needed <= act.body.keys() <= allowed:
        raise ValueError(f"names {sorted((needed - act.body.keys()) | (act.body.keys() - allowed))}")


def _days(case: Case, act: Act) -> Iterator[Flaw]:
    """An act takes effect no later than it is recorded; one of a machine does not move the legal clock."""
    if act.on > act.today or (act.is_by_machine and act.on != case.standing.effective_on):
        yield "dates_wrong", act.on.isoformat()


def _running(case: Case) -> Iterator[Flaw]:
    if case.standing.paused_on is not None:
        yield "not_while_paused", case.standing.paused_on.isoformat()


def _in_state(case: Case, act: Act) -> Iterator[Flaw]:
    if act.body["state"] != case.standing.state:
        yield "not_in_this_state", str(act.body["state"])


def _worded(act: Act, *names: str) -> Iterator[Flaw]:
    for name in names:
        if name not in act.private:
            yield "words_missing", name


def _may(
    case: Case, act: Act, roles: tuple[str, ...], *, level: int | None = None, office: str | None = None
) -> Iterator[Flaw]:  # fmt: skip
    about = case.opened
    return by_person(
        case.registers, act, roles, territory=about.territory, about=about.office, level=level, office=office
    )


# --- moved ---


def _moved(case: Case, act: Act) -> Iterator[Flaw]:
    body, workflow, standing = act.body, case.workflow, case.standing
    transition = workflow.transitions.get(str(body["transition"]))
    if transition is None or standing.state not in transition.origins or transition.target != body["to"]:
        yield "transition_unknown", f"{body['transition']}: {standing.state} > {body['to']}"
        return
    if not transition.while_paused:
        yield from _running(case)
    yield from _may(case, act, transition.by, level=transition.at)
    yield from _separated(case, act, transition.name)
    if transition.reason:
        yield from _worded(act, "reason")
    yield from _lists(case, act, returns=transition.returns, succeeds=transition.needs_successor)
    yield from _met(case, act, transition.requires)
    if body["files"] != _files(case, transition.requires):
        yield "files_differ", transition.name
    if type(body["round"]) is not int or body["round"] != standing.round + transition.returns:
        yield "round_wrong", str(body["round"])
    if body["definition"] != standing.definition:
        yield "definition_differs", str(body["definition"])
    calendar = due.named(case.registers, act)
    year = case.opened.year
    law = by_law(workflow, transition.target, transition.name, act.on, year=year, calendar=calendar) if calendar else ()
    yield from due.opened(case.registers, act, law)
    successor = body.get("successor")
    case.moves.append(
        Moved(
            act.seq, act.at, act.on, act.person, transition.name, transition.target,
            None if successor is None else str(successor),
        )
    )  # fmt: skip


def _separated(case: Case, act: Act, transition: str) -> Iterator[Flaw]:
    rows = case.told.rows["performed"].items()
    performed = ((separation, person, row["transition"]) for (separation, person), row in rows)
    try:
        check_separation(
            case.workflow.separation.items(), performed, persons=accountable(act), transition=transition
        )  # fmt: skip
    except SeparationOfDuties as refusal:
        yield "separation_broken", f"{refusal.facts['person']}: {refusal.facts['performed']}, {transition}"


def _lists(case: Case, act: Act, *, returns: bool, succeeds: bool) -> Iterator[Flaw]:
    """The list of a return, each line with its words; the dossier that succeeds, where one must."""
    listed = act.body.get("supplements", [])
    if not isinstance(listed, list) or bool(listed) != returns or ("supplements" in act.body and not listed):
        yield "words_missing", "supplements"
        return
    for n, key in enumerate(listed, 1):
        if key not in case.workflow.requirements:
            yield "words_missing", f"supplements: {key}"
        yield from _worded(act, f"supplement_{n}")
    successor = act.body.get("successor")
    if (successor is not None) != succeeds or act.stream == f"dossier/{successor}":
        yield "link_wrong", str(successor)


def _met(case: Case, act: Act, requires: tuple[Requirement, ...]) -> Iterator[Flaw]:
    if act.body["met"] != [r.key for r in requires]:
        yield "met_differs", str(act.body["met"])
    facts = case.facts(act.on) if requires else None
    for requirement in requires:
        if isinstance(requirement, Holds | ShareOfCommunes):
            case.ask(act, requirement)
        elif facts is not None and (lack := unmet(requirement, facts)) is not None:
            yield "requirement_unmet", f"{requirement.key}: {lack.why}"


def _files(case: Case, requires: tuple[Requirement, ...]) -> list[str]:
    keys = {r.key for r in requires if isinstance(r, Documents)}
    facts = case.told.facts.items()
    return sorted({str(f.value["sha256"]) for (owner, _), f in facts if owner in keys and "sha256" in f.value})


# --- recorded ---


def _recorded(case: Case, act: Act) -> Iterator[Flaw]:
    body: Mapping[str, Any] = act.body
    yield from _running(case)
    asked = asked_in(case.workflow, case.standing.state).get(body["requirement"])
    if asked is None:
        yield "not_in_this_state", str(body["requirement"])
        return
    if body["definition"] != case.standing.definition:
        yield "definition_differs", str(body["definition"])
    requirement, roles = asked
    names = [item["item"] for item in body["items"]]
    if not names or names != sorted(set(names)):
        yield "fact_wrong", "items"
        return
    confirms = isinstance(requirement, SectorConfirmations | Confirmation)
    if confirms and len(names) != 1:
        yield "fact_wrong", "items"
    yield from _may(case, act, roles, level=requirement.at, office=names[0] if confirms else None)
    yield from _shaped(case, act, requirement, body["items"])
    if isinstance(requirement, Receipt):
        yield from _received(case, act, requirement)
    elif "due" in body or "calendar" in body:
        yield "due_differs", requirement.key


def _shaped(case: Case, act: Act, requirement: Requirement, items: list[Mapping[str, Any]]) -> Iterator[Flaw]:
    for item in items:
        value = {name: content for name, content in item.items() if name != "item"}
        try:
            check_shape(requirement, item["item"], value, criteria=case.workflow.criteria, today=act.on)
        except DossierError as refusal:
            yield "fact_wrong", f"{requirement.key} {item['item']}: {refusal.code}"


def _received(case: Case, act: Act, requirement: Requirement) -> Iterator[Flaw]:
    body: Mapping[str, Any] = act.body
    received = day(body["items"][0]["on"])
    current = case.told.facts.get((requirement.key, "receipt"))
    if received < case.standing.stage_on:
        yield "fact_wrong", "before_stage"
    if current is not None and current.stage_seq == case.told.stage:
        yield "fact_wrong", "already_received"
    if "calendar" not in body:
        begins = [r.key for r, _ in asked_in(case.workflow, case.standing.state).values()
                  if r.limit is not None and r.limit.start == "received"]  # fmt: skip
        if begins or "due" in body:
            yield "due_differs", ", ".join(begins)
        return
    calendar = due.named(case.registers, act)
    begun = calendar and opened_by_receipt(
        case.workflow, case.standing.state, received, year=case.opened.year, calendar=calendar,
        pauses=due.pauses(case.told),
    )  # fmt: skip
    yield from due.opened(case.registers, act, begun or ())


# --- the clock ---


def _paused(case: Case, act: Act) -> Iterator[Flaw]:
    yield from _running(case)
    yield from _in_state(case, act)
    if case.state.final:
        yield "not_in_this_state", case.standing.state
    yield from _may(case, act, case.workflow.pause_by)
    yield from _worded(act, "reason")


def _resumed(case: Case, act: Act) -> Iterator[Flaw]:
    since = case.standing.paused_on
    if since is None or act.body["paused_from"] != since.isoformat():
        yield "not_paused", str(act.body["paused_from"])
        return
    yield from _in_state(case, act)
    yield from _may(case, act, case.workflow.pause_by)
    yield from _worded(act, "reason")
    calendar = due.named(case.registers, act)
    if calendar is None:
        yield "calendar_not_in_use", str(act.body["calendar"])
        return
    dates = due.recounted(case.workflow, case.told, calendar, year=case.opened.year, resumed_on=act.on)
    yield from due.differing(act, dates)
    yield from machines.asked_anew(case, act, calendar)


def _extended(case: Case, act: Act) -> Iterator[Flaw]:
    yield from _running(case)
    roles = case.workflow.extend_by.get(case.standing.state)
    if roles is None:
        yield "not_in_this_state", case.standing.state
        return
    yield from _may(case, act, roles)
    yield from _approved(case, act)


def _approved(case: Case, act: Act) -> Iterator[Flaw]:
    """By which document, and, where a date is given, that it may be."""
    body = act.body
    yield from _worded(act, "reason")
    number = body["number"]
    if not isinstance(number, str) or not number.strip():
        yield "words_missing", "number"
        return
    check_text("number", number)
    if day(body["date"]) > act.on:
        yield "extension_wrong", str(body["date"])
    if "due" not in body:
        return
    deadlines, moved = due.open_deadlines(case.told), due.stated(body)
    if len(moved) != 1 or body.get("deadline", *moved) not in moved:
        yield "extension_wrong", ", ".join(moved)
    for key, until in moved.items():
        if key not in deadlines or until <= deadlines[key].due_on or until < act.on:
            yield "extension_wrong", f"{key}: {until}"


def _answered(case: Case, act: Act) -> Iterator[Flaw]:
    yield from _running(case)
    roles = machines.answering(case, act.body["escalation"])
    if roles is None:
        yield "escalation_wrong", str(act.body["escalation"])
        return
    yield from _may(case, act, roles)
    yield from _approved(case, act)


def _escalated(case: Case, act: Act) -> Iterator[Flaw]:
    yield from _running(case)
    if act.body["cause"] != "raised":
        yield from machines.escalated(case, act)
        return
    if case.state.final:
        yield "not_in_this_state", case.standing.state
    yield from _may(case, act, machines.ACTING)
    yield from _worded(act, "reason")
    yield from machines.raised(case, act)


_JUDGES: Mapping[str, Judge] = {
    "moved": _moved,
    "recorded": _recorded,
    "paused": _paused,
    "resumed": _resumed,
    "extended": _extended,
    "escalated": _escalated,
    "answered": _answered,
    "climbed": machines.climbed,
    "recomputed": machines.recomputed,
}


def _named(needed: str, besides: str = "") -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(needed.split()), frozenset(f"{needed} {besides}".split())


# The names that each kind's body has, and those it may have.
_NAMES = {
    "registered": _named(
        "workflow definition calendar locality territory level target_year to continues met due", "office"
    ),
    "moved": _named("transition from to round definition calendar met files due", "supplements successor"),
    "recorded": _named("requirement items definition", "due calendar"),
    "paused": _named("state"),
    "resumed": _named("state paused_from due calendar", "escalations"),
    "recomputed": _named("state due calendar order ordered_by"),
    "extended": _named("deadline number date due"),
    "escalated": _named("cause addressee mandate answer_by", "deadline due_version rung occurrence"),
    "climbed": _named("escalation addressee answer_by"),
    "answered": _named("escalation number date", "due"),
}
