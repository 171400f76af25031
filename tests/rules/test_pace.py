"""The clock of a demonstration: faster while it is driven, at the true pace otherwise, and never backwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.rules.pace import FASTEST, Pace, standing

TRUE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOWN = datetime(2024, 10, 7, 1, 0, tzinfo=UTC)
LEASE = timedelta(seconds=10)
seconds = st.floats(-100, 100).map(lambda s: timedelta(seconds=s))
speeds = st.integers(1, FASTEST)
changes: st.SearchStrategy[Callable[[Pace, datetime], Pace]] = st.one_of(
    speeds.map(lambda speed: lambda pace, true: pace.driven(true, speed=speed, lease=LEASE)),
    st.just(lambda pace, true: pace.renewed(true, LEASE)),
    st.just(lambda pace, true: pace.let_go(true)),
)


def s(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_a_clock_that_stands_apart_keeps_the_true_pace():
    pace = standing(SHOWN, TRUE)

    assert pace.shows(TRUE + s(90)) == SHOWN + s(90)
    assert pace.speed_at(TRUE) == 1


def test_a_driven_clock_runs_fast_until_its_lease_ends():
    pace = standing(SHOWN, TRUE).driven(TRUE, speed=600, lease=LEASE)

    assert pace.shows(TRUE + s(4)) == SHOWN + s(2400)
    assert pace.shows(TRUE + s(15)) == SHOWN + s(6005)
    assert (pace.speed_at(TRUE + s(9)), pace.speed_at(TRUE + s(10))) == (600, 1)


def test_a_renewed_lease_goes_on_without_a_jump():
    pace = standing(SHOWN, TRUE).driven(TRUE, speed=600, lease=LEASE)

    later = pace.renewed(TRUE + s(8), LEASE)

    assert later.shows(TRUE + s(17)) == SHOWN + s(17 * 600)


def test_a_lease_that_had_run_out_is_renewed_from_now_on():
    pace = standing(SHOWN, TRUE).driven(TRUE, speed=600, lease=LEASE)

    later = pace.renewed(TRUE + s(20), LEASE)

    assert later.shows(TRUE + s(20)) == pace.shows(TRUE + s(20)) == SHOWN + s(6010)
    assert later.speed_at(TRUE + s(25)) == 600


def test_a_clock_let_go_waits_for_the_lease_to_end_and_keeps_the_true_pace():
    pace = standing(SHOWN, TRUE).driven(TRUE, speed=600, lease=LEASE)

    later = pace.let_go(TRUE + s(3))

    assert later.shows(TRUE + s(3)) == later.shows(TRUE + s(10)) == SHOWN + s(6000)
    assert later.shows(TRUE + s(12)) == SHOWN + s(6002)


def test_a_clock_is_put_forward_when_it_is_driven():
    pace = standing(SHOWN, TRUE).driven(TRUE, speed=1, lease=LEASE, ahead=timedelta(days=3))

    assert pace.shows(TRUE) == SHOWN + timedelta(days=3)


@pytest.mark.parametrize("before", [1, 1000])
def test_a_machine_whose_clock_is_behind_sees_the_beginning(before):
    pace = standing(SHOWN, TRUE).driven(TRUE, speed=600, lease=LEASE)

    assert pace.shows(TRUE - s(before)) == SHOWN


@given(speed=speeds, first=seconds, second=seconds)
def test_one_state_of_the_clock_never_runs_backwards(speed, first, second):
    pace = Pace(SHOWN, TRUE, speed, TRUE + LEASE)

    earlier, later = sorted((TRUE + first, TRUE + second))

    assert pace.shows(earlier) <= pace.shows(later)


@given(steps=st.lists(st.tuples(st.floats(0, 30).map(s), changes), max_size=8), look=st.floats(0, 300).map(s))
def test_whoever_learns_of_a_change_late_or_early_never_sees_time_run_backwards(steps, look):
    states, true = [standing(SHOWN, TRUE)], TRUE
    for wait, change in steps:
        true += wait
        states.append(change(states[-1], true))

    shown = [state.shows(TRUE + look) for state in states]

    assert shown == sorted(shown)
