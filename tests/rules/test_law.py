"""The law as one value, and the days by which it judges."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dossier_engine.errors import ClockBehind, NotFound
from dossier_engine.rules.law import legal_day, not_before, opening_of
from tests.makers import the_law


def test_a_legal_day_begins_at_midnight_in_hanoi():
    assert legal_day(datetime(2024, 12, 9, 16, 59, tzinfo=UTC)) == date(2024, 12, 9)
    assert legal_day(datetime(2024, 12, 9, 17, 0, tzinfo=UTC)) == date(2024, 12, 10)
    assert opening_of(date(2024, 12, 10)) == datetime(2024, 12, 9, 17, 0, tzinfo=UTC)


def test_a_clock_up_to_an_hour_behind_the_previous_entry_waits_for_it_and_a_later_one_goes_on():
    previous = datetime(2024, 12, 9, 3, tzinfo=UTC)

    assert not_before(previous - timedelta(hours=1), previous) == previous
    assert not_before(previous, previous) == previous
    assert not_before(previous + timedelta(seconds=1), previous) == previous + timedelta(seconds=1)


def test_a_clock_further_behind_is_refused_with_both_instants():
    previous = datetime(2024, 12, 9, 3, tzinfo=UTC)
    now = previous - timedelta(hours=1, microseconds=1)

    with pytest.raises(ClockBehind) as refusal:
        not_before(now, previous)

    assert refusal.value.facts == {"clock": now.isoformat(), "recorded": previous.isoformat()}


def test_an_unknown_definition_suggests_near_names():
    with pytest.raises(NotFound) as refusal:
        the_law().named("comune-advanced")

    assert "commune-advanced" in refusal.value.facts["suggestions"]  # type: ignore[operator]
