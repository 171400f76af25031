"""Tokens of programs: issued to oneself, no wider than one's roles, revoked by oneself or an administrator."""

from datetime import timedelta

import pytest

from dossier_engine.commands.tokens import Issued, IssueToken, issue_token, revoke_token
from dossier_engine.errors import BadInput, NotAllowed, NotFound
from dossier_engine.records.callers import caller_of_token
from tests.commands.looking import refused, rows
from tests.makers import SETUP, Province, at

NOW = at("2024-05-06", 8)


def issued(province: Province, handle: str = "xa", name: str = "báo cáo", scopes=("read",), days: int = 30) -> Issued:
    act = province.act(handle) if handle in province.people else SETUP
    order = IssueToken(name=name, scopes=scopes, days=days, act=act)
    with province.writing() as session:
        return issue_token(session, order, now=NOW, rng=province.rng)


def revoked(province: Province, token: str, handle: str) -> None:
    with province.writing() as session:
        revoke_token(session, token, province.act(handle), now=NOW, rng=province.rng)


def test_a_token_is_issued_to_whoever_asks_and_it_is_written_down(hai_duong):
    made = issued(hai_duong, name="  báo cáo tháng ", scopes=("write", "read"), days=90)

    assert (made.scopes, made.expires_at) == (("read", "write"), NOW + timedelta(days=90))
    [row], [event] = rows(hai_duong, "api_token"), rows(hai_duong, "access_event")
    assert (row["name"], row["scopes"], row["person"]) == ("báo cáo tháng", "read write", hai_duong.people["xa"])
    assert (event["kind"], event["by"], event["detail"]) == ("token_issued", hai_duong.people["xa"], made.id)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"name": "  "}, "missing"),
        ({"name": "x" * 101}, "not_a_token_name"),
        ({"name": "báo\ncáo"}, "not_a_token_name"),
        ({"scopes": ()}, "missing"),
        ({"scopes": ("audit",)}, "scope_of_auditors"),
        ({"handle": "thanhtra", "scopes": ("read", "write")}, "auditors_only_read"),
        ({"days": 91}, "token_too_long"),
    ],
)
def test_what_may_not_be_asked_for_is_refused(hai_duong, asked, why):
    with refused(hai_duong, BadInput) as refusal:
        issued(hai_duong, **asked)

    assert refusal.value.facts["why"] == why


def test_an_auditor_has_a_token_to_look_at_everything(hai_duong):
    made = issued(hai_duong, "thanhtra", scopes=("read", "audit"))

    with hai_duong.database.reading() as session:
        assert caller_of_token(session.connection(), made.text, NOW).scopes == {"read", "audit"}


def test_machines_have_no_tokens(hai_duong):
    with refused(hai_duong, NotFound):
        issued(hai_duong, "system:setup")


@pytest.mark.parametrize("by", ["xa", "quantri"])
def test_a_token_is_revoked_once_by_its_owner_or_an_administrator(hai_duong, by):
    made, other = issued(hai_duong), issued(hai_duong)

    revoked(hai_duong, made.id, by)

    with hai_duong.database.reading() as session:
        assert caller_of_token(session.connection(), made.text, NOW) is None
        assert caller_of_token(session.connection(), other.text, NOW)
    with refused(hai_duong, NotFound):
        revoked(hai_duong, made.id, by)


def test_nobody_revokes_what_is_another_s_or_not_there(hai_duong):
    made = issued(hai_duong)

    with refused(hai_duong, NotAllowed):
        revoked(hai_duong, made.id, "so")
    with refused(hai_duong, NotFound):
        revoked(hai_duong, "a" * 16, "xa")
