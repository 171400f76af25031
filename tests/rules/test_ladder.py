"""On which days rungs fall due: weekends, holidays, swapped Saturdays, weeks, the end of the calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from config.calendars import load_calendar
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.ladder import (
    between,
    fallen,
    falls_due,
    following,
    mondays,
    morning_of,
    working_day_after,
)
from dossier_engine.rules.law import HANOI
from dossier_engine.rules.workflow import Rung, Workflow
from tests.makers import the_law

CALENDAR = load_calendar()
ADVANCED = the_law().named("commune-advanced")


def a_rung(working_days: int | None, to: str = "holder", *, weekday: int | None = None) -> Rung:
    return Rung(working_days, weekday, to, "remind", "inform", None)


def with_ladder(*rungs: Rung) -> Workflow:
    return replace(
        ADVANCED, states={**ADVANCED.states, "registered": replace(ADVANCED.states["registered"], ladder=rungs)}
    )


def days(workflow: Workflow, due_on: str, *, after: str, until: str, calendar: Calendar = CALENDAR) -> list[str]:
    """Rung and day of everything between two days."""
    found = between(
        workflow, "registered", date.fromisoformat(due_on), calendar,
        after=date.fromisoformat(after), until=date.fromisoformat(until),
    )  # fmt: skip
    return [f"{moment.rung.name} {moment.on}" for moment in found]


def on_the_day_of(distance: int, due_on: str) -> list[str]:
    found = days(with_ladder(a_rung(distance)), due_on, after="2023-01-01", until="2027-12-31")
    return [line.partition(" ")[2] for line in found]


@pytest.mark.parametrize(
    ("due_on", "distance", "day"),
    [
        ("2024-06-28", 0, "2024-06-28"),  # a Friday
        ("2024-06-28", -1, "2024-06-27"),
        ("2024-06-28", 1, "2024-07-01"),  # over the weekend
        ("2024-07-01", -1, "2024-06-28"),  # back over it
        ("2024-06-28", 5, "2024-07-05"),
        ("2024-06-30", 0, "2024-06-28"),  # due on a Sunday: the last working day on time
        ("2024-06-30", -1, "2024-06-27"),
        ("2024-06-30", 1, "2024-07-01"),
        ("2024-02-07", 1, "2024-02-15"),  # the day before Tết, and the first one after
        ("2024-02-11", 0, "2024-02-07"),  # due in Tết
        ("2024-02-11", 1, "2024-02-15"),
        ("2024-02-15", -1, "2024-02-07"),
        ("2024-05-10", -5, "2024-05-04"),  # the Saturday worked instead of Monday 29/04
        ("2024-05-03", 1, "2024-05-04"),
        ("2024-04-26", 1, "2024-05-02"),  # 29/04 swapped away, then two holidays
    ],
)
def test_a_distance_is_counted_in_working_days(due_on, distance, day):
    assert on_the_day_of(distance, due_on) == [day]


def test_days_outside_the_window_are_left_out_and_its_last_day_is_in_it():
    ladder = with_ladder(a_rung(-1), a_rung(0), a_rung(1))

    assert days(ladder, "2024-06-27", after="2024-06-26", until="2024-06-27") == ["0wd 2024-06-27"]
    assert days(ladder, "2024-06-27", after="2024-06-25", until="2024-06-28") == [
        "-1wd 2024-06-26", "0wd 2024-06-27", "+1wd 2024-06-28",
    ]  # fmt: skip


# --- every week ---


def test_weekly_rungs_begin_after_the_last_dated_one():
    ladder = with_ladder(a_rung(5), a_rung(None, weekday=0))

    assert days(ladder, "2024-06-28", after="2024-06-28", until="2024-07-22") == [
        "+5wd 2024-07-05", "weekly 2024-07-08", "weekly 2024-07-15", "weekly 2024-07-22",
    ]  # fmt: skip


def test_a_week_begins_after_the_last_dated_rung_even_when_that_falls_on_the_weekday_itself():
    ladder = with_ladder(a_rung(5), a_rung(None, weekday=0))

    assert days(ladder, "2024-07-01", after="2024-07-01", until="2024-07-16") == [
        "+5wd 2024-07-08",
        "weekly 2024-07-15",
    ]


@pytest.mark.parametrize(
    "ladder", [with_ladder(a_rung(None, weekday=2)), with_ladder(a_rung(-5), a_rung(None, weekday=2))]
)
def test_no_week_before_the_due_date(ladder):
    found = days(ladder, "2024-07-10", after="2024-07-04", until="2024-07-18")

    assert found == ["weekly 2024-07-17"]


@pytest.mark.parametrize(
    ("until", "put_off"),
    [
        ("2024-02-18", "2024-02-15"),  # Monday 12/02 lies in Tết
        ("2024-09-08", "2024-09-04"),  # Monday 02/09 and Tuesday 03/09 are National Day
        ("2024-05-05", "2024-05-02"),  # Monday 29/04 is swapped away
    ],
)
def test_a_week_whose_monday_is_a_holiday_is_put_off_to_the_next_working_day(until, put_off):
    ladder = with_ladder(a_rung(None, weekday=0))
    week = date.fromisoformat(until) - timedelta(days=7)

    assert days(ladder, "2024-01-05", after=week.isoformat(), until=until) == [f"weekly {put_off}"]


def test_what_was_put_off_is_still_ahead_while_the_holiday_lasts():
    ladder = with_ladder(a_rung(None, weekday=0))

    for day in range(12, 15):
        after = date(2024, 2, day)
        assert following(ladder, "registered", date(2024, 1, 5), CALENDAR, after=after) == date(2024, 2, 15)
        assert days(ladder, "2024-01-05", after=after.isoformat(), until="2024-02-15") == ["weekly 2024-02-15"]


def test_a_week_in_which_offices_are_closed_throughout_has_none():
    closed = Calendar(
        off=frozenset(date(2024, 7, day) for day in range(15, 20)), working=frozenset(), years=frozenset({2024}),
        provisional=frozenset(), version="", names={},
    )  # fmt: skip

    found = days(
        with_ladder(a_rung(None, weekday=0)), "2024-07-05", after="2024-07-05", until="2024-07-29", calendar=closed
    )

    assert found == ["weekly 2024-07-08", "weekly 2024-07-22", "weekly 2024-07-29"]


def test_the_committees_digest_comes_on_mondays_after_the_week_it_began_in():
    since = date(2024, 2, 1)

    assert list(islice(mondays(since, CALENDAR, after=since), 3)) == [
        date(2024, 2, 5), date(2024, 2, 15), date(2024, 2, 19),
    ]  # fmt: skip


# --- the end of the calendar ---


def test_days_that_the_calendar_files_do_not_cover_have_no_rungs_yet():
    ladder = with_ladder(a_rung(-1), a_rung(0), a_rung(1), a_rung(5), a_rung(None, weekday=0))

    found = days(ladder, "2027-12-30", after="2027-12-01", until="2028-06-30")

    assert found == ["-1wd 2027-12-29", "0wd 2027-12-30", "+1wd 2027-12-31"]
    assert following(ladder, "registered", date(2027, 12, 30), CALENDAR, after=date(2027, 12, 31)) is None


def test_a_due_date_beyond_the_calendar_files_has_only_the_rungs_before_that_they_reach():
    assert (
        days(with_ladder(a_rung(-1), a_rung(0), a_rung(1)), "2028-03-01", after="2027-01-01", until="2028-12-31") == []
    )
    assert days(with_ladder(a_rung(-5)), "2023-01-03", after="2022-01-01", until="2023-12-31") == []


def test_a_ladder_without_rungs_has_nothing_ahead():
    assert days(with_ladder(), "2024-06-28", after="2024-01-01", until="2024-12-31") == []
    assert following(with_ladder(), "registered", date(2024, 6, 28), CALENDAR, after=date(2024, 6, 1)) is None


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2024, 2, 7), 1, date(2024, 2, 15)),
        (date(2024, 6, 28), 5, date(2024, 7, 5)),
        (date(2024, 6, 30), 0, date(2024, 6, 30)),
        (date(2027, 12, 31), 1, None),
    ],
)
def test_working_days_after_a_day(day, number, found):
    assert working_day_after(day, number, CALENDAR) == found


# --- hours ---


def test_a_rung_falls_due_at_seven_in_hanoi_and_the_mail_leaves_at_half_past():
    day = date(2024, 7, 1)

    assert falls_due(day) == datetime(2024, 7, 1, 0, 0, tzinfo=UTC)
    assert morning_of(day) == datetime(2024, 7, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "day"),
    [(time(6, 59, 59), date(2024, 6, 30)), (time(7), date(2024, 7, 1)), (time(23, 59), date(2024, 7, 1))],
)
def test_before_seven_only_yesterday_has_fallen_due(hour, day):
    assert fallen(datetime.combine(date(2024, 7, 1), hour, HANOI)) == day
