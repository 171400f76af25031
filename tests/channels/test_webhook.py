"""Events to a real server on loopback: signed, and nowhere that was not allowed."""

import json
import socket
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from dossier_engine.channels.webhook import Webhooks, signature
from dossier_engine.commands.deliver import Verdict
from tests.channels.conftest import Certificates
from tests.channels.letters import SECRET, an_event
from tests.channels.servers import Site, free_port, web_server

pytestmark = pytest.mark.slow

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
NOW = datetime(2024, 7, 24, 2, tzinfo=UTC)


def hooks(certificates: Certificates, *hosts: str, networks=LOOPBACK, trust=None) -> Webhooks:
    return Webhooks(frozenset(hosts or ("127.0.0.1", "localhost")), networks, trust or certificates.client, lambda: NOW,
                    timeout=2.0)  # fmt: skip


def posted(channel: Webhooks, url: str) -> Verdict:
    with channel.opened() as send:
        return send(an_event(url))


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_an_event_arrives_signed(scheme, certificates):
    trust = certificates.server if scheme == "https" else None
    with web_server(Site(), trust) as site:
        verdict = posted(hooks(certificates), f"{scheme}://localhost:{site.port}/ntm?k=1")

    assert verdict == Verdict("sent")
    [(path, headers, body)] = site.posts
    assert path == "/ntm?k=1"
    assert headers["host"] == f"localhost:{site.port}"
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert headers["webhook-id"] == "event/dossier/HD-2024-NC-0001/3"
    stamp = headers["webhook-timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == signature(SECRET, headers["webhook-id"], stamp, body)
    assert headers["webhook-signature"] != signature(SECRET, headers["webhook-id"], stamp, body + b" ")
    assert json.loads(body) == {"specversion": "1.0"}


def test_the_signature_is_that_of_the_published_example():
    # The example of the Standard Webhooks specification.
    made = signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                     b'{"test": 2432232314}')  # fmt: skip

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.asvs("V1.3.6")
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status, certificates):
    with web_server(Site()) as other, web_server(Site(status, {"Location": "http://127.0.0.1:1/"})) as site:
        site.headers["Location"] = f"http://localhost:{other.port}/"
        verdict = posted(hooks(certificates), f"http://localhost:{site.port}/")

    assert verdict == Verdict("again", f"HTTP {status}")
    assert other.posts == []


@pytest.mark.parametrize(("status", "word"), [(500, "again"), (404, "again"), (429, "again"), (410, "refused")])
def test_an_answer_that_is_no_success_is_tried_again_unless_it_is_gone(status, word, certificates):
    with web_server(Site(status)) as site:
        verdict = posted(hooks(certificates), f"http://localhost:{site.port}/")

    assert verdict == Verdict(word, f"HTTP {status}")


def test_nobody_there_is_tried_again(certificates):
    verdict = posted(hooks(certificates), f"http://localhost:{free_port()}/")

    assert verdict.word == "again"


def test_a_server_that_does_not_answer_is_asked_once_and_the_others_need_not_wait(certificates):
    dead = free_port()
    with web_server(Site()) as site, hooks(certificates).opened() as send:
        first = send(an_event(f"http://localhost:{dead}/"))
        with web_server(Site(), port=dead) as late:
            second = send(an_event(f"http://localhost:{dead}/"))
        other = send(an_event(f"http://localhost:{site.port}/"))

    assert (first, late.posts) == (second, [])
    assert (first.word, other.word) == ("again", "sent")


def test_a_certificate_nobody_knows_gets_nothing(certificates):
    with web_server(Site(), certificates.server) as site:
        verdict = posted(hooks(certificates, trust=certificates.stranger), f"https://localhost:{site.port}/")

    assert verdict.word == "again"
    assert site.posts == []


@pytest.mark.asvs("V1.3.6")
def test_a_host_that_is_not_on_the_list_is_not_even_looked_up(certificates, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))

    assert posted(hooks(certificates), "https://evil.example.org/") == Verdict("refused", "host_not_allowed")


@pytest.mark.asvs("V1.3.6")
@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
     "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::"],
)  # fmt: skip
def test_a_name_that_leads_to_an_address_which_is_not_public_is_refused(address, certificates, monkeypatch):
    lead(monkeypatch, "203.0.113.7", address)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))

    found = posted(hooks(certificates, "hooks.example.vn", networks=()), "https://hooks.example.vn/")

    assert found == Verdict("refused", "address_not_allowed")


def test_without_tls_nothing_leaves_for_a_public_address(certificates, monkeypatch):
    lead(monkeypatch, "8.8.8.8")

    found = posted(hooks(certificates, "hooks.example.vn"), "http://hooks.example.vn/")

    assert found == Verdict("refused", "address_not_allowed")


@pytest.mark.asvs("V1.3.6")
def test_the_connection_goes_to_the_address_that_was_judged(certificates, monkeypatch):
    connected = []
    lead(monkeypatch, "8.8.8.8")

    def connect(address: tuple[str, int], _timeout: float) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    found = posted(hooks(certificates, "hooks.example.vn", networks=()), "https://hooks.example.vn/")

    assert connected == [("8.8.8.8", 443)]
    assert found.word == "again"


def lead(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name have these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
