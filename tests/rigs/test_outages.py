"""The whole programme goes on while nothing is swept, for an hour, three days, a month: each rung is accounted for."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import repeat

import pytest

from config.wiring import packaged_law
from dossier_engine.demonstration import year
from dossier_engine.demonstration.preparation import prepare
from dossier_engine.queries.audit import verify
from dossier_engine.records.database import Database
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.ladder import falls_due
from dossier_engine.rules.law import legal_day
from tests.rigs.fallen import accounted, flaws
from tests.soak_plugin import keep

SEED = 7
GOES_DOWN = date(2024, 7, 24)  # a morning on which much falls due


@pytest.mark.slow
@pytest.mark.parametrize("hours", [1, 3 * 24, 30 * 24])
def test_after_an_outage_every_missed_rung_is_late_replaced_or_void(
    database: Database, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    law, comes_back = packaged_law(), falls_due(GOES_DOWN) + timedelta(hours=hours)

    def mornings(calendar: Calendar, first: date, stop: datetime) -> Iterator[datetime]:
        days = (first + timedelta(days=n) for n in range((GOES_DOWN - first).days))
        yield from (falls_due(day) for day in days if calendar.is_working(day))
        yield comes_back
        yield from repeat(stop)

    monkeypatch.setattr(year, "_mornings", mornings)
    with database.writing() as session:
        prepared = prepare(session, database.name, law, year=2024, seed=SEED)
    played = year.play(prepared, database.writing, seed=SEED, stop=comes_back + timedelta(seconds=1))

    with database.reading() as session:
        assert flaws(session, law, comes_back) == []
        assert verify(session, law).findings == ()
        rungs = [r for r in accounted(session, law, comes_back).rungs if r.told[4] >= GOES_DOWN]
    today = legal_day(comes_back)
    missed = Counter(rung.outcome for rung in rungs if rung.told[4] < today)
    assert missed.keys() == ({"late", "replaced", "void"} if hours > 24 else set())
    assert {rung.outcome for rung in rungs if rung.told[4] == today} <= {"sent", "replaced", "void"}
    assert rungs
    keep({"test": "outage", "database": "SQLite" if database.is_sqlite else "PostgreSQL", "seed": SEED, "hours": hours,
          "acts": played.acts, "missed": missed})  # fmt: skip
