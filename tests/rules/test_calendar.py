from datetime import date

import pytest

from config.calendars import load_calendar
from dossier_engine.errors import CalendarMissing
from dossier_engine.rules.calendar import DayReason

CALENDAR = load_calendar()


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 4, 26), "working"),
        (date(2024, 4, 27), "weekend"),
        (date(2024, 4, 28), "weekend"),
        (date(2024, 4, 29), "holiday"),
        (date(2024, 5, 4), "swapped_working"),
        (date(2024, 5, 11), "weekend"),
        (date(2024, 2, 10), "holiday"),
        (date(2026, 1, 2), "holiday"),
        (date(2026, 1, 10), "swapped_working"),
        (date(2026, 8, 22), "swapped_working"),
        (date(2026, 8, 31), "holiday"),
    ],
)
def test_a_day_is_worked_or_off_for_a_stated_reason(day, kind) -> None:
    assert CALENDAR.kind(day) == kind
    assert CALENDAR.is_working(day) == (kind in ("working", "swapped_working"))


def test_a_holiday_gives_its_name_in_both_languages() -> None:
    reason = CALENDAR.reason(date(2024, 4, 18))

    assert reason == DayReason("holiday", ("Ngày Giỗ Tổ Hùng Vương", "Hung Kings' Commemoration Day"))


def test_a_day_that_is_no_holiday_has_no_name() -> None:
    assert CALENDAR.reason(date(2024, 4, 27)) == DayReason("weekend", None)
    assert CALENDAR.reason(date(2024, 5, 4)) == DayReason("swapped_working", None)


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2028, 1, 3)])
def test_a_year_without_a_file_is_refused_rather_than_guessed(day) -> None:
    with pytest.raises(CalendarMissing) as refusal:
        CALENDAR.is_working(day)

    assert refusal.value.facts == {"day": day.isoformat(), "year": day.year}
