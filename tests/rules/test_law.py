"""The law as one value, and the days by which it judges."""

from datetime import UTC, date, datetime

import pytest

from dossier_engine.errors import NotFound
from dossier_engine.rules.law import legal_day, opening_of
from tests.makers import the_law


def test_a_legal_day_begins_at_midnight_in_hanoi():
    assert legal_day(datetime(2024, 12, 9, 16, 59, tzinfo=UTC)) == date(2024, 12, 9)
    assert legal_day(datetime(2024, 12, 9, 17, 0, tzinfo=UTC)) == date(2024, 12, 10)
    assert opening_of(date(2024, 12, 10)) == datetime(2024, 12, 9, 17, 0, tzinfo=UTC)


def test_an_unknown_definition_suggests_near_names():
    with pytest.raises(NotFound) as refusal:
        the_law().named("comune-advanced")

    assert "commune-advanced" in refusal.value.facts["suggestions"]  # type: ignore[operator]
