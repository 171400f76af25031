"""The due date against an oracle of another make: sorted lists of days and the letter of the rule, no walk."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendars import load_calendar
from dossier_engine.errors import CalendarMissing
from dossier_engine.rules.limits import Extension, Limit, Pause, due_on, explain

CALENDAR = load_calendar()
ALL_LIMITS = [(n, "working_days") for n in (3, 5, 10, 15, 20, 30)] + [(n, "calendar_days") for n in (15, 45, 60, 90)]

FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKED = [d for d in EVERY_DAY if d in CALENDAR.working or (d.isoweekday() <= 5 and d not in CALENDAR.off)]
CASE = {"target_year": 2024, "calendar": CALENDAR}


def a_limit(days, unit) -> Limit:
    return Limit(days, unit, "entered", None, None, "configured")


def nth_after(days, start, n) -> date | None:
    """The n-th of the sorted `days` after `start`; None when they do not reach so far."""
    place = bisect_right(days, start) + n - 1
    return days[place] if place < len(days) else None


def first_from(days, start) -> date | None:
    place = bisect_left(days, start)
    return days[place] if place < len(days) else None


def stopped(pauses) -> set[date]:
    return {p.from_on + timedelta(days=n) for p in pauses for n in range((p.to_on - p.from_on).days)}


def by_the_letter(days, unit, start, pauses) -> date | None:
    still = stopped(pauses)
    running, running_worked = ([d for d in them if d not in still] for them in (EVERY_DAY, WORKED))
    if unit == "working_days":
        return nth_after(running_worked, start, days)
    end = nth_after(running, start, days)
    return end and first_from(running_worked, end)


def extended_by_the_letter(unit, pauses, extension) -> date | None:
    still = stopped(p for p in pauses if p.from_on >= extension.on)
    units = WORKED if unit == "working_days" else EVERY_DAY
    due_day, lost = extension.until, 0
    # The clock's loss moves the due date, which may bring more lost days before it, until nothing changes.
    while (now_lost := sum(d in still and d <= due_day for d in units)) != lost:
        lost, due_day = now_lost, nth_after(units, extension.until, now_lost)
    if unit == "calendar_days" and lost:
        return first_from([d for d in WORKED if d not in still], due_day)
    return due_day


@pytest.mark.parametrize(("days", "unit"), ALL_LIMITS)
def test_every_start_day_of_four_years_agrees_with_the_letter_of_the_rule(days, unit) -> None:
    limit = a_limit(days, unit)
    covered = 0

    for start in EVERY_DAY[365:]:
        expected = nth_after(WORKED, start, days) if unit == "working_days" else nth_after(EVERY_DAY, start, days)
        if unit == "calendar_days" and expected is not None:
            expected = first_from(WORKED, expected)
        if expected is None:
            with pytest.raises(CalendarMissing):
                due_on(limit, start=start, **CASE)
        else:
            covered += 1
            assert due_on(limit, start=start, **CASE) == expected, start

    assert covered > 3 * 365


PAUSES = st.lists(
    st.builds(
        lambda on, n: Pause(on, on + timedelta(days=n)),
        st.dates(date(2024, 1, 1), date(2025, 6, 30)),
        st.integers(0, 40),
    ),
    max_size=4,
)


@given(st.sampled_from(ALL_LIMITS), st.dates(date(2024, 1, 1), date(2025, 6, 30)), PAUSES)
@settings(deadline=None, max_examples=300)
def test_overlapping_unsorted_pauses_agree_with_the_letter_of_the_rule(limit, start, pauses) -> None:
    days, unit = limit

    found = due_on(a_limit(days, unit), start=start, pauses=pauses, **CASE)

    assert found == by_the_letter(days, unit, start, pauses)


@given(
    st.sampled_from(ALL_LIMITS), st.dates(date(2024, 1, 1), date(2025, 3, 31)), st.integers(0, 90), PAUSES, st.data()
)
@settings(deadline=None, max_examples=300)
def test_extensions_with_later_pauses_agree_with_the_letter_of_the_rule(limit, approved, length, pauses, data) -> None:
    days, unit = limit
    extension = Extension(approved, approved + timedelta(days=length))
    start = data.draw(st.dates(date(2023, 6, 1), approved))

    found = due_on(a_limit(days, unit), start=start, pauses=pauses, extension=extension, **CASE)

    assert found == extended_by_the_letter(unit, pauses, extension)


@given(st.sampled_from(ALL_LIMITS), st.dates(date(2024, 1, 1), date(2025, 6, 30)), PAUSES)
@settings(deadline=None)
def test_the_explanation_ends_on_the_due_date_and_counts_every_day_once(limit, start, pauses) -> None:
    days, unit = limit

    found = explain(a_limit(days, unit), start=start, pauses=pauses, **CASE)

    assert found.on == due_on(a_limit(days, unit), start=start, pauses=pauses, **CASE)
    assert [step.day for step in found.steps] == [start + timedelta(days=n) for n in range(len(found.steps))]
    assert [step.count for step in found.steps if step.count] == list(range(1, days + 1))
