"""What is due on one dossier at an instant, and what becomes of each rung: the plan that a sweep carries out.

The rule for what was missed, be it an hour or a month: of the rungs of one deadline that tell the same people, the
newest is sent (late, if its day is over) and the older ones are replaced by it; an escalation is always carried out,
unless the machine has one open in this stage already; what was about something that has ended since is void. A rung
dated before its due date was set is void at birth and is no rung at all. Nothing falls due while the clock stands
still.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import takewhile
from typing import Literal

from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.ladder import CLIMB, TOP, Moment, between, fallen, falls_due, following, mondays
from dossier_engine.rules.ladder import working_day_after as nth
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.limits import working_days_between
from dossier_engine.rules.workflow import Rung, Workflow

Outcome = Literal["sent", "late", "replaced", "void"]
Told = tuple[str, int, str, str, date]  # key, due version, rung, addressee, occurrence: what the ledger knows a rung by

STALLED = "stalled"


@dataclass(frozen=True, slots=True)
class Pending:
    """A deadline of the dossier's stage; `met_on` is empty while it is open."""

    key: str
    due_on: date
    due_version: int
    set_at: datetime
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """An open escalation: who must answer, since when, and by which day."""

    seq: int
    cause: str
    addressee: str
    mandate: str
    addressed_at: datetime
    answer_by: date | None
    climbed_seq: int | None

    @property
    def key(self) -> str:
        """How the ledger names what follows from it."""
        return f"escalation/{self.seq}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A dossier as the sweep sees it; `told` is what the ledger holds of the stage."""

    workflow: Workflow
    state: str
    is_open: bool
    is_paused: bool
    acted_on: date
    deadlines: tuple[Pending, ...]
    escalations: tuple[Escalation, ...] = ()
    told: frozenset[Told] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger, to be written."""

    key: str
    due_version: int
    rung: str
    addressee: str
    occurrence: date
    due_on: date | None
    kind: str
    outcome: Outcome
    why: str | None = None

    @property
    def tells(self) -> bool:
        """Whether people hear of it."""
        return self.outcome in ("sent", "late")


@dataclass(frozen=True, slots=True)
class Raised:
    """An escalation to be opened, by the rung of `line`."""

    cause: str
    line: Line
    mandate: str
    answer_by: date | None


@dataclass(frozen=True, slots=True)
class Climbed:
    """An escalation nobody answered, to be brought before `addressee`."""

    seq: int
    addressee: str
    answer_by: date | None


@dataclass(slots=True)
class Plan:
    """What a sweep writes for one dossier, and when it must look again."""

    lines: list[Line] = field(default_factory=list)
    raised: Raised | None = None
    climbed: list[Climbed] = field(default_factory=list)
    wake_at: datetime | None = None


def plan(watched: Watched, calendar: Calendar, *, now: datetime) -> Plan:
    """What is due at `now` and not in the ledger yet."""
    found = Plan()
    until, today = fallen(now), legal_day(now)
    if not watched.is_paused:
        for deadline in watched.deadlines:
            due = _new(watched, deadline, calendar, until)
            if deadline.met_on is not None:
                found.lines += (_line(deadline, moment, "void", "met") for moment in due)
            else:
                _tell(watched, found, deadline, due, today, calendar)
        _stall(watched, found, calendar, until, today)
        _press(watched, found, calendar, until, today)
    found.wake_at = wake(watched, calendar, after=until, besides=found)
    return found


def ended(watched: Watched, calendar: Calendar, *, now: datetime) -> list[Line]:
    """The same rungs, void because the stage ends with the act that is carried out now."""
    due = plan(watched, calendar, now=now).lines
    return [line if line.outcome == "void" else replace(line, outcome="void", why="left") for line in due]


def unstalled(watched: Watched, calendar: Calendar, *, now: datetime) -> list[Line]:
    """What nobody was told of a dossier that had stalled, void because somebody acts now."""
    due = plan(watched, calendar, now=now).lines
    return [replace(line, outcome="void", why="acted") for line in due if line.key == STALLED]


def wake(watched: Watched, calendar: Calendar, *, after: date, besides: Plan | None = None) -> datetime | None:
    """When the next rung falls due after the day `after`; what `besides` is about to open included."""
    if watched.is_paused:
        return None
    days: list[date | None] = []
    for deadline in watched.deadlines:
        day = following(watched.workflow, watched.state, deadline.due_on, calendar, after=after)
        if deadline.met_on is None or (day is not None and day <= deadline.met_on):
            days.append(day)  # met in the small hours of the day itself, a rung is void, which the ledger says too
    stalled = stalled_on(watched, calendar)
    if stalled is not None and stalled > after:
        days.append(stalled)
    climbed = {c.seq: c for c in besides.climbed} if besides else {}
    for escalation in watched.escalations:
        change = climbed.get(escalation.seq)
        to, by = (change.addressee, change.answer_by) if change else (escalation.addressee, escalation.answer_by)
        since = after if change else fallen(escalation.addressed_at)
        days.append(_pressed_on(to, by, escalation.mandate, calendar, since=since, after=after))
    if besides is not None and besides.raised is not None:
        line, by, mandate = besides.raised.line, besides.raised.answer_by, besides.raised.mandate
        days.append(_pressed_on(line.addressee, by, mandate, calendar, since=after, after=after))
    return min((falls_due(day) for day in days if day is not None), default=None)


def stalled_on(watched: Watched, calendar: Calendar) -> date | None:
    """The day on which the dossier counts as stalled, if nobody acts until then."""
    rung = watched.workflow.stalled
    return nth(watched.acted_on, rung.working_days or 0, calendar) if rung is not None and watched.is_open else None


def answer_by(rung: Rung, today: date, calendar: Calendar) -> date | None:
    """The last day to answer what is brought before somebody today."""
    return nth(today, rung.answer_days, calendar) if rung.answer_days else None


def above(addressee: str) -> str:
    """Who hears of it next when `addressee` does not answer."""
    return CLIMB[CLIMB.index(addressee) + 1] if addressee in CLIMB[:-1] else TOP


def answer_anew(escalation: Escalation, today: date, calendar: Calendar) -> date | None:
    """The last day to answer with as many working days from today as there were at first."""
    if escalation.answer_by is None:
        return None
    days = working_days_between(legal_day(escalation.addressed_at), escalation.answer_by, calendar)
    return nth(today, days, calendar)


def _new(watched: Watched, deadline: Pending, calendar: Calendar, until: date) -> list[Moment]:
    last = until if deadline.met_on is None else min(until, deadline.met_on)
    moments = between(
        watched.workflow, watched.state, deadline.due_on, calendar, after=fallen(deadline.set_at), until=last
    )
    known = {identity(told) for told in watched.told}
    return [m for m in moments if identity(_told(deadline, m)) not in known]


def identity(told: Told) -> Told:
    """A rung as it is told once: one with a distance from a due date, on whatever day a calendar may put it."""
    key, version, name, addressee, _ = told
    return (key, version, name, addressee, date.min) if name.endswith("wd") and key != STALLED else told


def _told(deadline: Pending, moment: Moment) -> Told:
    return (deadline.key, deadline.due_version, moment.rung.name, moment.rung.to, moment.on)


def _line(deadline: Pending, moment: Moment, outcome: Outcome, why: str | None = None) -> Line:
    rung = moment.rung
    return Line(
        deadline.key, deadline.due_version, rung.name, rung.to, moment.on, deadline.due_on, rung.kind, outcome, why
    )


def _outcome(on: date, today: date) -> Outcome:
    return "sent" if on >= today else "late"


def _tell(
    watched: Watched, found: Plan, deadline: Pending, due: Sequence[Moment], today: date, calendar: Calendar
) -> None:
    newest = {moment.rung.to: moment for moment in due if moment.rung.kind == "remind"}
    for moment in due:
        if moment.rung.kind == "escalate":
            line = _line(deadline, moment, _outcome(moment.on, today))
            _escalate(watched, found, "rung", line, moment.rung, today, calendar)
        elif newest[moment.rung.to] is moment:
            found.lines.append(_line(deadline, moment, _outcome(moment.on, today)))
        else:
            found.lines.append(_line(deadline, moment, "replaced", "newer"))


def _escalate(
    watched: Watched, found: Plan, cause: str, line: Line, rung: Rung, today: date, calendar: Calendar
) -> None:
    """Open an escalation, unless the machine has one open in this stage."""
    if found.raised is not None or any(e.cause != "raised" for e in watched.escalations):
        found.lines.append(replace(line, outcome="replaced", why="already_escalated"))
        return
    found.lines.append(line)
    found.raised = Raised(cause, line, rung.mandate, answer_by(rung, today, calendar))


def _stall(watched: Watched, found: Plan, calendar: Calendar, until: date, today: date) -> None:
    on, rung = stalled_on(watched, calendar), watched.workflow.stalled
    if rung is None or on is None or on > until or (STALLED, 0, rung.name, rung.to, on) in watched.told:
        return
    line = Line(STALLED, 0, rung.name, rung.to, on, None, rung.kind, _outcome(on, today))
    _escalate(watched, found, STALLED, line, rung, today, calendar)


def _press(watched: Watched, found: Plan, calendar: Calendar, until: date, today: date) -> None:
    """What follows from escalations that wait for their answer: a climb, or a place in the committee's digest."""
    for escalation in watched.escalations:
        if escalation.mandate == "must_answer" and escalation.addressee == TOP:
            found.lines += _digested(watched, escalation, calendar, until, today)
        elif escalation.answer_by is not None:
            on = nth(escalation.answer_by, 1, calendar)
            if on is not None and on <= until:
                _climb(found, escalation, on, escalation.answer_by, today, calendar)


def _digested(watched: Watched, escalation: Escalation, calendar: Calendar, until: date, today: date) -> Iterator[Line]:
    since, version = fallen(escalation.addressed_at), escalation.climbed_seq or escalation.seq
    days = takewhile(lambda day: day <= until, mondays(since, calendar, after=since))
    due = [day for day in days if (escalation.key, version, "weekly", TOP, day) not in watched.told]
    for day in due:
        newest = day == due[-1]
        outcome: Outcome = _outcome(day, today) if newest else "replaced"
        why = None if newest else "newer"
        yield Line(escalation.key, version, "weekly", TOP, day, escalation.answer_by, "digest", outcome, why)


def _climb(found: Plan, escalation: Escalation, on: date, by: date, today: date, calendar: Calendar) -> None:
    """Bring it before the next above, with as many working days to answer as the last one had."""
    to = above(escalation.addressee)
    version = escalation.climbed_seq or escalation.seq
    found.lines.append(Line(escalation.key, version, "unanswered", to, on, by, "escalate", _outcome(on, today)))
    found.climbed.append(Climbed(escalation.seq, to, answer_anew(escalation, today, calendar)))


def _pressed_on(
    addressee: str, by: date | None, mandate: str, calendar: Calendar, *, since: date, after: date
) -> date | None:
    """When an escalation that lies before `addressee` since a day is pressed next, after the day `after`."""
    if mandate != "must_answer":
        return None
    if addressee == TOP:
        return next(mondays(since, calendar, after=after), None)
    on = nth(by, 1, calendar) if by is not None else None
    return on if on is None or on > after else after
