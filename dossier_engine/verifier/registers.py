"""What acts are judged by, as the register streams say it: appointments, offices, territory, calendars, definitions.

Everything counts from the instant its entry was recorded at, never before; instants are texts, which compare like time.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from dossier_engine.rules import form
from dossier_engine.rules.authority import Appointment, part_of
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.workflow import Workflow
from dossier_engine.verifier.act import Act, day, is_later

STREAMS = ("calendar", "definitions", "people", "territory")  # whole in every bundle
_CONFIRMING = ("sector", "dard")


class Unit(NamedTuple):
    """A locality as it was adopted at the instant `at`."""

    at: str
    code: str
    kind: str
    path: str
    abbreviation: str
    valid_from: date
    valid_to: date | None

    def is_there(self, on: date) -> bool:
        """Whether it exists on that day; both the first and the last count."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Office(NamedTuple):
    """An office as it was adopted at the instant `at`."""

    at: str
    code: str
    kind: str
    path: str
    criteria: tuple[str, ...]


class InUse(NamedTuple):
    """A calendar put in use at the instant `at`, by whom and by which entry."""

    at: str
    seq: int
    person: str
    calendar: Calendar


class Made(NamedTuple):
    """An appointment made at the instant `at` by the entry `seq` of people."""

    at: str
    seq: int
    appointment: Appointment


class Ended(NamedTuple):
    """An appointment ended at the instant `at`, on that day, by the entry `seq`: after `last_day` or at once (None)."""

    at: str
    seq: int
    on: date
    last_day: date | None


Which = tuple[str, str, str, date, str | None]


@dataclass(slots=True)
class Registers:
    """The registers as told so far; `file` takes in one entry after the other."""

    people: dict[str, str] = field(default_factory=dict)  # since when
    appointments: dict[str, list[Made]] = field(default_factory=lambda: defaultdict(list))  # by person
    ended: dict[Which, list[Ended]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))  # by code: codes are reused
    offices: dict[str, Office] = field(default_factory=dict)
    calendars: list[InUse] = field(default_factory=list)
    workflows: dict[str, tuple[str, Workflow]] = field(default_factory=dict)  # by hash
    active: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))  # name: since, hash
    recognised: list[tuple[str, str, str]] = field(default_factory=list)  # at, locality, level
    erased: set[tuple[str, int, str]] = field(default_factory=set)
    _departments: list[Office] = field(default_factory=list)  # those that may confirm, few among all offices
    _confirming: dict[tuple[str, int], Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    _adopted: list[str] = field(default_factory=list)  # the instants at which offices were

    def file(self, act: Act) -> None:
        """Take in an entry of a register stream; one of another kind says nothing here."""
        body: Mapping[str, Any] = act.body
        match act.kind:
            case "person_added":
                self.people.setdefault(body["person"], act.at)
            case "appointed":
                self.appointments[body["person"]].append(Made(act.at, act.seq, appointment(body)))
            case "appointment_ended":
                self.ended[ending(body)].append(Ended(act.at, act.seq, act.today, last_day(body)))
            case "erased":
                self.erased |= {(str(stream), int(seq), str(name)) for stream, seq, name in body["erased"]}
            case "adopted":
                self._adopt(act.at, body)
            case "recognitions_imported":
                self.recognised += ((act.at, str(code), str(level)) for code, level, _ in body["recognitions"])
            case "calendar_in_use":
                self.calendars.append(InUse(act.at, act.seq, act.person, _calendar(body)))
            case "activated":
                workflow = form.read(body["rules"])
                self.workflows.setdefault(body["definition"], (act.at, workflow))
                self.active[workflow.name].append((act.at, body["definition"]))

    def _adopt(self, at: str, body: Mapping[str, Any]) -> None:
        for u in body["localities"]:
            until = None if u["valid_to"] is None else day(u["valid_to"])
            self.units[u["code"]].append(
                Unit(at, u["code"], u["kind"], u["path"], u["abbreviation"], day(u["valid_from"]), until)
            )
        for o in body["offices"]:
            office = Office(at, o["code"], o["kind"], o["path"], tuple(o["criteria"]))
            if self.offices.setdefault(office.code, office) is office and office.kind in _CONFIRMING:
                self._departments.append(office)
        self._adopted.append(at)

    def held_by(self, person: str, at: str) -> list[Appointment]:
        """The appointments of a person that were entered by then, as long as they last by the ends entered by then.

        Both for sure: what clocks may differ by counts for whoever acted.
        """
        entered = [made.appointment for made in self.appointments.get(person, ()) if not is_later(made.at, at)]
        return [self._cut(one, lambda end: is_later(at, end.at)) for one in entered] if self.ended else entered

    def held_before(self, person: str, seq: int) -> list[Appointment]:
        """The same by the entries of people before the one of that number."""
        entered = [made.appointment for made in self.appointments.get(person, ()) if made.seq < seq]
        return [self._cut(one, lambda end: end.seq < seq) for one in entered]

    def _cut(self, made: Appointment, counts: Callable[[Ended], bool]) -> Appointment:
        for end in self.ended.get(which(made), ()):
            if counts(end):
                made = made.ended(end.last_day, end.on)
        return made

    def unit(self, code: str, path: str, on: date, at: str) -> Unit | None:
        """The locality of that code and path that exists on a day, if it was adopted by then."""
        found = (u for u in self.units.get(code, ()) if u.path == path and u.at <= at and u.is_there(on))
        return next(found, None)

    def office(self, code: str, at: str) -> Office | None:
        """The office of that code, if it was adopted by then."""
        found = self.offices.get(code)
        return found if found is not None and found.at <= at else None

    def letters(self, path: str, at: str) -> str:
        """The letters of the path's province in dossier codes."""
        province = part_of(path, 1)
        bearers = (u for u in self.units.get(province.rstrip("/"), ()) if u.path == province and u.at <= at)
        return max(bearers, key=lambda u: u.valid_from).abbreviation

    def communes(self, territory: str, on: date, at: str) -> set[str]:
        """The codes of the communes (xã) in the territory on a day."""
        every = (u for of_code in self.units.values() for u in of_code)
        inside = (u for u in every if u.kind == "commune" and u.path.startswith(territory) and u.at <= at)
        return {u.code for u in inside if u.is_there(on)}

    def confirming(self, territory: str, at: str) -> Mapping[str, tuple[str, ...]]:
        """For each criterion the provincial departments over the territory that confirm it, as adopted by then."""
        known = (territory, bisect_right(self._adopted, at))
        if known not in self._confirming:
            found: dict[str, list[str]] = {}
            for office in sorted(self._departments, key=lambda o: o.code):
                if office.at <= at and territory.startswith(office.path):
                    for number in office.criteria:
                        found.setdefault(number, []).append(office.code)
            self._confirming[known] = {number: tuple(codes) for number, codes in found.items()}
        return self._confirming[known]

    def calendar(self, version: object, at: str) -> Calendar | None:
        """The calendar of that version, if it was put in use by then."""
        return next((c for c in self.calendars_by(at) if c.version == version), None)

    def calendars_by(self, at: str) -> Iterator[Calendar]:
        """The calendars put in use by then, the newest first."""
        return (used.calendar for used in reversed(self.calendars) if used.at <= at)

    def workflow(self, sha256: object, at: str) -> Workflow | None:
        """The definition of that hash, if it was activated by then."""
        since, found = self.workflows.get(str(sha256), ("", None))
        return found if since <= at else None

    def active_at(self, name: str, at: str) -> str | None:
        """The hash of the definition of that name that was active then."""
        return next((sha256 for since, sha256 in reversed(self.active.get(name, [])) if since <= at), None)


def appointment(body: Mapping[str, Any]) -> Appointment:
    """The appointment that an entry makes."""
    until = None if body["valid_to"] is None else day(body["valid_to"])
    return Appointment(
        body["person"], body["role"], body["office"], body["territory"], day(body["valid_from"]), until,
        body["on_behalf_of"],
    )  # fmt: skip


def which(made: Appointment) -> Which:
    """What an end names an appointment by."""
    return made.person, made.role, made.office, made.valid_from, made.on_behalf_of


def ending(body: Mapping[str, Any]) -> Which:
    """The appointment that an entry ends."""
    return body["person"], body["role"], body["office"], day(body["valid_from"]), body["on_behalf_of"]


def last_day(body: Mapping[str, Any]) -> date | None:
    """The last day that an end leaves, or None for an end at once."""
    return None if body["last_day"] is None else day(body["last_day"])


def _calendar(body: Mapping[str, Any]) -> Calendar:
    off, working = (frozenset(map(day, body[name])) for name in ("off", "working"))
    return Calendar(off, working, frozenset(body["years"]), frozenset(body["provisional"]), body["calendar"], {})
