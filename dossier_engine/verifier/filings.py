"""Whether the entries of the register streams could be filed: by whom, and with what in them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from dossier_engine.errors import BadInput
from dossier_engine.rules.authority import OFFICE_KINDS, OVERSEEING, ROLE_LEVELS, ROLES, level_of
from dossier_engine.rules.workflow import RECOGNITION_LEVELS
from dossier_engine.verifier.act import UNREADABLE, Act, Flaw, day
from dossier_engine.verifier.authority import by_person
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.registers import Office, Registers, appointment, ending, last_day, which

Judge = Callable[[Registers, Act], Iterator[Flaw]]

_READING: Mapping[str, tuple[str, ...]] = {"exported": ("auditor",), "read": OVERSEEING, "taken_away": ROLES}
_QUESTION = re.compile(r"[a-z_]+(?:\.[a-z_]+)*\Z")
_OF_AN_OFFICE = ("appointed", "appointment_ended")  # an administrator's reach must cover that office


def judge(registers: Registers, act: Act) -> list[Finding]:
    """What is wrong with an entry, by the registers that all of them together fill."""
    flaws: list[Flaw]
    try:
        flaws = list(_flaws(registers, act))
    except UNREADABLE as error:
        flaws = [("body_wrong", f"{type(error).__name__}: {error}")]
    return [Finding(act.stream, act.seq, *flaw) for flaw in flaws]


def _kinds(stream: str) -> Mapping[str, tuple[frozenset[str], Judge | None]]:
    return _KINDS.get("log/" if stream.startswith("log/") else stream, {})


def _flaws(registers: Registers, act: Act) -> Iterator[Flaw]:
    known = _kinds(act.stream)
    if act.kind not in known:
        yield "kind_unknown", act.kind
        return
    names, check = known[act.kind]
    if not names <= act.body.keys():
        yield "body_wrong", ", ".join(sorted(names - act.body.keys()))
        return
    if act.on != act.today:
        yield "dates_wrong", act.on.isoformat()
    yield from _filed_by(registers, act)
    if check is not None:
        yield from check(registers, act)


def _filed_by(registers: Registers, act: Act) -> Iterator[Flaw]:
    """Administrators and the installation itself, whose first steps nobody is appointed for; people alone read."""
    if act.is_by_machine and act.kind not in _READING:
        if any(value is not None for name, value in act.actor.items() if name != "person"):
            yield "not_authorised", act.person
        return
    own = str(act.actor["territory"])
    where = str(act.body["territory"]) if act.kind in _OF_AN_OFFICE else own
    yield from by_person(registers, act, _READING.get(act.kind, ("administrator",)), territory=where)


def _appointed(registers: Registers, act: Act) -> Iterator[Flaw]:
    made = appointment(act.body)
    office = registers.office(made.office, act.at)
    if office is None or office.path != made.office_path:
        yield "register_wrong", f"office {made.office}"
    elif made.role not in _exercised_in(office):
        yield "register_wrong", f"role {made.role}"
    if made.valid_to is not None and made.valid_to < made.valid_from:
        yield "register_wrong", "valid_to"
    if registers.people.get(made.person, "~") > act.at:
        yield "register_wrong", f"person {made.person}"
    held = registers.held_before(str(made.on_behalf_of), act.seq)
    if made.on_behalf_of is not None and not any(own.lends(made) for own in held):
        yield "register_wrong", "on_behalf_of"


def _ended(registers: Registers, act: Act) -> Iterator[Flaw]:
    """It names an appointment there was, in its own territory, and takes of the time that it still had."""
    named = ending(act.body)
    held = [a for a in registers.held_before(named[0], act.seq) if which(a) == named]
    if not held:
        yield "register_wrong", f"appointment {act.body['role']}, {act.body['office']}"
    for made in held:
        if made.office_path != act.body["territory"]:
            yield "register_wrong", f"office {made.office}"
        try:
            made.check_end(last_day(act.body), act.today)
        except BadInput as refusal:
            yield "register_wrong", f"last_day: {refusal.facts['why']}"


def _exercised_in(office: Office) -> set[str]:
    level = level_of(office.path)
    return {role for role in ROLES if office.kind in OFFICE_KINDS[role] and level in ROLE_LEVELS[role]}


def _activated(registers: Registers, act: Act) -> Iterator[Flaw]:
    sha256 = str(act.body["definition"])
    since, workflow = registers.workflows[sha256]
    if (workflow.reference, workflow.sha256, since) != (act.body["workflow"], sha256, act.at):
        yield "register_wrong", f"definition {act.body['workflow']}"
    others = [w for at, w in registers.workflows.values() if w.reference == workflow.reference and at <= act.at]
    if len(others) > 1:  # a version is never changed and never activated twice
        yield "register_wrong", f"definition {workflow.reference}"


def _calendar(registers: Registers, act: Act) -> Iterator[Flaw]:
    before = [used for used in registers.calendars if used.seq < act.seq]
    instead = before[-1].calendar.version if before else None
    if act.body.get("instead_of") != instead:
        yield "register_wrong", "instead_of"


def _adopted(_: Registers, act: Act) -> Iterator[Flaw]:
    body: Mapping[str, Any] = act.body
    for unit in body["localities"]:
        until = None if unit["valid_to"] is None else day(unit["valid_to"])
        if not unit["path"].endswith(f"{unit['code']}/") or (until or date.max) < day(unit["valid_from"]):
            yield "register_wrong", f"locality {unit['code']}"


def _recognitions(_: Registers, act: Act) -> Iterator[Flaw]:
    body: Mapping[str, Any] = act.body
    for code, level, year in body["recognitions"]:
        if not isinstance(code, str) or level not in RECOGNITION_LEVELS or type(year) is not int:
            yield "register_wrong", f"recognition {code}"


def _read(_: Registers, act: Act) -> Iterator[Flaw]:
    """It names a question, what was asked with it, and how much was found."""
    what, asked, count = act.body["what"], act.body["asked"], act.body["count"]
    if not isinstance(what, str) or _QUESTION.match(what) is None:
        yield "body_wrong", f"what: {what}"
    if not isinstance(asked, dict):
        yield "body_wrong", f"asked: {asked}"
    if count is not None and (type(count) is not int or count < 0):
        yield "body_wrong", f"count: {count}"


_KINDS: Mapping[str, Mapping[str, tuple[frozenset[str], Judge | None]]] = {
    "people": {
        "person_added": (frozenset({"person"}), None),
        "address_changed": (frozenset({"person"}), None),
        "appointed": (
            frozenset({"person", "role", "office", "territory", "valid_from", "valid_to", "on_behalf_of", "head"}),
            _appointed,
        ),
        "appointment_ended": (
            frozenset({"person", "role", "office", "territory", "valid_from", "on_behalf_of", "last_day"}),
            _ended,
        ),
        "erased": (frozenset({"erased", "basis"}), None),
    },
    "territory": {
        "adopted": (frozenset({"localities", "offices"}), _adopted),
        "plan_adopted": (frozenset({"province", "year", "plan"}), None),
        "recognitions_imported": (frozenset({"recognitions"}), _recognitions),
    },
    "calendar": {"calendar_in_use": (frozenset({"calendar", "off", "working", "years", "provisional"}), _calendar)},
    "definitions": {"activated": (frozenset({"workflow", "definition", "rules"}), _activated)},
    "settings": {
        "webhook_added": (frozenset({"webhook"}), None),
        "webhook_removed": (frozenset({"webhook"}), None),
        "template_set": (frozenset({"template"}), None),
        "template_reset": (frozenset({"template"}), None),
    },
    "log/": {"log_restarted": (frozenset({"origin", "size", "root", "held", "lost"}), None)},
    "reads": {
        "exported": (frozenset({"scope", "size", "streams", "heads", "manifest"}), None),
        "read": (frozenset({"what", "asked", "count"}), _read),
        "taken_away": (frozenset({"what", "asked", "count"}), _read),
    },
}
