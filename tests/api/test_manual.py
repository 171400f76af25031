"""The manual in a browser: every operation and every problem is in it, and nothing comes from elsewhere."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from dossier_engine.api.problems import STATUS
from tests.api.serving import served
from tests.databases import Prepared

CODES = sorted(code for codes in STATUS.values() for code in codes)


@pytest.fixture(scope="module")
def page(copies: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., httpx.Response]]:
    """Asks for a page; what the manual says does not depend on the database."""
    home = tmp_path_factory.mktemp("manual")
    database = copies.on_sqlite(home, inhabited=True)
    with served(copies.province(database), home) as api:
        client = api.client()
        yield lambda path, **headers: client.get(f"{api.url}{path}", headers=headers)
    database.close()


def test_every_operation_of_the_description_is_in_the_manual(page):
    described = page("/openapi.json").json()

    manual = page("/docs").text

    assert described["openapi"].startswith("3.1")
    told = {f"<h3>{method.upper()} {path}</h3>" for path, of in described["paths"].items() for method in of}
    assert len(told) > 50
    assert {heading for heading in told if heading not in manual} == set()


@pytest.mark.asvs("V1.2.1")
def test_the_manual_brings_nothing_from_elsewhere_and_no_script(page):
    manual = page("/docs").text

    assert re.findall(r'(?:src|href)="(?!#)([^"]*)"', manual) == ["/manual.css"]
    assert "<script" not in manual
    assert page("/manual.css").headers["Content-Type"].startswith("text/css")


def test_every_link_within_the_manual_leads_somewhere(page):
    manual = page("/docs").text

    assert set(re.findall(r'href="#([^"]*)"', manual)) <= set(re.findall(r'id="([^"]*)"', manual))


def test_every_problem_is_explained_in_both_languages(page):
    for code in CODES:
        told = page(f"/problems/{code.replace('_', '-')}", **{"Accept-Language": "en"})

        assert told.status_code == 200
        assert re.findall(r'lang="(\w\w)"', told.text) == ["en", "en", "vi"]
        assert "{" not in told.text
    assert page("/problems/nothing-of-the-kind").status_code == 404
