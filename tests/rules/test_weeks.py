"""Weeks as offices count them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dossier_engine.rules.weeks import week_of
from tests.makers import the_law

CALENDAR = the_law().calendar


@pytest.mark.parametrize(
    ("day", "name", "number", "year"),
    [
        (date(2024, 12, 2), "2024-W49", 49, 2024),
        (date(2024, 12, 8), "2024-W49", 49, 2024),
        (date(2024, 12, 31), "2025-W01", 1, 2025),  # ISO 8601: the week belongs to the year of its Thursday
        (date(2021, 1, 3), "2020-W53", 53, 2020),
    ],
)
def test_a_week_is_named_and_counted_as_iso_8601_says(day, name, number, year):
    week = week_of(day)

    assert (week.name, week.number, week.year) == (name, number, year)
    assert week.monday <= day <= week.sunday == week.monday + timedelta(days=6)


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2024, 12, 4), date(2024, 12, 2)),
        (date(2024, 9, 3), date(2024, 9, 4)),  # National Day is on Monday and Tuesday
        (date(2024, 2, 14), date(2024, 2, 15)),  # Tết
        (date(2035, 6, 6), date(2035, 6, 4)),  # nobody knows its calendar: Monday
    ],
)
def test_offices_open_in_a_week_on_its_first_working_day(day, opens):
    assert week_of(day).first_working_day(CALENDAR) == opens


def test_offices_do_not_open_in_a_week_of_holidays():
    off = frozenset(date(2024, 6, day) for day in range(3, 8))

    assert week_of(date(2024, 6, 3)).first_working_day(replace(CALENDAR, off=off)) is None
