"""Which rungs of a ladder there are around a due date, and on which days they fall due.

Distances are working days as `working_days_between` counts them: on the day of `-5wd` five working days are left, `0wd`
is the last working day on time, `+3wd` the third working day after the due date. Weekly rungs begin after the last
dated one; where offices are closed on their weekday they fall on the next working day. A rung falls due at 07:00 in
Hanoi on a working day, before the morning mail; days that the calendar files do not cover yet have no rungs yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile

from dossier_engine.errors import CalendarMissing
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.law import HANOI
from dossier_engine.rules.workflow import Rung, Workflow

_FALLS_DUE, _MORNING = time(7), time(7, 30)
_ONE_DAY, _WEEK = timedelta(days=1), 7

# Who hears of it next when nobody answers.
CLIMB = ("holder", "head", "dard_appraiser", "steering_committee")
TOP = CLIMB[-1]


# Of many dossiers the same is asked on one day: their due dates lie on few days, under few definitions.
_KNOWN = 4_096


@dataclass(frozen=True, slots=True)
class Moment:
    """A rung on the day on which it falls due."""

    on: date
    rung: Rung


@lru_cache(_KNOWN)
def falls_due(day: date) -> datetime:
    """The instant at which what falls due on `day` does so. UTC."""
    return datetime.combine(day, _FALLS_DUE, HANOI).astimezone(UTC)


def morning_of(day: date) -> datetime:
    """When the morning's mail goes out. UTC."""
    return datetime.combine(day, _MORNING, HANOI).astimezone(UTC)


def fallen(at: datetime) -> date:
    """The last day whose rungs have fallen due at the instant `at`."""
    local = at.astimezone(HANOI)
    return local.date() if local.time() >= _FALLS_DUE else local.date() - _ONE_DAY


@lru_cache(_KNOWN)
def between(
    workflow: Workflow, state: str, due_on: date, calendar: Calendar, *, after: date, until: date
) -> tuple[Moment, ...]:
    """The moments of the state's ladder around `due_on` that fall after one day and up to another, in order."""
    dated = _dated(workflow, state, due_on, calendar)
    found = [moment for moment in dated if after < moment.on <= until]
    weekly = [_weekly(rung, _last(dated, due_on), calendar, after) for rung in workflow.states[state].ladder
              if rung.weekday is not None]  # fmt: skip
    for moments in weekly:
        found += takewhile(lambda moment: moment.on <= until, moments)
    return tuple(sorted(found, key=lambda moment: moment.on))


@lru_cache(_KNOWN)
def following(workflow: Workflow, state: str, due_on: date, calendar: Calendar, *, after: date) -> date | None:
    """The first day after `after` on which a rung falls due; None when there is none the calendar knows of."""
    dated = _dated(workflow, state, due_on, calendar)
    for moment in dated:
        if moment.on > after:
            return moment.on
    last = _last(dated, due_on)
    weekly = (next(_weekly(rung, last, calendar, after), None) for rung in workflow.states[state].ladder
              if rung.weekday is not None)  # fmt: skip
    return min((moment.on for moment in weekly if moment is not None), default=None)


def mondays(since: date, calendar: Calendar, *, after: date) -> Iterator[date]:
    """The days of a committee's weekly digest, the first after the week of `since` began: Mondays, or the next day."""
    return (moment.on for moment in _weekly(_DIGEST, since, calendar, after))


@lru_cache(_KNOWN)
def working_day_after(day: date, days: int, calendar: Calendar) -> date | None:
    """The `days`-th working day after `day`; None when the calendar files do not reach it."""
    try:
        while days:
            day += _ONE_DAY
            days -= calendar.is_working(day)
    except CalendarMissing:
        return None
    return day


@lru_cache(_KNOWN)
def _dated(workflow: Workflow, state: str, due_on: date, calendar: Calendar) -> tuple[Moment, ...]:
    """The rungs with a distance, on their days, in order of time."""
    found = []
    for rung in workflow.states[state].ladder:
        if rung.working_days is not None:
            on = _at_distance(due_on, rung.working_days, calendar)
            if on is not None:
                found.append(Moment(on, rung))
    return tuple(sorted(found, key=lambda moment: moment.on))


def _at_distance(due_on: date, distance: int, calendar: Calendar) -> date | None:
    if distance > 0:
        return working_day_after(due_on, distance, calendar)
    try:
        day, left = due_on, -distance
        while left or not calendar.is_working(day):
            left -= calendar.is_working(day)
            day -= _ONE_DAY
    except CalendarMissing:
        return None
    return day


def _last(dated: Sequence[Moment], due_on: date) -> date:
    return max(dated[-1].on, due_on) if dated else due_on


def _weekly(rung: Rung, since: date, calendar: Calendar, after: date) -> Iterator[Moment]:
    """The weekly moments after both days; a week in which offices do not work from that day on has none."""
    begin = max(since, after - timedelta(days=_WEEK))  # a moment put off from its weekday may still lie ahead
    day = begin + timedelta(days=((rung.weekday or 0) - begin.weekday() - 1) % _WEEK + 1)
    try:
        while True:
            on = next((d for d in (day + timedelta(days=n) for n in range(_WEEK)) if calendar.is_working(d)), None)
            if on is not None and on > after:
                yield Moment(on, rung)
            day += timedelta(days=_WEEK)
    except CalendarMissing:
        return


_DIGEST = Rung(None, 0, TOP, "remind", "inform", None)
