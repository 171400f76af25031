"""Invitations: who may invite whom, and that a secret works once, for seven days, until a later one takes its place."""

from datetime import timedelta

import pyotp
import pytest

from dossier_engine.commands.attempts import Attempt, begin_attempt
from dossier_engine.commands.change_password import change_password
from dossier_engine.commands.erase import ErasePerson, erase_person
from dossier_engine.commands.invite import accept_invitation, confirm_second_factor, invite, invitee
from dossier_engine.commands.sign_in import Proof, SignedIn, end_sessions, sign_in
from dossier_engine.errors import AppointmentExpired, BadInput, NotAllowed, NotFound, SignInFailed
from dossier_engine.records.callers import caller_of_session, caller_of_token
from tests.commands.looking import refused, rows
from tests.makers import SETUP, Province, at

NOW = at("2024-05-06", 8)
HASH = "$argon2id$of-a-password"


def invited(province: Province, handle: str, by: str = "quantri", *, now=NOW) -> str:
    act = province.act(by) if by in province.people else SETUP
    with province.writing() as session:
        return invite(session, province.people.get(handle, handle), act, now=now, rng=province.rng).secret


def accepted(province: Province, secret: str, *, now=NOW):
    with province.writing() as session:
        return accept_invitation(session, secret, HASH, now=now, rng=province.rng)


def confirmed(province: Province, secret: str, code: str, *, now=NOW) -> None:
    with province.writing() as session:
        confirm_second_factor(session, secret, code, now=now, rng=province.rng)


def signed_in(province: Province, handle: str) -> SignedIn | None:
    with province.writing() as session:
        attempt = begin_attempt(session, handle, "192.0.2.7", now=NOW)
        return sign_in(session, attempt, Proof(code=None, agent=""), now=NOW, rng=province.rng)


@pytest.mark.parametrize("by", ["quantri", "system:setup"])
def test_an_administrator_or_the_machine_s_owner_invites_and_it_is_written_down(hai_duong, by):
    secret = invited(hai_duong, "xa", by)

    with hai_duong.database.reading() as session:
        found = invitee(session, secret, now=NOW)
    assert (found.person, found.handle, found.name) == (hai_duong.people["xa"], "xa", "xa (minh họa)")
    assert {"cam hung", "hai duong"} & {*found.personal} == {"cam hung"}
    [event] = rows(hai_duong, "access_event")
    asked_by = hai_duong.people.get(by, SETUP.person)
    assert (event["kind"], event["person"], event["by"]) == ("invited", hai_duong.people["xa"], asked_by)


def test_nobody_else_invites(hai_duong):
    with refused(hai_duong, NotAllowed):
        invited(hai_duong, "xa", "so")


def test_an_administrator_reaches_the_offices_below_their_own_and_people_who_have_none(hai_duong):
    hai_duong.appoint(
        "truong-phong", "administrator", "bo-phan-cong-nghe-thong-tin", since="2023-01-01", until="2023-12-31"
    )
    hai_duong.appoint("nguoi-cu", "commune_officer", "ubnd-xa-10894", since="2024-01-01", until="2024-02-01")

    assert invited(hai_duong, "nguoi-cu")
    with refused(hai_duong, AppointmentExpired):
        invited(hai_duong, "xa", "truong-phong")
    with refused(hai_duong, AppointmentExpired):
        invited(hai_duong, "nguoi-cu", "truong-phong")
    with refused(hai_duong, NotAllowed):
        invited(hai_duong, "nguoi-cu", "xa")


def test_nobody_is_invited_who_is_not_there_or_was_erased(hai_duong):
    order = ErasePerson(person=hai_duong.people["xa"], basis="Luật 91/2025/QH15", act=hai_duong.act("quantri"))
    secret = invited(hai_duong, "xa")
    with hai_duong.writing() as session:
        erase_person(session, order, now=NOW, rng=hai_duong.rng)

    for handle in ("xa", "p-nobody"):
        with refused(hai_duong, NotFound):
            invited(hai_duong, handle)
    with refused(hai_duong, BadInput):
        accepted(hai_duong, secret)


def test_an_invitation_is_over_after_seven_days_to_the_second(hai_duong):
    secret, last = invited(hai_duong, "xa"), NOW + timedelta(days=7)

    with refused(hai_duong, BadInput) as refusal:
        accepted(hai_duong, secret, now=last)
    assert refusal.value.facts == {"field": "invitation", "value": "", "why": "invitation_over"}

    assert accepted(hai_duong, secret, now=last - timedelta(seconds=1)).person == hai_duong.people["xa"]


def test_an_invitation_is_used_once_and_a_later_one_takes_the_place_of_an_earlier(hai_duong):
    first, second = invited(hai_duong, "xa"), invited(hai_duong, "xa")

    for secret in (first, "no secret"):
        with refused(hai_duong, BadInput):
            accepted(hai_duong, secret)
    accepted(hai_duong, second)
    with refused(hai_duong, BadInput):
        accepted(hai_duong, second)
    with hai_duong.database.reading() as session, pytest.raises(BadInput):
        invitee(session, second, now=NOW)


def test_a_person_between_two_looks_is_erased_and_gets_no_account(hai_duong):
    secret, person = invited(hai_duong, "xa"), hai_duong.people["xa"]
    with hai_duong.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE person SET handle = id WHERE id = '{person}'")

    with refused(hai_duong, BadInput):
        accepted(hai_duong, secret)


def test_whoever_accepts_again_begins_anew(hai_duong):
    accepted(hai_duong, invited(hai_duong, "xa"))
    begun = signed_in(hai_duong, "xa")

    accepted(hai_duong, invited(hai_duong, "xa"))

    with hai_duong.database.reading() as session:
        assert caller_of_session(session.connection(), begun.secret, NOW) is None
        assert caller_of_token(session.connection(), begun.secret, NOW) is None


def test_a_first_code_confirms_the_second_factor_and_only_of_an_invitation_just_accepted(hai_duong):
    secret = invited(hai_duong, "so")
    with refused(hai_duong, BadInput):
        confirmed(hai_duong, secret, "123456")
    made = accepted(hai_duong, secret)
    phone = pyotp.TOTP(made.totp_secret)
    assert made.totp_secret in made.totp_address

    with refused(hai_duong, SignInFailed):
        confirmed(hai_duong, secret, phone.at(NOW, counter_offset=5))
    confirmed(hai_duong, secret, phone.at(NOW))

    [account] = rows(hai_duong, "account")
    assert account["totp_confirmed_at"] == NOW
    with refused(hai_duong, BadInput):
        confirmed(hai_duong, secret, phone.at(NOW, counter_offset=1))


def test_a_role_that_decides_nothing_has_no_second_factor_to_confirm(hai_duong):
    secret = invited(hai_duong, "xa")

    made = accepted(hai_duong, secret)

    assert (made.totp_secret, made.totp_address) == (None, None)
    with refused(hai_duong, BadInput):
        confirmed(hai_duong, secret, "123456")


def test_a_code_that_was_taken_meanwhile_confirms_nothing(hai_duong):
    secret = invited(hai_duong, "so")
    made = accepted(hai_duong, secret)
    code = pyotp.TOTP(made.totp_secret).at(NOW)
    with hai_duong.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE account SET totp_step = {int(NOW.timestamp()) // 30}")

    with refused(hai_duong, SignInFailed):
        confirmed(hai_duong, secret, code)


def test_a_password_that_changed_between_two_looks_lets_nobody_in(hai_duong):
    accepted(hai_duong, invited(hai_duong, "xa"))
    with hai_duong.writing() as session:
        attempt = begin_attempt(session, "xa", "192.0.2.7", now=NOW)
        nobody = begin_attempt(session, "ai-do", "192.0.2.7", now=NOW)
        session.connection().exec_driver_sql("UPDATE account SET password = 'another'")

    proof = Proof(code=None, agent="")
    with hai_duong.writing() as session:
        for made in (attempt, nobody, Attempt(attempt.person, None, "", ())):
            assert sign_in(session, made, proof, now=NOW, rng=hai_duong.rng) is None
            assert not change_password(session, made, "other", keep="", now=NOW, rng=hai_duong.rng)

    assert rows(hai_duong, "sign_in") == []
    assert HASH not in repr(attempt)


def test_sessions_are_ended_by_their_owner_one_or_all_and_by_nobody_else(hai_duong):
    accepted(hai_duong, invited(hai_duong, "xa"))
    person = hai_duong.people["xa"]
    first, second = signed_in(hai_duong, "xa"), signed_in(hai_duong, "xa")

    def ended(by: str, of: str = person, only: str | None = None) -> int:
        with hai_duong.writing() as session:
            return end_sessions(session, of, hai_duong.act(by), now=NOW, rng=hai_duong.rng, only=only)

    with refused(hai_duong, NotAllowed):
        ended("so")
    with refused(hai_duong, NotFound):
        ended("quantri", "p-nobody")
    assert ended("xa", only=first.session) == 1
    with refused(hai_duong, NotFound):
        ended("xa", only=first.session)
    assert ended("xa") == 1
    assert ended("xa") == 0
    with hai_duong.database.reading() as session:
        assert caller_of_session(session.connection(), second.secret, NOW) is None


@pytest.mark.parametrize("altering", ["UPDATE access_event SET kind = 'x'", "DELETE FROM access_event"])
def test_what_was_written_down_is_neither_changed_nor_removed(province, altering):
    invited(province, "xa")

    with pytest.raises(Exception, match=r"append-only|permission denied"), province.writing() as session:
        session.connection().exec_driver_sql(altering)
