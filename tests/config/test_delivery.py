"""A round of sending from end to end: what is due goes, once, and what does not go is accounted for."""

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import select

from config import delivery
from config.settings import Settings, read
from config.wiring import Engine
from dossier_engine.commands.deliver import Settled
from dossier_engine.commands.people import change_address
from dossier_engine.commands.sweep import sweep
from dossier_engine.commands.webhooks import add_webhook
from dossier_engine.errors import BadInput
from dossier_engine.records.tables import TABLES
from tests.channels.servers import Mailbox, Site, free_port, mail_server, web_server
from tests.makers import SETUP, Province, at

_DELIVERY = TABLES["delivery"]
WHERE = {"DOSSIER_SMTP_URL": "smtp://127.0.0.1:25", "DOSSIER_MAIL_FROM": "ntm@example.vn"}


def an_engine(province: Province, home: Path, now: datetime, **settings) -> Engine:
    url = province.database.url.render_as_string(hide_password=False)
    made = replace(Settings(home, url, url, "vi", None), **settings)
    return Engine(made, province.database, province.rng, lambda: now)


def waiting(province: Province, *handles: str) -> datetime:
    """A reminder for each, due to be sent; the hour for it."""
    with province.writing() as session:
        for handle in handles:
            change_address(session, province.people[handle], f"{handle}@example.vn", SETUP, now=at("2024-01-02"),
                           rng=province.rng)  # fmt: skip
    province.register("xa", on="2024-04-15")
    province.register("xa2", "10924", on="2024-04-15")
    with province.writing() as session:
        sweep(session, province.law, now=at("2024-07-31", 7), rng=province.rng)
    return at("2024-07-31", 9)


def statuses(province: Province) -> list[str]:
    with province.database.reading() as session:
        return sorted(session.execute(select(_DELIVERY.c.status)).scalars())


def to(box: Mailbox) -> dict[str, str]:
    return {"smtp_url": f"smtp://127.0.0.1:{box.port}", "mail_from": "ntm@example.vn"}


def test_what_is_due_goes_once(province, tmp_path):
    now = waiting(province, "xa", "xa2")
    with mail_server(Mailbox()) as box:
        engine = an_engine(province, tmp_path, now, **to(box))
        told: list[int] = []
        first = delivery.round(engine, told=told.append)
        second = delivery.round(engine)

    assert (first.mails, first.down, first.mail_goes) == (Settled(sent=2), (), True)
    assert second.mails == Settled()
    assert sorted(box.recipients) == ["xa2@example.vn", "xa@example.vn"]
    assert box.connections == 1
    assert sum(told) == 2


def test_a_server_that_is_down_is_said_and_no_try_is_lost(province, tmp_path):
    now = waiting(province, "xa")

    done = delivery.round(an_engine(province, tmp_path, now, **to(Mailbox(port=free_port()))))

    assert [refusal.code for refusal in done.down] == ["channel_down"]
    with province.database.reading() as session:
        assert session.execute(select(_DELIVERY.c.status, _DELIVERY.c.attempts)).all() == [("waiting", 0)]


def test_a_round_takes_no_more_than_it_may_and_ends_when_the_server_goes(province, tmp_path, monkeypatch):
    now = waiting(province, "xa", "xa2")
    monkeypatch.setattr(delivery, "_BATCH", 1)
    with mail_server(Mailbox()) as box:
        one = delivery.round(an_engine(province, tmp_path, now, **to(box)), most=1)
        rest = delivery.round(an_engine(province, tmp_path, now, **to(box)))

    assert (one.mails, rest.mails) == (Settled(sent=1), Settled(sent=1))


def test_what_was_not_tried_in_time_goes_back(province, tmp_path, monkeypatch):
    now = waiting(province, "xa", "xa2")
    monkeypatch.setattr(delivery, "_PATIENCE_SECONDS", -1)
    with mail_server(Mailbox()) as box:
        done = delivery.round(an_engine(province, tmp_path, now, **to(box)))

    assert (done.mails, box.mails) == (Settled(waiting=2), [])
    assert statuses(province) == ["waiting", "waiting"]


def test_without_a_server_nothing_is_sent_and_it_is_said(province, tmp_path):
    now = waiting(province, "xa")

    done = delivery.round(an_engine(province, tmp_path, now))

    assert not done.mail_goes
    assert statuses(province) == ["waiting"]


def test_events_and_mails_do_not_wait_for_each_other(province, tmp_path):
    with web_server(Site()) as site:
        with province.writing() as session:
            add_webhook(session, f"http://127.0.0.1:{site.port}/", "30", province.act("quantri"),
                        hosts=frozenset({"127.0.0.1"}), now=at("2024-01-03"), rng=province.rng)  # fmt: skip
        now = waiting(province, "xa")
        engine = an_engine(province, tmp_path, now, webhook_hosts=frozenset({"127.0.0.1"}),
                           webhook_networks=(ip_network("127.0.0.0/8"),), **to(Mailbox(port=free_port())))  # fmt: skip
        done = delivery.round(engine)

    assert done.published == done.events.sent == len(site.posts)
    assert done.published >= 2
    assert done.down


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.vn", ("mail.example.vn", 25, "plain", None, None)),
        ("smtp://ntm:p%40ss@mail.example.vn?starttls=1", ("mail.example.vn", 587, "starttls", "ntm", "p@ss")),
        ("smtp://mail.example.vn:2525?starttls=0", ("mail.example.vn", 2525, "plain", None, None)),
        ("smtps://ntm:x@mail.example.vn", ("mail.example.vn", 465, "tls", "ntm", "x")),
    ],
)
def test_a_mail_server_is_read_from_its_url(url, expected, province, tmp_path):
    channel = delivery.mail_channel(an_engine(province, tmp_path, at("2024-07-31"), smtp_url=url))

    server = channel.server
    assert (server.host, server.port, server.security, server.user, server.password) == expected
    assert "ss" not in channel.name


def test_a_folder_is_read_from_its_url_and_an_unknown_option_is_refused(province, tmp_path):
    folder = delivery.mail_channel(an_engine(province, tmp_path, at("2024-07-31"), smtp_url="folder:///var/th%C6%B0"))
    with pytest.raises(BadInput):
        delivery.mail_channel(an_engine(province, tmp_path, at("2024-07-31"), smtp_url="smtp://x?tls=1"))

    assert folder.name == "/var/thư"


def test_what_leaves_the_house_is_read_from_the_environment():
    found = read(WHERE | {"DOSSIER_BASE_URL": "https://ntm.example.vn/", "DOSSIER_WEBHOOK_ALLOW": "A.example.vn, b.vn",
                          "DOSSIER_WEBHOOK_NETWORKS": "10.1.0.0/16"})  # fmt: skip

    assert (found.smtp_url, found.mail_from) == ("smtp://127.0.0.1:25", "ntm@example.vn")
    assert found.base_url == "https://ntm.example.vn"
    assert found.webhook_hosts == {"a.example.vn", "b.vn"}
    assert found.webhook_networks == (ip_network("10.1.0.0/16"),)


@pytest.mark.parametrize(
    ("environment", "field"),
    [
        ({**WHERE, "DOSSIER_SMTP_URL": "http://x"}, "DOSSIER_SMTP_URL"),
        ({**WHERE, "DOSSIER_SMTP_URL": "smtp://x:port"}, "DOSSIER_SMTP_URL"),
        ({**WHERE, "DOSSIER_SMTP_URL": "folder:"}, "DOSSIER_SMTP_URL"),
        ({**WHERE, "DOSSIER_MAIL_FROM": ""}, "DOSSIER_MAIL_FROM"),
        ({**WHERE, "DOSSIER_MAIL_FROM": "a@b\nBcc: c@d"}, "DOSSIER_MAIL_FROM"),
        ({"DOSSIER_BASE_URL": "ntm.example.vn"}, "DOSSIER_BASE_URL"),
        ({"DOSSIER_WEBHOOK_NETWORKS": "10.1.0.1/16"}, "DOSSIER_WEBHOOK_NETWORKS"),
    ],
)
def test_an_unsound_setting_stops_the_start_and_is_named(environment, field):
    with pytest.raises(BadInput) as refusal:
        read(environment)

    assert refusal.value.facts["field"] == field
