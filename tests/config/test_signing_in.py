"""Signing in, on real databases: what lets somebody in, what does not, and what nobody must notice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from config import signing_in
from config.signing_in import AT_ONCE, HASHER, Hasher, Visitor
from dossier_engine.commands.erase import ErasePerson, erase_person
from dossier_engine.commands.sign_in import end_sessions, sign_out
from dossier_engine.commands.tokens import IssueToken, issue_token
from dossier_engine.errors import (
    BadInput,
    DossierError,
    NotSignedIn,
    SecondFactorNeeded,
    SignInFailed,
    TooManyAttempts,
)
from dossier_engine.records.callers import Caller, touch
from dossier_engine.records.tables import TABLES
from tests.config.doors import HOME, PASSWORD, QUICK, Door
from tests.makers import Province

ELSEWHERE = Visitor.of("198.51.100.9", "curl")


@pytest.fixture
def door(province: Province) -> Door:
    return Door(province)


def rows(door: Door, table: str) -> list[dict[str, Any]]:
    with door.province.database.reading() as session:
        return [dict(row) for row in session.execute(select(TABLES[table])).mappings()]


def kinds(door: Door) -> list[str]:
    return [row["kind"] for row in sorted(rows(door, "access_event"), key=lambda row: row["at"])]


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """What became of attempts that were made at the same instant."""
    start, told = threading.Barrier(len(attempts)), []

    def run(attempt: Callable[[], object]) -> None:
        start.wait(30)
        try:
            told.append(attempt())
        except DossierError as refusal:
            told.append(type(refusal))

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == len(attempts)
    return told


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


@pytest.mark.asvs("V11.2.2")
def test_a_password_is_hashed_anew_when_hashes_are_made_in_another_way(door):
    door.has_account("xa")
    [before] = rows(door, "account")
    door.sign_in("xa")
    assert rows(door, "account") == [before]

    door.sign_in("xa", hasher=HASHER)

    [after] = rows(door, "account")
    assert before["password"] != after["password"]
    assert after["password"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert after["password_changed_at"] == before["password_changed_at"]
    assert door.sign_in("xa", hasher=HASHER)


def test_no_more_than_two_passwords_are_hashed_at_a_time():
    busy, most, lock = [], [], threading.Lock()

    class Watched(Argon2Hasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            with lock:
                busy.append(1)
                most.append(len(busy))
            threading.Event().wait(0.02)
            with lock:
                busy.pop()
            return super().hash(password, salt=salt)

    watched = Hasher(PasswordHash((Watched(time_cost=1, memory_cost=8, parallelism=1),)))

    at_once(*[lambda: watched.hash(PASSWORD)] * 8)

    assert max(most) == AT_ONCE == 2


def test_a_changed_password_ends_every_other_session(door):
    door.has_account("xa")
    mine, other = door.sign_in("xa").secret, door.sign_in("xa").secret

    signing_in.change_password(
        door.engine, door.caller(mine), PASSWORD, "thuyen giay noi lenh denh", HOME, hasher=QUICK
    )  # fmt: skip

    assert door.caller(mine)
    assert door.caller(other) is None
    with pytest.raises(SignInFailed):
        door.sign_in("xa")
    assert door.sign_in("xa", "thuyen giay noi lenh denh")


def test_changing_a_password_needs_the_present_one_a_good_one_and_a_session(door):
    door.has_account("xa")
    caller = door.caller(door.sign_in("xa").secret)
    asked = (door.engine, caller)

    with pytest.raises(SignInFailed):
        signing_in.change_password(*asked, "con trâu gặm ba cái bàn", "thuyen giay noi lenh denh", HOME, hasher=QUICK)
    with pytest.raises(BadInput):
        signing_in.change_password(*asked, PASSWORD, "Cẩm Hưng quê tôi", HOME, hasher=QUICK)
    program = Caller(caller.person, caller.scopes, "token", "t", False)
    with pytest.raises(NotSignedIn):
        signing_in.change_password(door.engine, program, PASSWORD, "thuyen giay noi lenh denh", HOME, hasher=QUICK)
    nobody = Caller("p-nobody", caller.scopes, "session", "s", False)
    with pytest.raises(NotSignedIn):
        signing_in.change_password(door.engine, nobody, PASSWORD, "thuyen giay noi lenh denh", HOME, hasher=QUICK)

    assert door.sign_in("xa")


def test_of_two_changes_at_once_one_is_made(door):
    door.has_account("xa")
    caller = door.caller(door.sign_in("xa").secret)
    wanted = ("thuyen giay noi lenh denh", "zebra kettle monsoon")

    told = at_once(
        *[lambda w=w: signing_in.change_password(door.engine, caller, PASSWORD, w, HOME, hasher=QUICK) for w in wanted],
    )

    assert sorted(kind is SignInFailed for kind in told) == [False, True]


@pytest.mark.asvs("V7.2.3")
def test_no_secret_that_was_handed_out_is_in_the_database(door):
    invitation = door.invited("xa")
    door.accept(invitation)
    begun = door.sign_in("xa")
    with door.writing() as session:
        order = IssueToken(name="báo cáo", scopes=["read"], days=30, act=door.act("xa"))
        issued = issue_token(session, order, now=door.now, rng=door.engine.rng)
    with pytest.raises(SignInFailed):
        door.sign_in("xa", "con trâu gặm ba cái bàn")
    with pytest.raises(SignInFailed):
        door.sign_in("con trâu gặm ba cái bàn", "xa")

    with door.province.database.reading() as session:
        held = "\n".join(repr(row) for table in TABLES.values() for row in session.execute(select(table)))

    assert issued.id in held
    secret = issued.text.rpartition(issued.id)[2][1:]
    for handed_out in (invitation, begun.secret, secret, PASSWORD, "con trâu gặm ba cái bàn"):
        assert handed_out not in held
    shown = repr((begun, issued, door.engine))
    assert begun.secret not in shown
    assert secret not in shown


def test_an_erased_person_is_out_and_leaves_no_secret(door):
    door.has_account("so")
    begun = door.sign_in("so", code=door.code("so"))
    with door.writing() as session:
        order = IssueToken(name="báo cáo của Hoa", scopes=["read"], days=30, act=door.act("so"))
        issued = issue_token(session, order, now=door.now, rng=door.engine.rng)
    door.invited("so")
    person = door.province.people["so"]

    with door.writing() as session:
        order = ErasePerson(person=person, basis="Điều 16 Luật 91/2025/QH15", act=door.act("quantri"))
        erase_person(session, order, now=door.now, rng=door.engine.rng)

    assert door.caller(begun.secret) is None
    assert door.program(issued.text) is None
    for handle in ("so", person):
        with pytest.raises(SignInFailed):
            door.sign_in(handle, code="123456")
    [account] = rows(door, "account")
    assert (account["password"], account["totp_secret"]) == (None, None)
    assert {row["hash"] for table in ("sign_in", "api_token", "invitation") for row in rows(door, table)} == {None}
    [session_row], [token] = rows(door, "sign_in"), rows(door, "api_token")
    assert (session_row["address"], session_row["agent"], token["name"]) == ("", "", "")
    assert not [row for row in rows(door, "throttle") if person in row["bucket"]]
    assert kinds(door)[-1] in {"erased", "sign_in_failed"}


def test_a_token_is_good_until_its_last_second_and_for_no_more_than_its_person(door):
    with door.writing() as session:
        order = IssueToken(name="báo cáo", scopes=["read", "write"], days=1, act=door.act("xa"))
        issued = issue_token(session, order, now=door.now, rng=door.engine.rng)
    caller = door.program(issued.text)
    assert caller == Caller(door.province.people["xa"], frozenset({"read", "write"}), "token", issued.id, True)
    for off in (30, 20):  # the later look came first
        with door.writing() as session:
            touch(session.connection(), caller, door.now + timedelta(seconds=off))
    assert rows(door, "api_token")[0]["last_used_at"] == door.now + timedelta(seconds=30)
    assert not door.program(issued.text).is_due

    other = issued.text[:-1] + ("A" if issued.text[-1] != "A" else "B")
    assert door.program(other) is None
    assert door.program("dsr_" + "a" * 16 + issued.text[20:]) is None
    assert door.program("dsr_") is None
    door.province.appoint("xa", "auditor", "thanh-tra-tinh")
    assert door.program(issued.text).scopes == {"read"}
    door.wait(hours=23, minutes=59, seconds=59)
    assert door.program(issued.text)
    door.wait(seconds=1)
    assert door.program(issued.text) is None


def test_what_a_browser_says_of_itself_is_kept_in_so_far_as_a_database_takes_it(door):
    door.has_account("xa")

    door.sign_in("xa", visitor=Visitor.of("2001:db8::1", "Fire\x00fox\ud800 " + "x" * 500))

    [row] = rows(door, "sign_in")
    assert (row["address"], row["agent"][:9], len(row["agent"])) == ("2001:db8::1", "Firefox x", 120)
