"""A site with people to look at it, and a real Chromium for whoever needs one (tests/web/browser.py)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from config.rounds import week_round
from tests.api.inhabited import ON, an_incident, inhabit
from tests.databases import Prepared
from tests.makers import Province, at
from tests.rigs.scale import SOAKING
from tests.web.browser import browser, chromium, playwright
from tests.web.crawling import Populated
from tests.web.reading_room import Room, reading_room
from tests.web.site import Site, opened

__all__ = ["browser", "chromium", "playwright"]

_SHARE = 4  # of the cases on PostgreSQL


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask one case in four on PostgreSQL too, in a soak all: most of what pages ask is asked there by other tests."""
    cases = [
        item for item in items if item.path.parent == Path(__file__).parent and item.get_closest_marker("postgres")
    ]
    left = {item.nodeid for place, item in enumerate(cases) if place % _SHARE} if not SOAKING else set()
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
        items[:] = [item for item in items if item.nodeid not in left]


@pytest.fixture
def site(province: Province, tmp_path: Path) -> Iterator[Site]:
    """The province behind its pages, on 20 April 2024; nothing is registered."""
    with opened(province, tmp_path) as found:
        yield found


@pytest.fixture
def people(site: Site, browser: Browser) -> Iterator[Room]:
    """Where people sit down at browsers to look at the site."""
    with reading_room(site, browser) as room:
        yield room


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def populated(
    request: pytest.FixtureRequest, copies: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Populated]:
    """Two provinces on 1 October 2024 with dossiers in many states, for cases that change nothing."""
    home = tmp_path_factory.mktemp("populated")
    database = copies.database(request, home, inhabited=True)
    province = copies.province(database)
    dossiers = inhabit(province)
    an_incident(province)
    with opened(province, home) as site:
        for days in (7, 0):
            site.api.now = at(ON) - timedelta(days=days)
            week_round(site.api.engine)
        yield Populated(site, dossiers)
    database.close()
