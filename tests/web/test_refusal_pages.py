"""Refusals as pages: each has its status and its words, says what to do next, and shows nothing of the inside."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from dossier_engine.api import guard
from dossier_engine.api.problems import MEDIA_TYPE, status_of
from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.errors import (
    CrossSite,
    DatabaseUnavailable,
    DossierError,
    NoSuchAddress,
    NotAllowed,
    NotInScopes,
    NotSignedIn,
    Paused,
    StaleVersion,
)
from dossier_engine.web.refusals import shown
from dossier_engine.web.site import application
from tests.api.serving import Served, served
from tests.api.test_problems import KINDS
from tests.cli.test_refusals import SAMPLES
from tests.databases import Prepared
from tests.web.crawling import Page

PHONE = "0220 3 850 850"
PAGES = {
    403: NotAllowed,
    404: NoSuchAddress,
    409: Paused,
    412: StaleVersion,
    500: DossierError,
    503: DatabaseUnavailable,
}


@pytest.fixture(scope="module")
def api(copies: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One site for all: what a refusal looks like does not depend on the database."""
    home = tmp_path_factory.mktemp("refusals")
    database = copies.on_sqlite(home, inhabited=True)
    with served(copies.province(database), home, app=application, support_phone=PHONE) as found:
        yield found
    database.close()


@pytest.fixture(scope="module")
def app(api: Served) -> FastAPI:
    """The same, asked without a line between."""
    return application(api.engine).app


def page_of(app: FastAPI, refusal: DossierError, language: str) -> tuple[int, Page]:
    """What somebody sees who is refused."""
    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/ho-so", "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", f"dossier-language={language}".encode())],
        "server": ("127.0.0.1", 80), "app": app, "state": {"id": "request-0001"},
    }  # fmt: skip
    answer: Response = shown(Request(scope), refusal)
    assert isinstance(answer, HTMLResponse)
    return answer.status_code, Page(bytes(answer.body).decode())


def a(kind: type[DossierError]) -> DossierError:
    """One of a kind, with facts as they may be."""
    facts = {"failure": ["what"]}.get(kind.code, inspect.signature(kind).parameters)
    return kind(**{name: SAMPLES[name] for name in facts})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_refusal_is_a_page_with_the_status_that_programs_are_told(app, kind, language):
    refusal = a(kind)

    status, page = page_of(app, refusal, language)

    assert (status, page.language) == (status_of(refusal), language)
    assert len(page.headings) == 1
    assert "_" not in kind.code or kind.code not in page.text
    assert "Traceback" not in page.text
    if not isinstance(refusal, NotSignedIn):
        assert page.headings == [catalogue(language).say(f"title.{status}")]
        assert "request-0001" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("status", "kind"), PAGES.items())
def test_who_is_refused_knows_where_to_go_and_whom_to_call(app, status, kind, language):
    found, page = page_of(app, a(kind), language)

    assert found == status
    assert page.title == f"{page.headings[0]} - {catalogue(language).say('page.frame.product')}"
    assert "/" in page.links
    assert PHONE in page.text
    assert f"tel:{PHONE.replace(' ', '')}" in page.links
    assert page.forms[-1].action == "/ngon-ngu"


def test_what_fails_inside_is_a_page_with_a_number_and_nothing_else(api, monkeypatch):
    def breaks(*_: object) -> None:
        raise RuntimeError("postgresql://owner:hush@db")

    monkeypatch.setattr(type(api.engine), "law", breaks)
    answer = api.client().get(f"{api.url}/ho-so", headers={"Cookie": "__Host-dossier=x", "X-Request-ID": "number-0001"})

    page = Page(answer.text)
    assert answer.status_code == 500
    assert page.headings == [catalogue("vi").say("title.500")]
    assert "number-0001" in page.text
    assert "hush" not in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_is_gone_is_a_page_that_says_when_to_come_back(api, monkeypatch):
    def gone(*_: object) -> None:
        raise DatabaseUnavailable(api.engine.database.name, "unreachable")

    monkeypatch.setattr(type(api.engine), "looking", gone)
    answer = api.client().get(f"{api.url}/ho-so", headers={"Cookie": "__Host-dossier=x"})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert PHONE in Page(answer.text).text
    assert api.engine.database.name not in answer.text


def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(api):
    people = api.client().get(f"{api.url}/khong-co")
    programs = api.client().get("/khong-co")

    assert (people.status_code, people.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (programs.status_code, programs.headers["content-type"]) == (404, "application/problem+json")


TURNED_AWAY = {
    "a host that is not ours": (400, "GET", {"Host": "evil.example"}),
    "a host that is none": (400, "GET", {"Host": "["}),
    "a body that is too large": (413, "POST", {}),
    "one request too many": (429, "GET", {}),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", TURNED_AWAY)
def test_whom_the_guard_turns_away_reads_why_and_a_program_is_told(copies, tmp_path, monkeypatch, why, language):
    status, method, headers = TURNED_AWAY[why]
    asked = {"Accept": "text/html,*/*;q=0.8", "Cookie": f"dossier-language={language}", **headers}
    most = 1 if status == 429 else 100
    sent = {"content": bytes(guard.BODY_LIMIT + 1)} if status == 413 else {}
    province = copies.province(copies.on_sqlite(tmp_path, inhabited=True))
    address = {"base_url": "https://hoso.example.vn"}
    with served(province, tmp_path, app=application, support_phone=PHONE, requests_a_minute=most, **address) as api:
        known = api.client(**{**asked, "Host": "127.0.0.1"}).get(f"{api.url}/dang-nhap")
        monkeypatch.setattr(type(api.engine), "about", None)  # whoever is turned away costs no look into the database
        people = api.client(**asked).request(method, f"{api.url}/dang-nhap", params={"tiep": "/ho-so"}, **sent)
        programs = [
            api.client(**{**asked, **accept}).request(method, f"{api.url}{path}", **sent)
            for path, accept in (("/dang-nhap", {"Accept": "*/*"}), ("/api/v1/dossiers", {}))
        ]
    province.database.close()

    page = Page(people.text)
    assert known.status_code == 200
    assert (people.status_code, page.headings) == (status, [catalogue(language).say(f"title.{status}")])
    assert people.headers["content-language"] == language
    assert people.headers["content-security-policy"] == known.headers["content-security-policy"]
    assert ("retry-after" in people.headers) == (status == 429)
    assert PHONE in page.text
    assert [(a.status_code, a.headers["content-type"]) for a in programs] == [(status, MEDIA_TYPE)] * 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [NotInScopes, CrossSite, NoSuchAddress])
def test_people_are_not_told_of_what_only_programs_have(app, kind, language):
    _, page = page_of(app, a(kind), language)

    assert catalogue(language).say(f"page.error.{kind.code}") in page.text
    assert not re.search("mã truy cập|token|/docs|/api", page.text, re.IGNORECASE)
