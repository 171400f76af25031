"""Simulated instants: when people in offices act."""

import random
from datetime import UTC, date, datetime, time, timedelta

from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.law import HANOI, legal_day

_MORNING, _AFTERNOON = time(7, 30), time(13)
_MORNING_SECONDS, _DAY_SECONDS = 4 * 3600, 8 * 3600  # until 11:30 and 17:00


def opening_hour(day: date, calendar: Calendar) -> datetime:
    """When offices open on `day`, or on the first working day after it. UTC, as are all instants here."""
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return _at(day, 0)


def working_instant(calendar: Calendar, after: datetime, days: int, rng: random.Random) -> datetime:
    """An instant in working hours on the `days`-th working day after that of `after`, and later than `after`.

    Where nothing of today is left, `days` 0 gives the next working day.
    """
    day, earliest = legal_day(after), 0
    if days == 0 and calendar.is_working(day):
        earliest = _worked(after) + 1
    if days == 0 and (earliest >= _DAY_SECONDS or not calendar.is_working(day)):
        days, earliest = 1, 0
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.is_working(day)
    return _at(day, rng.randrange(earliest, _DAY_SECONDS))


def _at(day: date, worked: int) -> datetime:
    """The instant at which `worked` seconds of the day's working time are over."""
    if worked < _MORNING_SECONDS:
        begun, seconds = _MORNING, worked
    else:
        begun, seconds = _AFTERNOON, worked - _MORNING_SECONDS
    return (datetime.combine(day, begun, HANOI) + timedelta(seconds=seconds)).astimezone(UTC)


def _worked(at: datetime) -> int:
    """How many seconds of the day's working time are over at `at`, which lies in working hours."""
    clock = at.astimezone(HANOI)
    morning = int((clock - datetime.combine(clock.date(), _MORNING, HANOI)).total_seconds())
    if clock.time() < _AFTERNOON:
        return morning
    return _MORNING_SECONDS + int((clock - datetime.combine(clock.date(), _AFTERNOON, HANOI)).total_seconds())
