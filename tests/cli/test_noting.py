"""What auditors and administrators look at is noted before they see it, and what others look at is not."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.lines import RECOGNISED
from tests.cli.terminal import alter


def reads(home: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(home / "dossier.db")) as connection:
        rows = connection.execute("SELECT entry FROM history WHERE stream = 'reads' ORDER BY seq")
        return [json.loads(entry) for (entry,) in rows]


def typed(home: Path) -> dict[str, str]:
    with closing(sqlite3.connect(home / "dossier.db")) as connection:
        return dict(connection.execute("SELECT name, value FROM private WHERE stream = 'reads' AND name <> 'os_user'"))


@pytest.mark.parametrize(("handle", "role"), [("thanhtra", "auditor"), ("quantri", "administrator")])
def test_a_list_is_noted_with_its_filters_and_how_many_were_shown(dossier, home, handle, role):
    said = dossier(f"list --year 2025 --holder district_reviewer --limit 10 --as {handle} --json")

    (entry,) = reads(home)
    assert (entry["kind"], entry["channel"], entry["actor"]["role"]) == ("read", "cli", role)
    assert entry["body"] == {
        "what": "list", "asked": {"year": 2025, "holder": "district_reviewer", "limit": 10}, "count": len(said.json),
    }  # fmt: skip
    assert list(entry["private"]) == ["os_user"]


def test_a_name_searched_for_is_kept_beside_the_entry(dossier, home):
    dossier("list --name 'cam hung' --district 'cam giang' --as thanhtra")

    assert reads(home)[0]["body"]["asked"] == {"limit": 50}
    assert typed(home) == {"name": "cam hung", "district": "cam giang"}


@pytest.mark.parametrize(("line", "what", "asked"), [
    (f"show '{RECOGNISED.lower().replace('-', ' ')}'", "show", {"code": RECOGNISED}),
    (f"history {RECOGNISED}", "history", {"code": RECOGNISED}),
    ("deadline list --days 300", "deadline.list", {"days": 300}),
    ("reminders account --from 01/04/2024 --to 2024-12-31 --all", "reminders.account",
     {"first": "01/04/2024", "last": "2024-12-31", "every": True}),
    ("incident list", "incident.list", {}),
    ("coverage --nobody", "coverage", {"nobody": True}),
])  # fmt: skip
def test_every_command_that_may_be_asked_as_somebody_is_noted(dossier, home, line, what, asked):
    assert dossier(f"{line} --as thanhtra").code == 0

    (entry,) = reads(home)
    assert (entry["body"]["what"], entry["body"]["asked"]) == (what, asked)


def test_whoever_the_environment_names_is_noted_too(dossier, home, monkeypatch):
    monkeypatch.setenv("DOSSIER_PERSON", "quantri")

    dossier("person list")

    assert [entry["body"]["what"] for entry in reads(home)] == ["person.list"]


@pytest.mark.parametrize("who", ["", "--as huyen", "--as bcd"])
def test_nobody_else_is_noted(dossier, home, who):
    assert dossier(f"list {who}").code == 0

    assert reads(home) == []


def test_what_is_refused_shows_nothing_and_is_not_noted(dossier, home):
    assert dossier("list --state nowhere --as thanhtra").code == 5

    assert reads(home) == []


def test_what_cannot_be_noted_is_not_shown(dossier, home):
    alter(home, "CREATE TRIGGER stop BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'no'); END")

    said = dossier("list --as thanhtra")

    assert said.code != 0
    assert said.out == ""
