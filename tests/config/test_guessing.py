"""Guessing at names and passwords: ever slower for who guesses, and no hindrance to anybody else."""

import pytest

from config.signing_in import Visitor
from dossier_engine.errors import (
    SignInFailed,
    TooManyAttempts,
)
from tests.config.doors import PASSWORD, at_once, kinds, rows

pytestmark = pytest.mark.slow

ELSEWHERE = Visitor.of("198.51.100.9", "curl")


@pytest.mark.asvs("V6.3.1")
def test_guesses_from_one_place_are_looked_at_ever_more_slowly(door):
    door.has_account("xa")
    told = []

    for _ in range(400):  # in five hours and a half
        door.wait(seconds=50)
        with pytest.raises((SignInFailed, TooManyAttempts)) as refused:
            door.sign_in("xa", "con trâu gặm ba cái bàn", visitor=ELSEWHERE)
        told.append(refused.value)

    waits = [refusal.facts["retry_after"] for refusal in told if isinstance(refusal, TooManyAttempts)]
    assert (min(waits) > 0, max(waits)) == (True, 850)
    looked_at = len(told) - len(waits)
    assert 20 < looked_at < 40
    counted = {row["bucket"]: row for row in rows(door, "throttle") if row["network"] == "198.51.100.9"}
    assert [row["throttled"] for row in counted.values()] == [400 - looked_at] * 2
    assert kinds(door).count("sign_in_failed") == looked_at


@pytest.mark.asvs("V6.3.1")
def test_strangers_cannot_keep_the_owner_out(door):
    door.has_account("xa")
    door.sign_in("xa")

    for n in range(120):  # from many places, and from a network that many share
        for visitor in (Visitor.of(f"203.0.113.{n}"), ELSEWHERE):
            with pytest.raises((SignInFailed, TooManyAttempts)):
                door.sign_in("xa", "con trâu gặm ba cái bàn", visitor=visitor)

    assert door.sign_in("xa")
    assert door.sign_in("xa", visitor=Visitor.of("192.0.2.200"))


def test_whoever_tries_many_names_in_a_network_does_not_stop_those_who_are_known_there(door):
    door.has_account("xa", "xa2")
    door.sign_in("xa")
    for n in range(60):
        with pytest.raises((SignInFailed, TooManyAttempts)):
            door.sign_in(f"ten-{n}", PASSWORD)

    with pytest.raises(TooManyAttempts):
        door.sign_in("xa2")

    assert door.sign_in("xa")


def test_a_real_name_and_an_invented_one_are_throttled_alike(door):
    door.has_account("xa")

    told = {}
    for handle in ("xa", "ai-do"):
        told[handle] = []
        for _ in range(8):
            with pytest.raises((SignInFailed, TooManyAttempts)) as refused:
                door.sign_in(handle, "con trâu gặm ba cái bàn", visitor=ELSEWHERE)
            told[handle].append((refused.type, refused.value.facts))

    assert told["xa"] == told["ai-do"]
    assert TooManyAttempts in {kind for kind, _ in told["xa"]}


def test_guesses_made_at_once_are_each_counted_before_they_are_looked_at(door):
    door.has_account("xa")
    wrong = [lambda: door.sign_in("xa", "con trâu gặm ba cái bàn", visitor=ELSEWHERE)] * 12

    told = at_once(*wrong)

    assert told.count(SignInFailed) == 6
    assert told.count(TooManyAttempts) == 6


def test_one_s_own_slips_are_forgotten_when_one_gets_in(door):
    door.has_account("xa")
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(SignInFailed):
                door.sign_in("xa", "con trâu gặm ba cái bàn")
        assert door.sign_in("xa")


def test_what_no_longer_counts_is_removed_when_somebody_comes_in(door):
    door.has_account("xa", "xa2")
    with pytest.raises(SignInFailed):
        door.sign_in("ai-do", PASSWORD, visitor=ELSEWHERE)
    door.sign_in("xa")
    door.wait(hours=13)

    door.sign_in("xa2")

    assert {row["network"] for row in rows(door, "throttle")} == {"192.0.2.7"}
    own = {f"person/{door.province.people[handle]}" for handle in ("xa", "xa2")}
    assert {row["bucket"] for row in rows(door, "throttle") if row["signed_in_at"]} == own
