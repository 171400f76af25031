"""Signing in, on real databases: what lets somebody in, what does not, and when it is over."""

from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from config.signing_in import Hasher
from dossier_engine.commands.sign_in import end_sessions, sign_out
from dossier_engine.errors import (
    BadInput,
    SecondFactorNeeded,
    SignInFailed,
)
from dossier_engine.records.callers import Caller, touch
from tests.config.doors import PASSWORD, at_once, kinds, rows

pytestmark = pytest.mark.slow


def test_who_has_a_password_gets_a_session_that_names_them(door):
    door.has_account("xa")

    begun = door.sign_in(" XA ")

    caller = door.caller(begun.secret)
    assert caller == Caller(door.province.people["xa"], frozenset({"read", "write"}), "session", begun.session, False)
    assert door.caller(begun.secret[:-1]) is None
    assert kinds(door) == ["invited", "accepted", "signed_in"]


@pytest.mark.asvs("V7.2.4")
def test_a_session_s_secret_is_new_at_each_sign_in_and_the_former_one_is_another_session(door):
    door.has_account("xa")

    secrets = [door.sign_in("xa").secret for _ in range(3)]

    assert len({*secrets}) == 3
    assert len({door.caller(secret).id for secret in secrets}) == 3


@pytest.mark.parametrize(
    ("handle", "password"),
    [
        ("xa", "con trâu gặm ba cái bàn"),
        ("xa", ""),
        ("xa", PASSWORD * 20),
        ("xa", "con trâu \ud800"),
        ("xa2", PASSWORD),
        ("ai-do", PASSWORD),
        ("ai\x00do", PASSWORD),
        ("\ud800", PASSWORD),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike_and_cost_a_hash_each(door, handle, password):
    door.has_account("xa")
    asked = []

    class Counting(Argon2Hasher):
        def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002  # its name there
            asked.append(hash)
            return super().verify(password, hash)

    counting = Hasher(PasswordHash((Counting(time_cost=1, memory_cost=8, parallelism=1),)))
    with pytest.raises(SignInFailed) as refused:
        door.sign_in(handle, password, hasher=counting)

    assert refused.value.facts == {}
    assert len(asked) == 1
    failed = [row for row in rows(door, "access_event") if row["kind"] == "sign_in_failed"]
    assert [row["person"] for row in failed] == [door.province.people.get(handle)]
    assert {row["detail"] for row in failed} == {""}


def test_a_name_that_nobody_has_is_not_let_in_by_the_password_of_nobody(door):
    with pytest.raises(SignInFailed):
        door.sign_in("ai-do", "")


@pytest.mark.asvs("V6.3.3")
def test_a_role_that_decides_needs_the_code_of_a_phone(door):
    door.has_account("so")

    with pytest.raises(SecondFactorNeeded) as refused:
        door.sign_in("so")
    assert refused.value.facts == {"is_set_up": True}
    with pytest.raises(SignInFailed):
        door.sign_in("so", code="000000" if door.code("so") != "000000" else "000001")

    begun = door.sign_in("so", code=door.code("so"))

    assert door.caller(begun.secret).person == door.province.people["so"]
    [account] = rows(door, "account")
    assert account["totp_confirmed_at"] == door.now


@pytest.mark.asvs("V6.5.1")
def test_a_code_is_used_once(door):
    door.has_account("so")
    code = door.code("so")
    door.sign_in("so", code=code)

    with pytest.raises(SignInFailed):
        door.sign_in("so", code=code)
    with pytest.raises(SignInFailed):
        door.sign_in("so", code=door.code("so", -1))
    door.wait(seconds=30)

    assert door.sign_in("so", code=door.code("so"))


@pytest.mark.asvs("V6.5.1")
def test_the_same_code_twice_at_once_is_one_session(door):
    door.has_account("so")
    code = door.code("so")

    told = at_once(*[lambda: door.sign_in("so", code=code)] * 2)

    assert sorted(kind is SignInFailed for kind in told) == [False, True]
    assert len(rows(door, "sign_in")) == 1


def test_the_same_invitation_twice_at_once_is_one_password(door):
    secret = door.invited("xa")
    passwords = (PASSWORD, "thuyen giay noi lenh denh")

    told = at_once(*[lambda p=p: door.accept(secret, p) for p in passwords])

    assert sorted(kind is BadInput for kind in told) == [False, True]
    assert kinds(door).count("accepted") == 1


def test_somebody_appointed_later_to_decide_is_out_until_invited_again(door):
    door.has_account("xa")
    begun = door.sign_in("xa")
    door.province.appoint("xa", "dard_appraiser", "so-nong-nghiep-va-ptnt")

    assert door.caller(begun.secret) is None
    with pytest.raises(SecondFactorNeeded) as refused:
        door.sign_in("xa", code="123456")
    assert refused.value.facts == {"is_set_up": False}

    door.has_account("xa")

    assert door.caller(door.sign_in("xa", code=door.code("xa")).secret)


@pytest.mark.asvs("V7.4.1")
def test_a_session_ends_at_the_second_when_nobody_uses_it(door):
    door.has_account("xa")
    secret = door.sign_in("xa").secret

    door.wait(minutes=29, seconds=59)
    assert door.caller(secret)
    door.wait(seconds=1)
    assert door.caller(secret) is None


@pytest.mark.asvs("V7.4.1")
def test_a_session_that_is_used_ends_at_the_second_after_half_a_day(door):
    door.has_account("xa")
    secret, begun = door.sign_in("xa").secret, door.now

    while door.now < begun + timedelta(hours=12) - timedelta(minutes=20):
        door.wait(minutes=20)
        caller = door.caller(secret)
        assert caller.is_due
        with door.writing() as session:
            touch(session.connection(), caller, door.now)
        assert not door.caller(secret).is_due

    door.now = begun + timedelta(hours=12, seconds=-1)
    assert door.caller(secret)
    door.wait(seconds=1)
    assert door.caller(secret) is None


def test_what_has_ended_is_not_brought_back_by_a_late_look(door):
    door.has_account("xa")
    secret = door.sign_in("xa").secret
    door.wait(minutes=2)
    caller = door.caller(secret)
    with door.writing() as session:
        sign_out(session, caller, now=door.now, rng=door.engine.rng)

    with door.writing() as session:
        touch(session.connection(), caller, door.now)
        sign_out(session, caller, now=door.now, rng=door.engine.rng)

    assert door.caller(secret) is None
    assert rows(door, "sign_in")[0]["seen_at"] == door.now - timedelta(minutes=2)
    assert kinds(door).count("signed_out") == 1


def test_an_administrator_ends_the_sessions_of_somebody_else(door):
    door.has_account("xa")
    secrets = [door.sign_in("xa").secret for _ in range(2)]

    with door.writing() as session:
        count = end_sessions(
            session, door.province.people["xa"], door.act("quantri"), now=door.now, rng=door.engine.rng
        )  # fmt: skip

    assert count == 2
    assert [door.caller(secret) for secret in secrets] == [None, None]
