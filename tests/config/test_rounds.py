"""Rounds: batches until nothing is left, or until the time is over."""

from datetime import timedelta

from sqlalchemy import update

from config.rounds import reconcile_round, sweep_round
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
