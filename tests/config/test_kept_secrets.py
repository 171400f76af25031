"""What is kept of passwords, sessions and tokens: how it is hashed, changed, and forgotten."""

import threading
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from config import signing_in
from config.signing_in import AT_ONCE, HASHER, Hasher, Visitor
from dossier_engine.commands.erase import ErasePerson, erase_person
from dossier_engine.commands.tokens import IssueToken, issue_token
from dossier_engine.errors import (
    BadInput,
    NotSignedIn,
    SignInFailed,
)
from dossier_engine.records.callers import Caller, touch
from dossier_engine.records.tables import TABLES
from tests.config.doors import HOME, PASSWORD, QUICK, at_once, kinds, rows

pytestmark = pytest.mark.slow


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
