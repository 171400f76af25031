"""Real browsers in which somebody has signed in, and which pages are worth opening in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from dossier_engine.api.caller import COOKIE
from tests.web.browser import HERE
from tests.web.crawling import HANDLES, Populated, Seen


@contextmanager
def signed_in(
    browser: Browser, populated: Populated, handle: str | None, language: str = "vi", **options: Any
) -> Iterator[BrowserContext]:
    """A browser of `handle`, or of nobody, without a cache or a cookie of anybody else."""
    url = populated.site.api.url
    context = browser.new_context(base_url=url, **{**HERE, **options})
    context.add_cookies([{"name": "dossier-language", "value": language, "url": url}])
    if handle is not None:
        secret = populated.visitor(handle, language).client.cookies[COOKIE]
        context.add_cookies([{"name": COOKIE, "value": secret, "url": url.replace("http:", "https:"), "secure": True}])
    yield context
    context.close()


def of_every_kind(populated: Populated, *, roles: bool) -> list[tuple[str, Seen]]:
    """By whom to look at what: with `roles`, a page for everybody to whom it looks otherwise than to those before.

    Without, the page with the most to it of each route.
    """
    found = [
        (handle, seen) for handle in HANDLES for seen in populated.walk(handle) if seen.page and seen.status == 200
    ]
    if not roles:
        richest: dict[str, tuple[str, Seen]] = {}
        for handle, seen in found:
            if seen.route not in richest or len(_shape(seen)) > len(_shape(richest[seen.route][1])):
                richest[seen.route] = (handle, seen)
        return list(richest.values())
    met: dict[str, set[str]] = {}
    chosen = []
    for handle, seen in found:
        if not _shape(seen) <= met.setdefault(seen.route, set()):
            met[seen.route] |= _shape(seen)
            chosen.append((handle, seen))
    return chosen


def _shape(seen: Seen) -> set[str]:
    return seen.page.shape if seen.page else set()
