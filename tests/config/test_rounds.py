"""Rounds: batches until nothing is left, or until the time is over; and the checks an installation makes of itself."""

from datetime import timedelta

from sqlalchemy import select, update

from config.rounds import check_round, integrate_round, reconcile_round, sample_round, sweep_round
from dossier_engine.records.tables import TABLES
from tests.tasks.looking import how, ledger, opened


def test_a_round_sweeps_batch_after_batch_until_nothing_is_left(home):
    with opened(home) as engine:
        done = sweep_round(engine, most=1)

    assert (done.dossiers, done.complete, how(home).due) == (2, True, 0)
    assert sum(done.rungs.values()) == len(ledger(home))


def test_a_round_whose_time_is_over_leaves_the_rest_to_the_next(home):
    with opened(home) as engine:
        first = sweep_round(engine, most=1, seconds=0)
        left = how(home).due
        second = sweep_round(engine, most=1)

    assert (first.dossiers, first.complete, left) == (1, False, 1)
    assert (second.dossiers, second.complete, how(home).due) == (1, True, 0)


def test_a_reconciliation_mends_what_would_be_overlooked_and_is_made_once_a_day(home):
    with opened(home) as engine:
        with engine.database.writing() as session:
            session.connection().execute(update(TABLES["wake"]).values(at=None))
        before = how(home).due

        done = reconcile_round(engine, most=1)
        again = reconcile_round(engine, most=1)
        with engine.database.writing() as session:
            yesterday = engine.now() - timedelta(days=1)
            session.connection().execute(update(TABLES["pulse"]).values(at=yesterday))
        next_day = reconcile_round(engine, most=1)

    assert done is not None
    assert next_day is not None
    assert (before, done.dossiers, done.mended, how(home).due) == (0, 2, 2, 2)
    assert again is None
    assert (next_day.dossiers, next_day.mended) == (2, 0)


def test_the_log_takes_in_batch_after_batch_until_nothing_waits(home):
    with opened(home) as engine:
        done = integrate_round(engine, most=20)
        again = integrate_round(engine, most=20)

    assert done.added == done.size > 40
    assert (again.added, again.size) == (0, done.size)


def test_a_part_of_the_log_waits_when_the_time_is_over(home):
    with opened(home) as engine:
        done = integrate_round(engine, most=20, seconds=0)

    assert (done.added, done.size) == (20, 20)


def altered(engine):
    with engine.database.writing() as session:
        conn = session.connection()
        conn.exec_driver_sql("UPDATE log_node SET hash = (SELECT hash FROM log_node WHERE level = 0 AND idx = 3) "
                             "WHERE level = 0 AND idx = 7")  # fmt: skip


def incidents(engine):
    with engine.looking() as (session, _):
        rows = session.execute(select(TABLES["incident"]).order_by(TABLES["incident"].c.about))
        return [(r.kind, r.about, r.territory, r.facts["code"], r.count) for r in rows if r.kind == "history_differs"]


def test_the_whole_history_is_checked_once_a_day_and_what_is_found_is_kept(home):
    with opened(home) as engine:
        integrate_round(engine)
        sound, again = check_round(engine), check_round(engine)
        altered(engine)
        with engine.database.writing() as session:
            session.connection().execute(update(TABLES["pulse"]).values(at=engine.now() - timedelta(days=1)))
        found = check_round(engine)
        kept = incidents(engine)

    assert (sound, again) == ([], None)
    assert [(f.where, f.code) for f in found or ()] == [("log #7", "log_differs")]
    assert kept == [("history_differs", "log #7", "30/", "log_differs", 1)]


def test_a_sample_is_kept_the_same_way_and_counted_again_when_it_is_found_again(home):
    with opened(home) as engine:
        integrate_round(engine)
        sound = sample_round(engine)
        altered(engine)
        found = [sample_round(engine, most=2_000) for _ in range(2)]
        kept = incidents(engine)

    assert sound == []
    assert [[f.where for f in each] for each in found] == [["log #6"], ["log #6"]]
    assert kept == [("history_differs", "log #6", "30/", "log_differs", 2)]
