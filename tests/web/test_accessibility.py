"""Every kind of page as people with a screen reader, a keyboard or a phone meet it: no violation of WCAG 2.2 AA."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.rigs.scale import SOAKING
from tests.web.crawling import ENTRANCE, Populated, Seen
from tests.web.looking import of_every_kind, signed_in

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (1280, 320)
CHECK = """async levels => (await axe.run(document, {runOnly: levels, resultTypes: ["violations"]})).violations.map(
    found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 200)).join(" | ")}`)"""
WIDER = "document.documentElement.scrollWidth - window.innerWidth"

pytestmark = pytest.mark.parametrize("populated", ["sqlite"], indirect=True)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_fullest_page_of_each_kind_can_be_used_by_everybody(browser, populated, language):
    """In a soak every page that shows somebody something else, too."""
    assert wrong(browser, populated, of_every_kind(populated, roles=SOAKING), language) == []


@pytest.mark.parametrize("path", [ENTRANCE, "/khong-co-trang-nay"])
def test_whoever_is_outside_can_use_what_they_see(browser, populated, path):
    with signed_in(browser, populated, None, bypass_csp=True) as context:
        assert of_page(context, path) == []


def test_what_is_wrong_is_seen(browser, populated):
    with signed_in(browser, populated, "xa", bypass_csp=True) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate("""document.querySelector('main').innerHTML +=
            '<img src="data:,"><div style="width:2000px">x</div><input id="x">'""")
        found = " ".join(looked_at(page, "/"))

    assert "image-alt" in found
    assert "label" in found
    assert "wider" in found


def wrong(browser: Browser, populated: Populated, chosen: Iterable[tuple[str, Seen]], language: str) -> list[str]:
    """What stands in somebody's way, by page and width."""
    faults: list[str] = []
    by_handle: dict[str, list[str]] = {}
    for handle, seen in chosen:
        by_handle.setdefault(handle, []).append(seen.path)
    for handle, paths in by_handle.items():
        with signed_in(browser, populated, handle, language, bypass_csp=True) as context:
            for path in paths:
                faults += [f"{handle} {fault}" for fault in of_page(context, path)]
    return faults


def of_page(context: BrowserContext, path: str) -> list[str]:
    """What is wrong with one page."""
    page = context.new_page()
    page.goto(path)
    found = looked_at(page, path)
    page.close()
    return found


def looked_at(page: Page, path: str) -> list[str]:
    """The same, of a page that is open; everything folded is opened, as somebody would."""
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
    page.add_script_tag(content=AXE.read_text("utf-8"))
    faults: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found: list[Any] = page.evaluate(CHECK, LEVELS)
        wider = page.evaluate(WIDER)
        faults += [f"{path} at {width}: {violation}" for violation in found]
        faults += [f"{path} at {width}: {wider} wider than the window"] if wider > 0 else []
    return faults
