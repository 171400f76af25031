"""Accounts and tokens at the command line: secrets are shown once, as data, and work."""

from datetime import UTC, datetime

import pytest

from dossier_engine.commands.invite import invitee
from dossier_engine.errors import BadInput
from dossier_engine.records.callers import caller_of_token
from dossier_engine.records.database import Database
from tests.makers import at

NOW = at("2024-12-09", 8)


def test_an_invitation_is_printed_for_whoever_is_to_hand_it_over(dossier, home):
    said = dossier("account invite xa2 --as quantri --json")

    made = said.json
    assert made["secret"] not in said.err
    assert datetime.fromisoformat(made["expires_at"]).astimezone(UTC).date().isoformat() == "2024-12-16"
    database = Database(f"sqlite:///{home / 'dossier.db'}")
    with database.reading() as session:
        assert invitee(session, made["secret"], now=NOW).handle == "xa2"
        with pytest.raises(BadInput):
            invitee(session, made["secret"][:-1], now=NOW)
    database.close()
    listed = {row["handle"]: row for row in dossier("account list --json").json}
    assert listed["xa2"]["invited_until"] == made["expires_at"]
    assert listed["xa"]["invited_until"] is None
    assert (listed["xa"]["sessions"], listed["xa2"]["sessions"]) == (1, 0)


def test_a_token_is_shown_once_and_lets_a_program_in_until_it_is_revoked(dossier, home):
    made = dossier("token issue --name 'báo cáo' --scope read --scope write --days 30 --as xa2 --json").json
    listed = dossier("token list --person xa2").out
    database = Database(f"sqlite:///{home / 'dossier.db'}")

    def is_in() -> bool:
        with database.reading() as session:
            return caller_of_token(session.connection(), made["secret"], NOW) is not None

    assert made["scopes"] == ["read", "write"]
    assert made["token"] in listed
    assert made["secret"] not in listed
    assert is_in()
    assert dossier(f"token revoke {made['token']} --as xa2").code == 0
    assert not is_in()
    database.close()


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (4, "account invite xa2 --as so"),
        (4, "account end-sessions xa --as xa2"),
        (4, "token revoke aaaaaaaaaaaaaaaa --as xa2"),
        (5, "account invite ai-do --as quantri"),
        (5, "account end-sessions xa --session s --as xa"),
        (7, "token issue --name x --scope audit --days 30 --as xa"),
        (7, "token issue --name x --scope read --days 365 --as xa"),
    ],
)
def test_what_is_refused_says_so_in_words(code, line, dossier):
    said = dossier(line)

    assert (said.code, said.out) == (code, "")
    assert "{" not in said.err


def test_one_session_is_ended_by_its_number(dossier):
    assert "bbbbbbbbbbbbbbbb" in dossier("account sessions xa").out

    assert dossier("account end-sessions xa --session bbbbbbbbbbbbbbbb --as xa").code == 0

    assert dossier("account sessions xa --json").json == []
