"""Somebody at a real browser: with a mouse, with the keyboard alone, or where no script runs."""

from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Locator, Page, expect

Way = Literal["mouse", "keyboard", "no script"]
WAYS: tuple[Way, ...] = ("mouse", "keyboard", "no script")
_MOST_STEPS = 150  # of the Tab key, on one page


@dataclass
class Person:
    """What somebody does on a page; `way` is how they do it."""

    page: Page
    way: Way

    def open(self, path: str) -> None:
        """Go where a mail or a note says."""
        self.page.goto(path)
        self._fits()

    def type(self, label: str, text: str) -> None:
        """Fill in the field of that label."""
        field = self.page.get_by_label(label, exact=True)
        if self.way == "keyboard":
            self._reach(field)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(text)
        else:
            field.fill(text)

    def choose(self, label: str) -> None:
        """Choose one of several."""
        choice = self.page.get_by_label(label, exact=True)
        if self.way == "keyboard":
            self._reach(choice)
            self.page.keyboard.press("Space")
        else:
            choice.check()

    def pick(self, label: str, option: str) -> None:
        """Pick an option of a list."""
        chosen = self.page.get_by_label(label, exact=True)
        if self.way == "keyboard":
            self._reach(chosen)
            self.page.keyboard.type(option)
        else:
            chosen.select_option(label=option)

    def press(self, name: str) -> None:
        """Press a button."""
        self._use(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        """Follow the link of that name within what the page is about."""
        self._use(self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first)

    def reads(self, *said: str) -> None:
        """All of this is on the page."""
        for text in said:
            expect(self.page.locator("body")).to_contain_text(text)

    def _use(self, thing: Locator) -> None:
        if self.way == "keyboard":
            self._reach(thing)
        with self.page.expect_navigation():
            if self.way == "keyboard":
                self.page.keyboard.press("Enter")
            else:
                thing.click()
        self._fits()

    def _reach(self, thing: Locator) -> None:
        """Go there by the Tab key, from wherever one is."""
        for _ in range(_MOST_STEPS):
            if thing.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way to {thing}")

    def _fits(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
