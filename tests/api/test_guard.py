"""The layer every request passes: what it lets in, how long it waits, what it logs, what it tells browsers."""

import json
import logging
import re
import socket
from ipaddress import ip_network
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from config.logs import JsonLines
from config.wiring import Engine
from dossier_engine.api import guard, serving
from dossier_engine.api.app import routes
from dossier_engine.api.caller import COOKIE
from dossier_engine.api.guard import BODY_LIMIT, HEADERS
from dossier_engine.errors import TooManyRequests
from tests.api.serving import Served, served
from tests.files.making import a_pdf
from tests.makers import LUONG_DIEN

POLICY = "Content-Security-Policy"


def raw(api: Served, *pieces: bytes, wait: float = 10) -> bytes:
    """What comes back for these bytes until the server closes the connection, or nothing more comes."""
    got = b""
    with socket.create_connection(("127.0.0.1", urlsplit(api.url).port), timeout=wait) as asking:
        for piece in pieces:
            asking.sendall(piece)
        try:
            while some := asking.recv(65_536):
                got += some
        except TimeoutError:
            return got + b" ... still open"
        except ConnectionResetError:
            pass
    return got


def head(api: Served, line: str, *headers: str, by: str | None = "xa") -> bytes:
    asked = [f"{line} HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Connection: close", *headers]
    if by is not None:
        asked.append(f"Authorization: Bearer {api.token(by)}")
    return "\r\n".join([*asked, "", ""]).encode()


def lives(api: Served) -> bool:
    return api.client().get(f"{api.url}/healthz").status_code == 200


def logged(caplog, count: int) -> list[str]:
    """The lines of that many answers; a line is written once its answer is on the way."""
    ends = monotonic() + 10
    while True:
        lines = [JsonLines().format(record) for record in caplog.records if record.name == "dossier.api"]
        if len(lines) >= count or monotonic() > ends:
            return lines
        sleep(0.01)


@pytest.mark.asvs("V3.4.1")
@pytest.mark.asvs("V3.4.3")
@pytest.mark.asvs("V3.4.4")
@pytest.mark.asvs("V3.4.5")
@pytest.mark.asvs("V3.4.6")
@pytest.mark.asvs("V16.5.1")
def test_every_kind_of_answer_tells_browsers_what_they_must_not_do(api, monkeypatch):
    code = api.province.register().dossier
    xa, path = api.client("xa"), f"/dossiers/{code}"
    brought = xa.post(f"{path}/files?name=a.pdf", content=a_pdf()).json()["sha256"]
    item = {"minutes": {"date": "2024-04-18", "sha256": brought}}
    api.province.record(code, "xa", "commune_files", item, on="2024-04-20")
    tag = xa.get(path).headers["ETag"]
    answers = {
        200: xa.get(path),
        201: xa.post(f"{path}/files?name=a.pdf", content=a_pdf()),
        304: xa.get(path, headers={"If-None-Match": tag}),
        401: api.client().get(path),
        404: xa.get("/nothing"),
        405: xa.delete(path),
        413: xa.post("/dossiers", content=bytes(BODY_LIMIT + 1)),
        422: xa.post("/dossiers", json={}, headers={"Idempotency-Key": "k" * 8}),
    }
    file = xa.get(f"{path}/files/{brought}")

    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Engine, "law", breaks)
    answers[500] = xa.get(path)

    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    for answer in answers.values():
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert file.status_code == 200
    assert {name: file.headers.get(name) for name in HEADERS} == {**HEADERS, POLICY: "sandbox; default-src 'none'"}


@pytest.mark.asvs("V5.2.1")
def test_a_body_is_never_larger_than_what_its_route_may_take(api):
    much = BODY_LIMIT + 1
    declared = raw(api, head(api, "POST /api/v1/dossiers", f"Content-Length: {much}"))
    chunked = api.client("xa").post("/dossiers", content=(bytes(2**16) for _ in range(20)))
    lying = raw(
        api, head(api, "POST /api/v1/dossiers", "Idempotency-Key: kkkkkkkk", "Content-Length: 2"), b"{}" + bytes(1_000)
    )
    nameless = raw(api, head(api, "PUT /api/v1/dossiers/x/criteria/files", f"Content-Length: {much}", by=None))

    assert b" 413 " in declared[:20]
    assert (chunked.status_code, chunked.json()["code"]) == (413, "body_too_large")
    assert lying.startswith(b"HTTP/1.1 4")
    assert lying.count(b"HTTP/1.1") == 1
    assert b" 413 " in nameless[:20]  # whatever a path ends in, only files may be large
    assert lives(api)


def test_a_body_that_does_not_come_is_not_waited_for(api, monkeypatch):
    code = api.province.register().dossier
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(guard, "FILE_SECONDS", 0.6)

    order = raw(api, head(api, "POST /api/v1/dossiers", "Idempotency-Key: kkkkkkkk", "Content-Length: 99"), b'{"sub')
    file = raw(api, head(api, f"POST /api/v1/dossiers/{code}/files?name=a", "Content-Length: 99"), b"%PDF-")

    assert b" 408 " in order[:20]
    assert b" 408 " in file[:20]
    assert [f for f in api.engine.settings.files.rglob("*") if f.is_file()] == []
    assert lives(api)


def test_headers_that_never_end_or_are_huge_close_the_connection(api, monkeypatch):
    monkeypatch.setattr(serving, "HEADER_SECONDS", 0.3)
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    nothing, half = raw(api), raw(api, b"GET /healthz HTTP/1.1\r\nHost: loc")
    with socket.create_connection(("127.0.0.1", urlsplit(api.url).port), timeout=10) as kept:
        kept.sendall(whole)
        first = kept.recv(65_536)
        kept.sendall(b"GET /hea")
        while second := kept.recv(65_536):  # the rest of the first answer
            first += second
    huge = raw(api, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000)

    assert (nothing, half) == (b"", b"")
    assert first.startswith(b"HTTP/1.1 200 OK")
    assert first.count(b"HTTP/1.1") == 1
    assert not huge.endswith(b"open")
    assert b" 200 " not in huge
    assert lives(api)


@pytest.mark.asvs("V2.4.1")
@pytest.mark.asvs("V4.1.3")
def test_who_asks_too_often_is_told_when_to_come_back_and_hinders_nobody(province, tmp_path):
    with served(province, tmp_path, requests_a_minute=5) as api:
        answers = [api.client("xa").get("/dossiers") for _ in range(6)]
        other = api.client("huyen").get("/dossiers")
        claimed = [
            api.client(**{"X-Forwarded-For": f"9.9.9.{n}"}).get(f"{api.url}/healthz").status_code for n in range(6)
        ]

    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert answers[5].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[5].headers["Retry-After"]) <= 60
    assert other.status_code == 200
    assert claimed == [200] * 5 + [429]  # no proxy is trusted: they all came from here


@pytest.mark.asvs("V2.4.1")
def test_a_crowd_of_invented_tokens_makes_nobody_forgotten():
    senders = guard.Senders(3, clock=lambda: 0.0)
    senders.count("10.0.0.1", "mine")

    for number in range(guard._MOST_SENDERS + 10):
        senders.count(f"10.{1 + number // 250 % 250}.{number // 62_500}.{number % 250}", f"invented {number}")
    for _ in range(2):
        senders.count("10.0.0.1", "mine")

    with pytest.raises(TooManyRequests):
        senders.count("10.0.0.1", "mine")
    for _ in range(26):  # ten times as many for the network, of which four are used
        senders.count("10.0.0.1", f"{_}")
    with pytest.raises(TooManyRequests):
        senders.count("10.0.0.1", "another")


@pytest.mark.asvs("V4.1.3")
def test_a_trusted_proxy_is_believed_for_the_last_address_that_is_not_its_own(province, tmp_path, monkeypatch):
    asked_from = []
    counted = guard.Senders.count

    def counting(senders: guard.Senders, address: str, shown: str | None) -> None:
        asked_from.append(address)
        counted(senders, address, shown)

    monkeypatch.setattr(guard.Senders, "count", counting)
    with served(province, tmp_path, trusted_proxies=(ip_network("127.0.0.0/8"),)) as api:
        for claim in ("203.0.113.5", "6.6.6.6, 203.0.113.5", "127.0.0.1, 203.0.113.5, 127.0.0.1"):
            api.client(**{"X-Forwarded-For": claim}).get(f"{api.url}/healthz")
        outside = api.client(**{"X-Forwarded-For": "127.0.0.1"}).get(f"{api.url}/metrics")
        here = api.client().get(f"{api.url}/metrics")

    assert asked_from[:3] == ["203.0.113.5"] * 3
    assert (outside.status_code, here.status_code) == (404, 200)


def test_a_host_that_this_installation_is_not_reached_by_is_refused(province, tmp_path):
    with served(province, tmp_path, base_url="https://hoso.example.vn") as api:
        ours = ("hoso.example.vn", "HOSO.example.vn:443", "localhost")
        hosts = (*ours, "evil.example", "hoso.example.vn.evil.example", "[")
        got = {host: api.client(Host=host).get(f"{api.url}/healthz").status_code for host in hosts}

    assert list(got.values()) == [200, 200, 200, 400, 400, 400]


def test_nothing_that_was_sent_ends_a_header(api):
    for handle, unit in (("xa", "10894"), ("xa2", LUONG_DIEN)):
        api.province.register(handle, unit)
    evil = "\r\nSet-Cookie: x=1"

    listed = api.client("so", **{"Accept-Language": "en\tvi;q=\x7f"}).get(
        "/dossiers", params={"limit": 1, "q": f"xã{evil[:2]}"}, headers={"X-Request-ID": "ab cd;<script>"}
    )
    typed = raw(api, head(api, "GET /api/v1/dossiers/x%0d%0aSet-Cookie:%20x=1", "X-Request-ID: a\rb"))
    known = api.client("so").get("/dossiers", headers={"X-Request-ID": "request-0001"})

    assert listed.status_code == 200, listed.text
    assert re.fullmatch(r'</api/v1/dossiers\?[\w=&%.+-]+>; rel="next"', listed.headers["Link"], re.ASCII)
    assert re.fullmatch(r"[A-Za-z0-9_-]{16}", listed.headers["X-Request-ID"])
    assert b"set-cookie" not in typed.partition(b"\r\n\r\n")[0].lower()
    assert known.headers["X-Request-ID"] == "request-0001"


@pytest.mark.asvs("V16.2.1")
@pytest.mark.asvs("V16.2.5")
@pytest.mark.asvs("V16.4.1")
def test_every_answer_is_one_line_of_the_log_with_who_what_and_when_and_nothing_typed(api, caplog):
    caplog.set_level(logging.INFO, logger="dossier.api")
    secret, so = "Nguyễn Văn Kín", api.client("so")
    asked = [
        so.get("/dossiers", params={"q": secret}),
        so.get("/dossiers/%0a%7B%22level%22:%22info%22%7D"),
        so.get(f"/{secret}"),
        so.post("/dossiers", content=b"x" * (BODY_LIMIT + 1)),
        so.delete("/dossiers"),
        api.client(Authorization="Bearer dsr_stolen").get("/dossiers"),
        api.client(Cookie=f"{COOKIE}=hush").get("/dossiers"),
    ]

    written = logged(caplog, len(asked))

    lines = [json.loads(line) for line in written]
    assert [(line["event"], line["status"]) for line in lines] == [("answered", a.status_code) for a in asked]
    assert [line["request"] for line in lines] == [a.headers["X-Request-ID"] for a in asked]
    assert {(line["at"][-6:], line["level"], line["from"]) for line in lines} == {("+00:00", "info", "dossier.api")}
    person = api.province.people["so"]
    assert [line["person"] for line in lines] == [person, person, None, None, None, None, None]
    assert lines[0]["route"].endswith("/dossiers")
    assert lines[1]["route"].endswith("/dossiers/{code}")
    together = "".join(written)
    assert "\n" not in together
    for hidden in ("Kín", "%0a", api.token("so"), "dsr_", "hush"):
        assert hidden not in together


PARTS = {
    "audit", "calendar", "coverage", "deadlines", "deliveries", "dossiers", "escalations", "exports", "imports",
    "incidents", "invitations", "localities", "notices", "offices", "password", "people", "plans", "reminders",
    "session", "sessions", "templates", "tokens", "webhooks", "workflows",
}  # fmt: skip
ALONE = {"/healthz", "/readyz", "/metrics"}
METHODS = {"get", "post", "put", "delete"}


@pytest.mark.asvs("V13.4.2")
@pytest.mark.asvs("V13.4.5")
def test_nothing_is_served_but_what_is_listed_here(api):
    app = routes(api.engine)
    paths = app.openapi()["paths"]

    assert {path for path in paths if not path.startswith("/api/v1/")} == ALONE
    assert {path.split("/")[3] for path in paths if path.startswith("/api/v1/")} == PARTS
    assert {method for methods in paths.values() for method in methods} == METHODS
    assert not app.debug
    for absent in ("/redoc", "/docs/oauth2-redirect", "/debug", "/", "/.git/config", "/api", "/api/v1", "/console"):
        assert api.client().get(f"{api.url}{absent}").status_code == 404
    for method in ("OPTIONS", "TRACE", "HEAD", "PATCH", "FAKE"):
        answer = api.client("so", **{"X-Echo": "echo"}).request(method, "/dossiers")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
        assert "echo" not in answer.text
        assert "Access-Control-Allow-Origin" not in answer.headers
