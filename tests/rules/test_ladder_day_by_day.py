"""The days of every shipped ladder against an oracle of another make: two walks over the days, one question a day."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import takewhile

import pytest

from config.calendars import load_calendar
from dossier_engine.rules.ladder import between, following
from dossier_engine.rules.workflow import Rung, Workflow
from tests.makers import the_law

CALENDAR = load_calendar()
FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKED = {d for d in EVERY_DAY if d in CALENDAR.working or (d.isoweekday() <= 5 and d not in CALENDAR.off)}

# Every ladder that a shipped definition gives a state, once.
LADDERS: dict[tuple[Rung, ...], tuple[Workflow, str]] = {
    state.ladder: (workflow, state.key)
    for workflow in the_law().workflows.values()
    for state in workflow.states.values()
    if state.ladder
}

Found = frozenset[tuple[date, str, str]]


def days_back(due_on: date) -> Iterator[tuple[int, date]]:
    """How many working days are left until the due date, and on which working day that is so."""
    left, day = 0, due_on
    while day >= FIRST:
        if day in WORKED:
            yield left, day
            left -= 1
        day -= timedelta(days=1)


def days_on(due_on: date) -> Iterator[tuple[int, date]]:
    """The working days after the due date, numbered."""
    number, day = 0, due_on
    while (day := day + timedelta(days=1)) <= LAST:
        if day in WORKED:
            number += 1
            yield number, day


def the_first_since(weekday: int, day: date) -> date:
    """The last such weekday up to `day`."""
    while day.weekday() != weekday:
        day -= timedelta(days=1)
    return day


@cache
def by_walking(ladder: tuple[Rung, ...], due_on: date, horizon: date) -> Found:
    """Ask of each working day around the due date which rungs are its own."""
    found: set[tuple[date, str, str]] = set()
    furthest = max(rung.working_days or 0 for rung in ladder)
    for walk in (days_back(due_on), days_on(due_on)):
        for distance, day in walk:
            if abs(distance) > 15:
                break
            found |= {(day, rung.name, rung.to) for rung in ladder if rung.working_days == distance}
    last = max([due_on, *(day for _, day in takewhile(lambda numbered: numbered[0] <= furthest, days_on(due_on)))])
    for rung in ladder:
        day = last
        while rung.weekday is not None and (day := day + timedelta(days=1)) <= min(horizon, LAST):
            since = the_first_since(rung.weekday, day)
            closed = all(since + timedelta(days=n) not in WORKED for n in range((day - since).days))
            if day in WORKED and since > last and closed:
                found.add((day, rung.name, rung.to))
    return frozenset(moment for moment in found if moment[0] <= horizon)


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: f"{len(ladder)}-rungs")
@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_every_due_date_has_the_rungs_that_walking_day_by_day_finds(ladder, year):
    workflow, state = LADDERS[ladder]

    for due_on in (d for d in EVERY_DAY if d.year == year):
        horizon, begin = due_on + timedelta(days=40), due_on - timedelta(days=40)
        moments = between(workflow, state, due_on, CALENDAR, after=begin, until=horizon)
        found = [(m.on, m.rung.name, m.rung.to) for m in moments]
        assert len(found) == len(set(found))
        assert [day for day, *_ in found] == sorted(day for day, *_ in found)
        assert set(found) == by_walking(ladder, due_on, horizon), due_on


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: f"{len(ladder)}-rungs")
@pytest.mark.parametrize("due_on", [date(2024, 2, 2), date(2024, 4, 26), date(2025, 8, 24), date(2027, 11, 30)])
def test_from_each_day_the_next_one_is_the_first_that_lies_ahead(ladder, due_on):
    workflow, state = LADDERS[ladder]
    on_days = sorted({day for day, *_ in by_walking(ladder, due_on, due_on + timedelta(days=70))})

    for n in range(-40, 60):
        after = due_on + timedelta(days=n)
        ahead = next((day for day in on_days if day > after), None)
        assert following(workflow, state, due_on, CALENDAR, after=after) == ahead, after


def test_there_are_ladders_to_compare():
    assert len(LADDERS) >= 2
    assert any(rung.weekday is not None for ladder in LADDERS for rung in ladder)
