"""Templates rendered alone, and a real Chromium for whoever needs one (tests/web/browser.py)."""

from tests.web.browser import chromium

__all__ = ["chromium"]
