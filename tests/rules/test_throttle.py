"""The wait after failures: nothing for the first, then the double each time, and an end to it."""

from datetime import UTC, datetime, timedelta

import pytest

from dossier_engine.rules.throttle import bucket_of_name, failures_now, network_of, seconds_to_wait

NOW = datetime(2024, 5, 6, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (5, 0), (6, 2), (7, 4), (8, 8), (14, 512), (15, 900), (16, 900), (10_000, 900)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failures, seconds):
    assert seconds_to_wait(failures, NOW, NOW, free=5) == seconds


def test_the_wait_is_over_at_its_second_and_told_in_whole_ones():
    assert seconds_to_wait(7, NOW, NOW + timedelta(seconds=3.5), free=5) == 1
    assert seconds_to_wait(7, NOW, NOW + timedelta(seconds=4), free=5) == 0
    assert seconds_to_wait(7, NOW, NOW + timedelta(days=4), free=5) == 0


def test_failures_are_forgotten_after_half_a_day_of_peace():
    assert failures_now(9, NOW, NOW + timedelta(hours=12, seconds=-1)) == 9
    assert failures_now(9, NOW, NOW + timedelta(hours=12)) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("x" * 500, "x" * 100),
    ],
)
def test_addresses_that_one_person_has_many_of_count_as_one(address, network):
    assert network_of(address) == network


def test_a_name_leaves_too_little_to_tell_what_was_typed():
    assert bucket_of_name("xa") != bucket_of_name("xb")
    assert len(bucket_of_name("con trâu gặm ba cái ghế")) == len("name/0000")
    assert bucket_of_name("\ud800")
