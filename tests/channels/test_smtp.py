"""Mail to a real server on loopback: one that is down, slow, refuses, wants a login, or dies after DATA."""

import ssl

import pytest

from dossier_engine.channels.smtp import MailServer, Smtp
from dossier_engine.commands.deliver import Verdict
from dossier_engine.errors import ChannelDown
from tests.channels.conftest import Certificates
from tests.channels.letters import a_letter
from tests.channels.servers import Mailbox, free_port, mail_server

SENDER = "ntm@haiduong.example.vn"
RIGHT = "open sesame"


def to(box: Mailbox, **asked) -> Smtp:
    server = {name: asked.pop(name) for name in ("security", "user", "password") if name in asked}
    trust = asked.pop("trust", ssl.create_default_context())
    return Smtp(
        MailServer("127.0.0.1", box.port, **{"security": "plain", **server}), SENDER, trust, timeout=2.0, **asked
    )


def test_a_batch_goes_over_one_connection_and_arrives_as_it_was_written():
    with mail_server(Mailbox()) as box, to(box).opened() as send:
        verdicts = [send(a_letter(f"xa{n}@example.vn", seal=f"t{n}")) for n in range(3)]

    assert verdicts == [Verdict("sent")] * 3
    assert box.connections == 1
    mail = box.mails[0]
    assert mail["Subject"] == a_letter().mail.subject
    assert (mail["To"], mail["From"]) == ("Nguyễn Thị Hoa <xa0@example.vn>", f"NTM <{SENDER}>")
    assert mail["Message-ID"] == "<t0@haiduong.example.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert mail.get_body(("plain",)).get_content().splitlines() == a_letter().mail.text.splitlines()
    assert "<p>" in mail.get_body(("html",)).get_content()


def test_only_a_digest_can_be_unsubscribed_from():
    with mail_server(Mailbox()) as box, to(box).opened() as send:
        send(a_letter(is_digest=True))

    assert box.mails[0]["List-Unsubscribe"] == f"<mailto:{SENDER}?subject=unsubscribe>"


def test_a_server_that_is_down_is_said_to_be_down_before_anything_is_claimed():
    with pytest.raises(ChannelDown) as refusal, to(Mailbox(port=free_port())).opened():
        pass

    assert refusal.value.facts["why"] == "no_answer"


@pytest.mark.parametrize(("told", "word"), [("550 no such user", "refused"), ("451 greylisted", "again")])
def test_a_refused_address_does_not_stop_the_batch(told, word):
    with mail_server(Mailbox(refused={"gone@example.vn": told})) as box, to(box).opened() as send:
        verdicts = [send(a_letter(address)) for address in ("a@example.vn", "gone@example.vn", "b@example.vn")]

    assert verdicts == [Verdict("sent"), Verdict(word, told), Verdict("sent")]
    assert box.recipients == ["a@example.vn", "b@example.vn"]
    assert box.connections == 1


@pytest.mark.parametrize(("told", "word"), [("554 spam", "refused"), ("452 full", "again")])
def test_a_mail_that_is_not_taken_is_judged_by_the_servers_word(told, word):
    with mail_server(Mailbox(answer=told)) as box, to(box).opened() as send:
        verdict = send(a_letter())

    assert verdict == Verdict(word, told)


def test_a_connection_lost_after_the_data_is_unknown_so_it_is_tried_again_with_the_same_id():
    with mail_server(Mailbox(hangs_up_after_data=1)) as box, to(box).opened() as send:
        verdicts = [send(a_letter(seal="same")), send(a_letter(seal="same"))]

    assert [v.word for v in verdicts] == ["again", "sent"]
    assert [mail["Message-ID"] for mail in box.mails] == ["<same@haiduong.example.vn>"] * 2
    assert box.connections == 2


def test_a_silent_server_costs_one_timeout_and_the_mail_is_tried_again():
    with mail_server(Mailbox(silence=3.0)) as box:
        slow = Smtp(MailServer("127.0.0.1", box.port, "plain"), SENDER, ssl.create_default_context(), timeout=0.3)
        with slow.opened() as send:
            verdict = send(a_letter())

    assert verdict.word == "again"
    assert "connection lost" in (verdict.error or "")


def test_a_server_that_does_not_come_back_leaves_the_rest_untried():
    box = Mailbox(hangs_up_after_data=1)
    with mail_server(box):
        opened = to(box).opened()
        send = opened.__enter__()
        first = send(a_letter())
    rest = [send(a_letter()) for _ in range(3)]
    opened.__exit__(None, None, None)

    assert first.word == "again"
    assert rest == [Verdict("untried", "no_answer")] * 3


def test_a_hang_up_at_an_address_is_survived():
    with mail_server(Mailbox(refused={"a@example.vn": "421 going down"})) as box, to(box).opened() as send:
        verdicts = [send(a_letter("a@example.vn")), send(a_letter("b@example.vn"))]

    assert [v.word for v in verdicts] == ["again", "sent"]


@pytest.mark.parametrize("wrong", ["wrong", "sai mật khẩu"])
def test_a_login_is_made_over_starttls(wrong, certificates: Certificates):
    with mail_server(Mailbox(password=RIGHT), certificates.server) as box:
        good = to(box, security="starttls", user="ntm", password=RIGHT, trust=certificates.client)
        bad = to(box, security="starttls", user="ntm", password=wrong, trust=certificates.client)
        with good.opened() as send:
            verdict = send(a_letter())
        with pytest.raises(ChannelDown) as refusal, bad.opened():
            pass

    assert verdict == Verdict("sent")
    assert refusal.value.facts["why"] == "login_refused"


def test_tls_from_the_first_byte(certificates: Certificates):
    with (
        mail_server(Mailbox(), certificates.server, from_the_start=True) as box,
        to(box, security="tls", trust=certificates.client).opened() as send,
    ):
        verdict = send(a_letter())

    assert verdict == Verdict("sent")


def test_a_certificate_nobody_knows_and_a_server_without_starttls_are_not_secure(certificates: Certificates):
    with (
        mail_server(Mailbox(), certificates.server) as box,
        pytest.raises(ChannelDown) as unknown,
        to(box, security="starttls", trust=certificates.stranger).opened(),
    ):
        pass
    with (
        mail_server(Mailbox()) as box,
        pytest.raises(ChannelDown) as without,
        to(box, security="starttls", trust=certificates.client).opened(),
    ):
        pass

    assert unknown.value.facts["why"] == without.value.facts["why"] == "not_secure"


def test_a_sender_that_is_not_taken_is_for_somebody_to_set_right_and_kills_no_mail():
    with mail_server(Mailbox(sender="530 authentication required")) as box, to(box).opened() as send:
        verdict = send(a_letter())

    assert verdict.word == "again"
    assert (verdict.error or "").startswith("530")


def test_a_letter_no_mail_can_be_made_of_is_refused_and_the_next_one_goes():
    with mail_server(Mailbox()) as box, to(box).opened() as send:
        verdicts = [send(a_letter("not an address")), send(a_letter())]

    assert [v.word for v in verdicts] == ["refused", "sent"]
