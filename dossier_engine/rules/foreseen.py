"""Which rungs a dossier's history calls for, worked out from its entries, its definition and the calendar alone.

This is the sweep's work done a second time and in another way, from history instead of from what the sweep remembers,
so that the ledger can be compared with something. Spells of time are opened and closed by entries: a due date that
stands, a stretch in which no person acts, an escalation that waits. A spell that closes gives the rungs that fell due
in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import takewhile

from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.due import STALLED, Told, above
from dossier_engine.rules.entry import Json
from dossier_engine.rules.ladder import TOP, between, fallen, mondays, working_day_after
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.workflow import Workflow

Entry = Mapping[str, Json]
Met = Mapping[tuple[int, str], date]
"""The day on which a deadline was met, by the entry that opened its stage and its key."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Rungs by the stage they belong to: those that must be accounted for, and those that may have been told besides.

    The latter fell due between the day on which a deadline was met and the day on which that was recorded.
    """

    due: frozenset[tuple[int, Told]]
    possible: frozenset[tuple[int, Told]]


def foreseen(entries: Iterable[Entry], workflow: Workflow, met: Met, calendar: Calendar, *, until: date) -> Foreseen:
    """What the history calls for up to the day `until`, whose rungs have fallen due."""
    reading = _Reading(workflow, met, calendar)
    for entry in entries:
        reading.read(entry)
    reading.close(until)
    return Foreseen(frozenset(reading.due), frozenset(reading.possible))


@dataclass(frozen=True, slots=True)
class _Due:
    """A due date that stands since `since`."""

    on: date
    version: int
    since: datetime


@dataclass(frozen=True, slots=True)
class _Waits:
    """An escalation that waits for `addressee` since `since`; `version` is the entry that brought it there."""

    version: int
    addressee: str
    mandate: str
    since: datetime
    by: date | None


@dataclass(slots=True)
class _Reading:
    workflow: Workflow
    met: Met
    calendar: Calendar
    state: str = ""
    stage: int = 0
    stands_still: bool = False
    acted_on: date | None = None
    deadlines: dict[str, _Due] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    waiting: dict[int, _Waits] = field(default_factory=dict)
    due: set[tuple[int, Told]] = field(default_factory=set)
    possible: set[tuple[int, Told]] = field(default_factory=set)

    def read(self, entry: Entry) -> None:
        """Take in the next entry."""
        body, at, seq = _object(entry["body"]), datetime.fromisoformat(str(entry["at"])), int(str(entry["seq"]))
        until, by_person = fallen(at), not str(_object(entry["actor"])["person"]).startswith("system:")
        match entry["kind"]:
            case "registered" | "moved":
                self.close(until)
                self.state, self.stage = str(body["to"]), seq
                self.deadlines, self.versions, self.waiting, self.acted_on = {}, {}, {}, None
                self.stands_still = False
            case "paused":
                self.close(until)
                self.deadlines, self.acted_on, self.stands_still = {}, None, True
            case "escalated":
                to, by = str(body["addressee"]), _day(body["answer_by"])
                self.waiting[seq] = _Waits(seq, to, str(body["mandate"]), at, by)
                if body["cause"] == "raised":
                    self._owe((f"escalation/{seq}", seq, "raised", str(body["addressee"]), legal_day(at)))
            case "climbed" | "answered":
                self._answer_or_climb(str(entry["kind"]), body, seq, at)
            case "resumed":
                self.stands_still = False
                for again in _objects(body.get("escalations")):
                    opened, by = int(str(again["escalation"])), _day(again["answer_by"])
                    self.waiting[opened] = replace(self.waiting[opened], since=at, by=by)
        self._set_dates(body, at)
        if by_person:
            self._acted(until)
            self.acted_on = None if entry["kind"] == "paused" else legal_day(at)

    def close(self, until: date) -> None:
        """Every spell that is open ends, or is looked at, with the day `until`."""
        for key in self.deadlines:
            self._close_deadline(key, until)
        for seq in self.waiting if not self.stands_still else ():
            self._close_escalation(seq, until)
        self._acted(until)

    def _set_dates(self, body: Mapping[str, Json], at: datetime) -> None:
        """Deadlines begin, or get another date."""
        for stated in _objects(body.get("due")):
            key = str(stated["deadline"])
            if key in self.deadlines:
                self._close_deadline(key, fallen(at))
            self.versions[key] = self.versions.get(key, 0) + 1
            self.deadlines[key] = _Due(date.fromisoformat(str(stated["on"])), self.versions[key], at)

    def _close_deadline(self, key: str, until: date) -> None:
        due, met = self.deadlines[key], self.met.get((self.stage, key))
        found = between(self.workflow, self.state, due.on, self.calendar, after=fallen(due.since), until=until)
        for moment in found:
            told = (self.stage, (key, due.version, moment.rung.name, moment.rung.to, moment.on))
            (self.due if met is None or moment.on <= met else self.possible).add(told)

    def _close_escalation(self, seq: int, until: date) -> None:
        waits, key = self.waiting[seq], f"escalation/{seq}"
        if waits.mandate == "must_answer" and waits.addressee == TOP:
            since = fallen(waits.since)
            for day in takewhile(lambda day: day <= until, mondays(since, self.calendar, after=since)):
                self._owe((key, waits.version, "weekly", TOP, day))
        elif waits.by is not None:
            on = working_day_after(waits.by, 1, self.calendar)
            if on is not None and on <= until:
                self._owe((key, waits.version, "unanswered", above(waits.addressee), on))

    def _answer_or_climb(self, kind: str, body: Mapping[str, Json], seq: int, at: datetime) -> None:
        opened = int(str(body["escalation"]))
        self._close_escalation(opened, fallen(at))
        waits = self.waiting.pop(opened)
        if kind == "climbed":
            self.waiting[opened] = _Waits(seq, str(body["addressee"]), waits.mandate, at, _day(body["answer_by"]))
        else:
            self._owe((f"escalation/{opened}", seq, "answered", "holder", legal_day(at)))

    def _acted(self, until: date) -> None:
        """A stretch in which no person acted ends; it may have lasted so long that the dossier stalled."""
        rung = self.workflow.stalled
        if self.acted_on is None or rung is None or self.workflow.states[self.state].final:
            return
        on = working_day_after(self.acted_on, rung.working_days or 0, self.calendar)
        if on is not None and on <= until:
            self._owe((STALLED, 0, rung.name, rung.to, on))

    def _owe(self, told: Told) -> None:
        self.due.add((self.stage, told))


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _objects(value: Json) -> list[Mapping[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _day(value: Json) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
