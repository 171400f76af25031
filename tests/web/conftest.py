"""A site with people to look at it, and a real Chromium for whoever needs one (tests/web/browser.py)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.makers import Province
from tests.web.browser import chromium
from tests.web.site import Site, opened

__all__ = ["chromium"]


@pytest.fixture
def site(province: Province, tmp_path: Path) -> Iterator[Site]:
    """The province behind its pages, on 20 April 2024; nothing is registered."""
    with opened(province, tmp_path) as found:
        yield found
