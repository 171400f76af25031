"""When invented people act: in working hours, on working days, and never before they acted last."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from config.calendars import load_calendar
from dossier_engine.demonstration.hours import opening_hour, working_instant
from dossier_engine.demonstration.preparation import seeded
from dossier_engine.rules.law import HANOI, legal_day
from dossier_engine.rules.limits import working_days_between
from tests.makers import at

CALENDAR = load_calendar()


def test_offices_open_at_half_past_seven_after_the_holidays():
    opened = opening_hour(date(2024, 4, 27), CALENDAR)  # a Saturday before the days off of 29 April to 1 May

    assert opened.astimezone(HANOI).isoformat() == "2024-05-02T07:30:00+07:00"


@given(
    st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers()
)
def test_acts_follow_one_another_on_working_days_in_working_hours(day, waits, seed):
    rng = seeded(seed, "test")
    last = opening_hour(day, CALENDAR)

    for wait in waits:
        acted = working_instant(CALENDAR, last, wait, rng)

        clock = acted.astimezone(HANOI).time()
        assert acted > last
        assert CALENDAR.is_working(legal_day(acted))
        assert time(7, 30) <= clock < time(11, 30) or time(13) <= clock < time(17)
        assert working_days_between(legal_day(last), legal_day(acted), CALENDAR) in (wait, max(wait, 1))
        last = acted


def test_what_comes_later_on_a_day_that_is_over_comes_on_the_next():
    closing = at("2024-10-04", 16).replace(minute=59, second=59)

    acted = working_instant(CALENDAR, closing, 0, seeded(1, "test"))

    assert legal_day(acted) == date(2024, 10, 7)
