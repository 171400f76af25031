"""Codes: those of RFC 6238, near the present, each for one use."""

import base64
import random
from datetime import UTC, datetime, timedelta

import pytest

from dossier_engine.rules.second_factor import address_of, new_secret, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()  # of the RFC
RFC = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize(("second", "code"), RFC.items())
def test_the_codes_are_those_of_the_standard(second, code):
    now = datetime.fromtimestamp(second, UTC)

    assert step_of(SECRET, code, now=now, after=0) == second // 30


@pytest.mark.parametrize(("late", "step"), [(-60, None), (-30, 37037036), (0, 37037036), (30, 37037036), (60, None)])
def test_a_clock_may_be_a_step_off_and_no_more(late, step):
    now = datetime.fromtimestamp(1111111109 + late, UTC)

    assert step_of(SECRET, "081804", now=now, after=0) == step


def test_a_step_that_was_used_and_those_before_it_are_over():
    now = datetime.fromtimestamp(1111111109, UTC)

    assert step_of(SECRET, "081804", now=now, after=37037035) == 37037036
    assert step_of(SECRET, "081804", now=now, after=37037036) is None
    assert step_of(SECRET, "081804", now=now + timedelta(seconds=30), after=37037037) is None


@pytest.mark.parametrize("typed", ["", "08180", "0818040", "081805", "O81804", "０８１８０４", "081804\x00"])
def test_anything_else_is_no_code(typed):
    assert step_of(SECRET, typed, now=datetime.fromtimestamp(1111111109, UTC), after=0) is None


def test_a_code_may_be_typed_as_phones_show_it():
    assert step_of(SECRET, " 081 804 ", now=datetime.fromtimestamp(1111111109, UTC), after=0) == 37037036


def test_a_phone_reads_the_secret_from_an_address():
    secret = new_secret(random.Random(1))

    assert len(secret) == 32
    assert address_of(secret, "xa.cam-hung").startswith("otpauth://totp/Dossier%20engine:xa.cam-hung?secret=" + secret)
