from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendars import load_calendar
from dossier_engine.errors import CalendarMissing
from dossier_engine.rules.limits import Due, Extension, Limit, Pause, Step, due_on, explain, working_days_between

CALENDAR = load_calendar()


def working(days) -> Limit:
    return Limit(days, "working_days", "entered", None, None, "configured")


def calendar_days(days) -> Limit:
    return Limit(days, "calendar_days", "entered", None, None, "configured")


def before(day) -> Limit:
    return Limit(None, None, None, day, "kế hoạch 2024, VI.2", "verified")


def due(limit, start, *, pauses=(), extension=None) -> date:
    return due_on(limit, start=start, target_year=2024, calendar=CALENDAR, pauses=pauses, extension=extension)


def told(limit, start, *, pauses=(), extension=None) -> Due:
    return explain(limit, start=start, target_year=2024, calendar=CALENDAR, pauses=pauses, extension=extension)


# --- published vectors ---


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2024, 4, 26), 5, date(2024, 5, 7)),  # 29/4 off, Saturday 4/5 worked
        (date(2025, 4, 25), 1, date(2025, 4, 26)),  # Saturday 26/4 worked for 2/5
        (date(2025, 4, 29), 1, date(2025, 5, 5)),
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # 2/1 off
        (date(2025, 12, 31), 6, date(2026, 1, 10)),  # Saturday 10/1 worked for it
        (date(2026, 8, 28), 1, date(2026, 9, 3)),
        (date(2024, 2, 5), 3, date(2024, 2, 15)),  # Tết 8-14/2/2024
        (date(2025, 1, 24), 1, date(2025, 2, 3)),  # Tết 25/1-2/2/2025
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # Tết 14-22/2/2026
        (date(2024, 5, 4), 1, date(2024, 5, 6)),  # the start is not counted though it is worked
        (date(2024, 9, 1), 1, date(2024, 9, 4)),  # nor is it when it is off
    ],
)
def test_working_days_end_on_the_nth_working_day_after_the_start(start, days, expected) -> None:
    assert due(working(days), start) == expected


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2024, 8, 1), 15, date(2024, 8, 16)),  # a Friday
        (date(2024, 8, 2), 15, date(2024, 8, 19)),  # Saturday 17/8 moves to Monday
        (date(2024, 8, 17), 15, date(2024, 9, 4)),  # Sunday 1/9, then two holidays
        (date(2024, 4, 19), 15, date(2024, 5, 4)),  # a worked Saturday is no day off
        (date(2024, 1, 25), 15, date(2024, 2, 15)),  # mùng 1 to mùng 5 Tết are off
    ],
)
def test_calendar_days_that_end_on_a_day_off_end_on_the_next_working_day(start, days, expected) -> None:
    assert due(calendar_days(days), start) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("12-10", date(2024, 12, 9)),
        ("2024-12-10", date(2024, 12, 9)),
        ("2025-01-01", date(2024, 12, 31)),
        ("12-09", date(2024, 12, 8)),  # a Sunday: it never rolls
        ("09-03", date(2024, 9, 2)),  # nor off a holiday
    ],
)
def test_before_a_date_ends_the_day_before_and_never_rolls(limit, expected) -> None:
    assert due(before(limit), date(2024, 4, 15)) == expected


def test_before_a_date_is_not_moved_by_a_pause() -> None:
    pause = Pause(date(2024, 10, 1), date(2024, 11, 1))

    assert due(before("12-10"), date(2024, 4, 15), pauses=[pause]) == date(2024, 12, 9)


@pytest.mark.parametrize(
    "wrong",
    [
        (None, None, None),
        (5, "working_days", "12-10"),
        (0, "working_days", None),
        (5, None, None),
        (None, None, "02-29"),
        (None, None, "10/12"),
        (None, None, "2024-W50-2"),
    ],
)
def test_a_limit_that_gives_no_date_is_refused(wrong) -> None:
    days, unit, day = wrong

    with pytest.raises(ValueError, match=r"limit|MM-DD|day is out of range"):
        Limit(days, unit, None, day, None, "configured")


# --- pauses ---


def test_the_day_of_the_pause_does_not_count_and_the_day_of_the_resumption_does() -> None:
    pause = Pause(date(2024, 8, 6), date(2024, 8, 8))

    found = told(working(3), date(2024, 8, 2), pauses=[pause])

    assert found.on == date(2024, 8, 9)
    assert [(step.day.day, step.count, step.why) for step in found.steps] == [
        (2, None, "start"),
        (3, None, "weekend"),
        (4, None, "weekend"),
        (5, 1, "counted"),
        (6, None, "paused"),
        (7, None, "paused"),
        (8, 2, "counted"),
        (9, 3, "counted"),
    ]


def test_a_pause_that_begins_after_the_due_date_does_not_move_it() -> None:
    pause = Pause(date(2024, 8, 10), date(2024, 8, 20))

    assert due(working(5), date(2024, 8, 2), pauses=[pause]) == date(2024, 8, 9)


def test_a_limit_in_calendar_days_rolls_past_a_pause_too() -> None:
    pause = Pause(date(2024, 8, 19), date(2024, 8, 21))

    assert due(calendar_days(15), date(2024, 8, 2), pauses=[pause]) == date(2024, 8, 21)


# --- extensions ---


def test_an_extension_is_due_on_the_approved_day_even_when_that_is_a_day_off() -> None:
    extension = Extension(date(2024, 8, 5), date(2024, 9, 1))

    assert due(working(5), date(2024, 8, 2), extension=extension) == date(2024, 9, 1)
    assert due(calendar_days(5), date(2024, 8, 2), extension=extension) == date(2024, 9, 1)


def test_a_pause_after_the_approval_adds_its_working_days_to_the_approved_day() -> None:
    extension = Extension(date(2024, 8, 5), date(2024, 8, 16))
    pause = Pause(date(2024, 8, 9), date(2024, 8, 13))

    assert due(working(5), date(2024, 8, 2), extension=extension, pauses=[pause]) == date(2024, 8, 20)


def test_a_pause_after_the_approval_adds_all_its_days_to_a_limit_in_calendar_days_which_then_rolls() -> None:
    extension = Extension(date(2024, 8, 5), date(2024, 8, 14))
    pause = Pause(date(2024, 8, 9), date(2024, 8, 12))

    found = told(calendar_days(5), date(2024, 8, 2), extension=extension, pauses=[pause])

    assert found.on == date(2024, 8, 19)
    assert [(step.day.day, step.count, step.why) for step in found.steps] == [
        (2, None, "start"),
        (9, None, "paused"),
        (10, None, "paused"),
        (11, None, "paused"),
        (14, None, "extended"),
        (15, 1, "counted"),
        (16, 2, "counted"),
        (17, 3, "counted"),
        (18, None, "weekend"),
        (19, None, "rolled"),
    ]


def test_a_pause_before_the_approval_is_already_in_the_approved_day() -> None:
    extension = Extension(date(2024, 8, 12), date(2024, 8, 30))
    pause = Pause(date(2024, 8, 5), date(2024, 8, 9))

    assert due(working(5), date(2024, 8, 2), extension=extension, pauses=[pause]) == date(2024, 8, 30)


def test_a_pause_that_begins_after_the_approved_day_has_passed_does_not_move_it() -> None:
    extension = Extension(date(2024, 8, 5), date(2024, 8, 16))
    pause = Pause(date(2024, 8, 19), date(2024, 8, 23))

    assert due(working(5), date(2024, 8, 2), extension=extension, pauses=[pause]) == date(2024, 8, 16)


def test_an_extension_replaces_a_before_date_and_no_pause_moves_it() -> None:
    extension = Extension(date(2024, 12, 2), date(2024, 12, 20))
    pause = Pause(date(2024, 12, 3), date(2024, 12, 10))

    assert due(before("12-10"), date(2024, 4, 15), extension=extension, pauses=[pause]) == date(2024, 12, 20)


# --- explanations ---


def test_the_explanation_prints_the_count_day_by_day() -> None:
    found = told(working(5), date(2024, 4, 26))

    assert found.steps == (
        Step(date(2024, 4, 26), None, "start"),
        Step(date(2024, 4, 27), None, "weekend"),
        Step(date(2024, 4, 28), None, "weekend"),
        Step(date(2024, 4, 29), None, "holiday"),
        Step(date(2024, 4, 30), None, "holiday"),
        Step(date(2024, 5, 1), None, "holiday"),
        Step(date(2024, 5, 2), 1, "counted"),
        Step(date(2024, 5, 3), 2, "counted"),
        Step(date(2024, 5, 4), 3, "swapped_working"),
        Step(date(2024, 5, 5), None, "weekend"),
        Step(date(2024, 5, 6), 4, "counted"),
        Step(date(2024, 5, 7), 5, "counted"),
    )


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        (working(5), date(2026, 12, 1), False),
        (working(30), date(2026, 12, 1), True),
        (calendar_days(90), date(2026, 11, 1), True),
        (before("2027-06-01"), date(2026, 12, 1), False),  # a named date hangs on no calendar
    ],
)
def test_a_date_is_provisional_when_the_count_passes_a_provisional_year(limit, start, expected) -> None:
    assert told(limit, start).provisional is expected


def test_an_approved_day_in_a_provisional_year_is_not_provisional_itself() -> None:
    extension = Extension(date(2026, 12, 1), date(2027, 1, 15))

    assert not told(working(5), date(2026, 11, 20), extension=extension).provisional


def test_a_count_that_leaves_the_covered_years_is_refused() -> None:
    with pytest.raises(CalendarMissing):
        due(working(10), date(2027, 12, 25))


# --- working days between ---


def test_working_days_between_counts_the_last_day_and_not_the_first() -> None:
    assert working_days_between(date(2024, 4, 26), date(2024, 5, 7), CALENDAR) == 5
    assert working_days_between(date(2024, 5, 7), date(2024, 4, 26), CALENDAR) == -5
    assert working_days_between(date(2024, 4, 26), date(2024, 4, 26), CALENDAR) == 0
    assert working_days_between(date(2024, 4, 26), date(2024, 5, 1), CALENDAR) == 0


@given(st.dates(date(2023, 1, 1), date(2027, 6, 30)), st.integers(1, 60))
@settings(deadline=None)
def test_the_nth_working_day_is_n_working_days_away(start, days) -> None:
    end = due(working(days), start)

    assert working_days_between(start, end, CALENDAR) == days
