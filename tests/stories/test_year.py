"""A simulated year, and the demonstration that stands on an October morning of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.wiring import packaged_law
from dossier_engine.demonstration.demo import load_demo
from dossier_engine.demonstration.summary import Summary, histories_sha256
from dossier_engine.demonstration.year import simulate
from dossier_engine.errors import NotEmpty, NotFound
from dossier_engine.queries.audit import verify
from dossier_engine.records import installation
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import parse
from dossier_engine.rules.law import Law
from tests.verifier.forging import members, reported, story_of

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MAY = date(2024, 5, 31)


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Database]:
    """A second empty, migrated database, always SQLite."""
    found = Database(f"sqlite:///{tmp_path / 'another.db'}")
    upgrade(found)
    yield found
    found.close()


@pytest.fixture(scope="module")
def a_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Summary]]:
    """The whole of 2024, simulated once on SQLite, for the tests that only look at it."""
    played = Database(f"sqlite:///{tmp_path_factory.mktemp('year') / 'year.db'}")
    upgrade(played)
    yield played, simulate(played, packaged_law(), year=2024, seed=7)
    played.close()


def dossiers_of(summary: Summary) -> dict[str, int]:
    return {outcome.workflow: sum(outcome.states.values()) for outcome in summary.outcomes}


def entries_of(database: Database) -> list[dict]:
    with database.reading() as session:
        return [parse(data) for data in session.execute(select(TABLES["history"].c.entry)).scalars()]


@pytest.mark.slow
def test_a_year_is_the_same_to_the_byte_on_every_database_and_its_histories_verify(database, a_year):
    law = packaged_law()

    summary = simulate(database, law, year=2024, seed=7)

    with database.reading() as session:
        verdict = verify(session, law)
    assert summary == a_year[1]
    assert verdict.findings == ()
    assert verdict.entries > 2_000


@pytest.mark.slow
def test_a_year_verifies_as_a_bundle_of_everything(a_year, tmp_path):
    report = reported(tmp_path / "year.zip", members(story_of(a_year[0])))

    assert report.findings == []
    assert report.entries > 2_000


def test_a_year_has_the_dossiers_of_the_plan_and_everything_that_befalls_them(a_year):
    played, summary = a_year

    entries = entries_of(played)

    ends = [entry["body"]["to"] for entry in entries if entry["kind"] == "moved"]
    delegated = [e for e in entries if e["stream"].startswith("dossier/") and e["actor"]["on_behalf_of"]]
    assert dossiers_of(summary) == {"commune-advanced": 35, "commune-model": 23, "district-advanced": 3}
    assert {entry["kind"] for entry in entries} >= {"registered", "recorded", "moved", "paused", "resumed", "extended"}
    assert [ends.count(end) for end in ("withdrawn", "not_met", "carried_over")] == [1, 1, 1]
    assert sum("supplements" in entry["body"] for entry in entries) == summary.returns >= 3
    assert summary.late_stages >= 4
    assert summary.refusals == 1
    assert delegated
    assert {entry["channel"] for entry in entries} == {"simulation", "reminders"}


def test_three_districts_are_ready_to_submit_when_the_year_ends(a_year):
    ready = next(outcome for outcome in a_year[1].outcomes if outcome.target == "advanced_districts")

    assert (ready.wanted, ready.reached, ready.states) == (3, 3, {"dard_appraised": 3})


def test_departments_report_most_of_them_in_time_some_late_and_one_not_at_all(a_year):
    dossier = TABLES["dossier"]
    with a_year[0].reading() as session:
        reports = session.execute(select(dossier).where(dossier.c.workflow == "department-report")).all()

    sent = [e for e in entries_of(a_year[0]) if e["body"].get("transition") == "submit"]

    assert sorted(r.state for r in reports) == ["due", *["received"] * 15]
    assert sum(e["effective_on"] > "2024-12-09" for e in sent) == 2
    assert sum(e["effective_on"] < "2024-10-01" for e in sent) == 2
    assert len({r.office for r in reports}) == 16


def test_what_was_carried_over_goes_on_in_the_next_year(a_year):
    dossier = TABLES["dossier"]

    with a_year[0].reading() as session:
        continued = session.execute(select(dossier).where(dossier.c.target_year == 2025)).one()
        left = session.execute(select(dossier).where(dossier.c.code == continued.linked)).one()

    assert (left.state, continued.state) == ("carried_over", "registered")


@pytest.mark.slow
def test_another_seed_gives_other_histories(database, another):
    law = packaged_law()

    one = simulate(database, law, year=2024, seed=1, until=MAY)
    other = simulate(another, law, year=2024, seed=2, until=MAY)

    assert one.histories_sha256 != other.histories_sha256


def test_nothing_happens_after_the_last_day_and_the_days_are_told(another):
    told: list[tuple[int, int]] = []

    summary = simulate(
        another, packaged_law(), year=2024, seed=1, until=MAY, progress=lambda done, days: told.append((done, days))
    )

    last = max(entry["at"] for entry in entries_of(another))
    assert summary.until == MAY
    assert "2024-05-20" < last < "2024-06"
    assert told == sorted(told)
    assert told[-1] == (61, 61)


def test_a_law_with_one_definition_pursues_its_target_alone(another):
    law = packaged_law()
    alone = Law(law.workflows, {"commune-advanced": law.active["commune-advanced"]}, law.calendar)

    summary = simulate(another, alone, year=2024, seed=1, until=MAY)

    assert dossiers_of(summary) == {"commune-advanced": 35}


def test_a_year_is_simulated_in_an_empty_database_only(province):
    with pytest.raises(NotEmpty):
        simulate(province.database, province.law, year=2024, seed=1)

    with province.database.reading() as session:
        assert session.execute(select(func.count()).select_from(TABLES["dossier"])).scalar_one() == 0


def test_a_year_without_a_plan_is_refused_with_those_that_have_one(another):
    with pytest.raises(NotFound) as refusal:
        simulate(another, packaged_law(), year=2030, seed=1)

    assert refusal.value.facts["suggestions"] == ("2024",)


@pytest.mark.slow
def test_a_demonstration_stands_at_eight_on_a_friday_in_october(database):
    law = packaged_law()

    loaded = load_demo(database, law, now=NOW, seed=1)

    with database.reading() as session:
        about = installation.about(session.connection())
        verdict = verify(session, law)
        states = session.execute(select(TABLES["dossier"].c.state).distinct()).scalars().all()
    assert loaded
    assert about is not None
    assert about.pace is not None
    assert about.pace.shows(NOW) == datetime(2024, 10, 4, 1, 0, tzinfo=UTC)
    assert max(entry["at"] for entry in entries_of(database)) == "2024-10-04T01:00:00.000000Z"
    assert {"self_assessed", "district_reviewed", "dard_appraised", "recognized"} <= set(states)
    assert verdict.findings == ()


def test_a_demonstration_that_is_there_is_left_alone(another):
    law = packaged_law()
    load_demo(another, law, now=NOW, seed=1, until=MAY)
    with another.reading() as session:
        before = histories_sha256(session)

    again = load_demo(another, law, now=NOW, seed=2)

    with another.reading() as session:
        assert histories_sha256(session) == before
    assert not again


def test_a_demonstration_is_loaded_whole_or_not_at_all(another):
    def interrupted(done: int, _: int) -> None:
        if done > 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(another, packaged_law(), now=NOW, seed=1, progress=interrupted)

    assert entries_of(another) == []


@pytest.mark.slow
def test_a_demonstration_and_a_simulation_up_to_the_same_evening_are_the_same(another, tmp_path):
    law = packaged_law()
    loaded = Database(f"sqlite:///{tmp_path / 'loaded.db'}")
    upgrade(loaded)

    simulate(another, law, year=2024, seed=3, until=MAY)
    load_demo(loaded, law, now=NOW, seed=3, until=MAY + timedelta(days=1))  # a Saturday

    played, simulated = entries_of(loaded), entries_of(another)
    addressed = [entry for entry in played if entry["kind"] == "address_changed"]
    assert [entry for entry in played if entry["kind"] != "address_changed"] == simulated
    assert {entry["at"] for entry in addressed} == {"2024-06-01T01:00:00.000000Z"}  # the last thing that is done
    loaded.close()
