"""Rounds: batches until nothing is left, or until the time is over."""

from config.rounds import sweep_round
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
