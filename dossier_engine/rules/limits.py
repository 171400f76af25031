"""Legal time limits: the last day on time, and the way there day by day.

Bộ luật Dân sự 2015, Điều 147: the day a limit starts on is not counted. Điều 148: a limit ends at the end of its last
day; when a limit in (calendar) days would end on a day off, it ends on the next working day. A limit in working days
("ngày làm việc") ends on its n-th working day. "Before 10/12" is a date, not a count: its last day is 09/12, it never
rolls, and stopping the clock does not move it.

`due_on` and `explain` read the same walk over the days, so a date and its explanation cannot disagree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dossier_engine.rules.calendar import Calendar

Unit = Literal["working_days", "calendar_days"]
Why = Literal[
    "start",
    "counted",
    "swapped_working",
    "weekend",
    "holiday",
    "paused",
    "rolled",
    "before",
    "extended",
]

_ONE_DAY = timedelta(days=1)
_BEFORE = re.compile(r"(?:\d{4}-)?\d{2}-\d{2}")
# A month-day must exist in every target year, so it is tried in one without 29 February.
_COMMON_YEAR = 2023


@dataclass(frozen=True, slots=True)
class Limit:
    """Either `days` of a `unit`, or a date it must be done `before`; never both.

    `start` says whether the count starts when the stage was entered or when the full dossier was received.
    `before` is "MM-DD" of the target year or "YYYY-MM-DD", that day not included. `source` and `status` say where the
    limit was read and how sure that is. Raises ValueError for anything that gives no date.
    """

    days: int | None
    unit: Unit | None
    start: Literal["entered", "received"] | None
    before: str | None
    source: str | None
    status: str

    def __post_init__(self) -> None:
        if (self.days is None) == (self.before is None):
            raise ValueError("a limit has either days or before")
        if self.days is not None and (self.days < 1 or self.unit is None):
            raise ValueError("a limit in days needs at least one day and a unit")
        if self.before is not None:
            _last_day_before(self.before, _COMMON_YEAR)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from `from_on` up to, but not including, `to_on`."""

    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Extension:
    """On `on` the competent office approved `until` as the new last day."""

    on: date
    until: date


@dataclass(frozen=True, slots=True)
class Step:
    """One day on the way to a due date; `count` is how many days of the limit are used up, on days that count."""

    day: date
    count: int | None
    why: Why


@dataclass(frozen=True, slots=True)
class Due:
    """The last day on time and how it was found; `provisional` when the calendar on the way to it may still change."""

    on: date
    steps: tuple[Step, ...]
    provisional: bool


def due_on(
    limit: Limit,
    *,
    start: date,
    target_year: int,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
) -> date:
    """The last day on time; raises CalendarMissing when the count leaves the covered years.

    Pauses may overlap and come in any order. An extension replaces the count by its date as approved; the days of a
    pause begun on or after the approval are then added to it, except for a `before` limit.
    """
    *_, (due, _, _) = _walk(limit, start, target_year, calendar, pauses, extension)
    return due


def explain(
    limit: Limit,
    *,
    start: date,
    target_year: int,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
) -> Due:
    """`due_on` with every day that was passed on the way; the last step is the due date."""
    steps = tuple(Step(*found) for found in _walk(limit, start, target_year, calendar, pauses, extension))
    # Dates that the law or a decision names do not hang on the calendar.
    looked_at = {step.day.year for step in steps if step.why not in ("start", "before", "extended")}
    return Due(steps[-1].day, steps, not looked_at.isdisjoint(calendar.provisional))


def working_days_between(a: date, b: date, calendar: Calendar) -> int:
    """Working days after `a` up to and including `b`; negative when `b` lies before `a`. Raises CalendarMissing."""
    if b < a:
        return -working_days_between(b, a, calendar)
    return sum(calendar.is_working(date.fromordinal(n)) for n in range(a.toordinal() + 1, b.toordinal() + 1))


_Found = tuple[date, int | None, Why]


def _walk(
    limit: Limit,
    start: date,
    target_year: int,
    calendar: Calendar,
    pauses: Sequence[Pause],
    extension: Extension | None,
) -> Iterator[_Found]:
    """Every day on the way from `start`; the last one is due."""
    yield start, None, "start"
    if extension is not None:
        yield from _extended(limit, calendar, pauses, extension)
    elif limit.before is not None:
        yield _last_day_before(limit.before, target_year), None, "before"
    else:
        yield from _count(start, limit.days or 0, limit.unit, calendar, pauses)  # never 0: a limit has days or before


def _extended(limit: Limit, calendar: Calendar, pauses: Sequence[Pause], extension: Extension) -> Iterator[_Found]:
    """The approved date, and after it as many days as pauses took away since the approval."""
    later = [] if limit.before is not None else [p for p in pauses if p.from_on >= extension.on]
    lost = 0
    day = extension.on
    while later and day <= extension.until:
        if _in_pause(day, later):
            if limit.unit == "calendar_days" or calendar.is_working(day):
                lost += 1
            yield day, None, "paused"
        day += _ONE_DAY
    yield extension.until, None, "extended"
    if lost:
        yield from _count(extension.until, lost, limit.unit, calendar, later)


def _count(after: date, days: int, unit: Unit | None, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[_Found]:
    """Count `days` after `after`, then roll a limit in calendar days off a day off."""
    day, count = after, 0
    while count < days:
        day += _ONE_DAY
        kind = calendar.kind(day)
        if pauses and _in_pause(day, pauses):
            yield day, None, "paused"
        elif unit == "working_days" and kind in ("weekend", "holiday"):
            yield day, None, kind
        else:
            count += 1
            yield day, count, "swapped_working" if kind == "swapped_working" else "counted"
    if unit == "calendar_days" and not calendar.is_working(day):
        yield from _roll(day, calendar, pauses)


def _roll(day_off: date, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[_Found]:
    """The days after `day_off` up to the first one on which offices work and the clock runs."""
    day = day_off
    while True:
        day += _ONE_DAY
        kind = calendar.kind(day)
        if _in_pause(day, pauses):
            yield day, None, "paused"
        elif kind in ("weekend", "holiday"):
            yield day, None, kind
        else:
            yield day, None, "rolled"
            return


def _in_pause(day: date, pauses: Sequence[Pause]) -> bool:
    return any(pause.from_on <= day < pause.to_on for pause in pauses)


def _last_day_before(before: str, target_year: int) -> date:
    if not _BEFORE.fullmatch(before):
        raise ValueError(f"not MM-DD or YYYY-MM-DD: {before}")
    full = before if len(before) == len("YYYY-MM-DD") else f"{target_year}-{before}"
    return date.fromisoformat(full) - _ONE_DAY
