"""`dossier deliver` and its neighbours, as they are typed, with real servers at the other end."""

import random
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.adoption import adopt_province
from dossier_engine.cli import run
from dossier_engine.commands.people import change_address
from dossier_engine.commands.sweep import sweep
from dossier_engine.commands.webhooks import add_webhook
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.rules.pace import standing
from tests.channels.servers import Mailbox, Site, free_port, mail_server, web_server
from tests.cli.terminal import Said
from tests.makers import SETUP, a_province, at

HOSTS = frozenset({"127.0.0.1"})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which one reminder waits for its mail."""
    database = Database(f"sqlite:///{tmp_path / 'dossier.db'}")
    upgrade(database)
    province = a_province(database)
    with province.writing() as session:
        now = datetime.now(UTC)  # noqa: TID251  # its clock shows the true time
        adopt_province(session, SETUP, now=at("2024-01-02"), rng=random.Random(1), pace=standing(now, now))
        change_address(session, province.people["xa"], "xa@example.vn", SETUP, now=at("2024-01-02"), rng=province.rng)
    province.register("xa", on="2024-04-15")
    with province.writing() as session:
        sweep(session, province.law, now=at("2024-07-31", 7), rng=province.rng)
    database.close()
    for variable in ("DOSSIER_DATABASE_URL", "DOSSIER_LANG", "DOSSIER_SMTP_URL", "DOSSIER_MAIL_FROM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DOSSIER_HOME", str(tmp_path))
    return tmp_path


def typed(line: str, capsys: pytest.CaptureFixture[str]) -> Said:
    code = run(shlex.split(line))
    streams = capsys.readouterr()
    return Said(code, streams.out, streams.err)


def to(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOSSIER_SMTP_URL", f"smtp://127.0.0.1:{box.port}")
    monkeypatch.setenv("DOSSIER_MAIL_FROM", "ntm@example.vn")


def test_a_demonstration_sends_into_a_folder(home, capsys):
    said = typed("deliver --json", capsys)

    assert (said.code, said.json["mails_sent"]) == (0, 1)
    assert [file.suffix for file in (home / "mail").iterdir()] == [".eml"]


@pytest.mark.usefixtures("home")
def test_a_server_that_cannot_be_reached_is_a_service_that_is_down(capsys, monkeypatch):
    to(Mailbox(port=free_port()), monkeypatch)

    said = typed("deliver", capsys)

    assert said.code == 9
    assert "không có trả lời" in said.err


@pytest.mark.usefixtures("home")
def test_a_dead_letter_is_listed_revived_and_sent(capsys, monkeypatch):
    with mail_server(Mailbox(refused={"xa@example.vn": "550 no such user"})) as box:
        to(box, monkeypatch)
        given_up = typed("deliver", capsys)
        [listed] = typed("delivery list --dead --json", capsys).json
        box.refused.clear()
        revived = typed(f"delivery resend {listed['delivery']}", capsys)
        again = typed("deliver --json", capsys)
        twice = typed(f"delivery resend {listed['delivery']}", capsys)
        neither = typed("delivery resend", capsys)

    assert (given_up.code, revived.code) == (0, 0)
    assert "dossier delivery list --dead" in given_up.err
    assert (listed["recipient"], listed["error"], listed["attempts"]) == ("xa", "550 no such user", 1)
    assert (again.json["mails_sent"], twice.code, neither.code) == (1, 5, 7)


def a_webhook(home: Path, site: Site) -> str:
    database = Database(f"sqlite:///{home / 'dossier.db'}")
    with database.writing() as session:
        made, _ = add_webhook(session, f"http://127.0.0.1:{site.port}/", "30", SETUP, hosts=HOSTS, now=at("2024-01-03"),
                              rng=random.Random(3))  # fmt: skip
    database.close()
    return made


@pytest.mark.parametrize(("status", "code"), [(200, 0), (500, 9)])
def test_a_webhook_is_tried(status: int, code: int, home: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOSSIER_WEBHOOK_ALLOW", "127.0.0.1")
    monkeypatch.setenv("DOSSIER_WEBHOOK_NETWORKS", "127.0.0.0/8")
    with web_server(Site(status)) as site:
        said = typed(f"webhook test {a_webhook(home, site)} --json", capsys)

    assert said.code == code
    assert b'"type":"vn.ntm.test"' in site.posts[0][2]


@pytest.mark.usefixtures("home")
def test_the_doctor_says_where_mail_goes(capsys, monkeypatch):
    to(Mailbox(port=2525), monkeypatch)

    said = typed("doctor --json", capsys)

    assert {"check": "mail", "result": "good", "detail": "127.0.0.1:2525"} in said.json
