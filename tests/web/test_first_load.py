"""What a slow line and an old browser get: few bytes, few requests, none elsewhere, and pages that need no script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from config.signing_in import accept_invitation
from tests.api.browsers import Browsers
from tests.config.doors import HOME, PASSWORD, QUICK
from tests.databases import Prepared
from tests.makers import the_units
from tests.web.crawling import ENTRANCE, Populated
from tests.web.looking import of_every_kind, signed_in
from tests.web.site import opened

MOST_BYTES = 60 * 1024
MOST_REQUESTS = 4

on_sqlite = pytest.mark.parametrize("populated", ["sqlite"], indirect=True)


@pytest.fixture
def many(copies: Prepared, tmp_path: Path) -> Iterator[Populated]:
    """More dossiers in one district than a page of a list has lines."""
    database = copies.on_sqlite(tmp_path, inhabited=True)
    province = copies.province(database)
    communes = sorted({unit.code for unit in the_units() if unit.parent == "295" and unit.kind == "commune"})
    for year in (2024, 2025, 2026, 2027):
        for code in communes:
            province.register("huyen", code, year=year)
    assert len(communes) * 4 > 50
    with opened(province, tmp_path) as site:
        yield Populated(site, [])
    database.close()


@dataclass(frozen=True)
class Asked:
    """A request of a browser, and what came over the line for it."""

    url: str
    failure: str | None
    size: int


def first_load(browser: Browser, populated: Populated, handle: str | None, path: str) -> list[Asked]:
    """The requests of a browser that has never been here."""
    with signed_in(browser, populated, handle) as context:
        page = context.new_page()
        requests: list[Request] = []
        page.on("request", lambda request: requests.append(request))  # noqa: PLW0108  # it must be a function
        page.goto(path, wait_until="networkidle")
        return [Asked(one.url, one.failure, 0 if one.failure else _size(one)) for one in requests if _is_sent(one)]


def _is_sent(request: Request) -> bool:
    return not request.url.startswith("data:")


def _size(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]


def faults(asked: list[Asked], url: str) -> list[str]:
    """What is wrong with a first load."""
    found = [f"elsewhere: {one.url}" for one in asked if not one.url.startswith(f"{url}/")]
    found += [f"failed: {one.url} {one.failure}" for one in asked if one.failure]
    found += [f"{len(asked)} requests"] if len(asked) > MOST_REQUESTS else []
    total = sum(one.size for one in asked)
    return found + ([f"{total:,} bytes"] if total > MOST_BYTES else [])


@pytest.mark.slow
@on_sqlite
def test_a_first_page_is_small_and_asks_nobody_else(browser, populated):
    url = populated.site.api.url
    chosen = of_every_kind(populated, roles=False)

    found = {seen.path: faults(first_load(browser, populated, handle, seen.path), url) for handle, seen in chosen}

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@on_sqlite
def test_the_first_page_anybody_meets_is_small(browser, populated):
    asked = first_load(browser, populated, None, ENTRANCE)

    assert faults(asked, populated.site.api.url) == []
    assert len(asked) > 2
    assert all(one.size > 100 for one in asked)


@pytest.mark.parametrize("path", ["/", "/ho-so"])
def test_a_full_list_is_small_too(browser, many, path):
    asked = first_load(browser, many, "huyen", path)

    assert len(many.visitor("huyen").see("/ho-so").links) > 50
    assert faults(asked, many.site.api.url) == []


@on_sqlite
def test_whoever_has_no_script_signs_in_finds_a_dossier_and_leaves(browser, populated):
    people = Browsers(populated.site.api)
    accept_invitation(populated.site.api.engine, people.invitation("xa2"), PASSWORD, HOME, hasher=QUICK)
    dossier = next(d for d in populated.dossiers if d.name == "neighbour")

    with signed_in(browser, populated, None, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/ho-so?q=luong+dien")
        sign_in(page, "xa2")
        page.get_by_role("main").get_by_role("link", name=re.compile("Lương Điền")).first.click()
        heading = page.get_by_role("heading", level=1).inner_text()
        address = page.url
        page.get_by_role("button", name="Đăng xuất").click()
        page.get_by_role("heading", level=1, name="Đăng nhập").wait_for()

    assert "Lương Điền" in heading
    assert address.endswith(f"/ho-so/{dossier.code}")


def sign_in(page: Page, handle: str) -> None:
    """Fill in the form that is shown to whoever is not signed in."""
    page.get_by_label("Tên đăng nhập").fill(handle)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
