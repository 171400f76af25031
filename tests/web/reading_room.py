"""People who sit down at real browsers: with a mouse, with the keyboard alone, or where no script runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from dossier_engine.commands.desk import stream_of
from dossier_engine.commands.sign_in import end_sessions
from dossier_engine.queries.trail import trail
from tests.api.browsers import Browsers
from tests.config.doors import PASSWORD
from tests.makers import at
from tests.web.browser import HERE
from tests.web.site import Site

Way = Literal["mouse", "keyboard", "no script"]
WAYS: tuple[Way, ...] = ("mouse", "keyboard", "no script")
PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1366, height=768)
_MOST_STEPS = 150  # of the Tab key, on one page
_PATIENCE_MS = 15_000

each_way = pytest.mark.parametrize("way", WAYS)


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

    def types_day(self, legend: str, day: str) -> None:
        """Paste a whole day into the first of its three fields."""
        fields = self.page.get_by_role("group", name=legend, exact=True)
        fields.get_by_label("Ngày", exact=True).fill(day)

    def takes(self, name: str, folder: Path) -> Path:
        """Let what the link or button of that name gives be saved in `folder`."""
        main = self.page.get_by_role("main")
        named = main.get_by_role("link", name=name, exact=True).or_(main.get_by_role("button", name=name, exact=True))
        with self.page.expect_download() as begun:
            named.click()
        kept = folder / begun.value.suggested_filename
        begun.value.save_as(kept)
        return kept

    def another_tab(self) -> "Person":
        """The same person looks at a second page beside the first."""
        return Person(self.page.context.new_page(), self.way)

    def follow_in_navigation(self, name: str) -> None:
        """Follow the link of that name above the page."""
        self._use(self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True))

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


@dataclass
class Room:
    """Browsers of people who have accounts at a site."""

    site: Site
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    _accounts: Browsers = field(init=False)

    def __post_init__(self) -> None:
        self._accounts = Browsers(self.site.api)

    def sits_down(self, way: Way, screen: ViewportSize = DESK) -> Person:
        """Somebody opens a browser that knows nobody yet."""
        context = self.browser.new_context(
            base_url=self.site.api.url, java_script_enabled=way != "no script", viewport=screen, **HERE
        )
        context.set_default_timeout(_PATIENCE_MS)
        self.contexts.append(context)
        return Person(context.new_page(), way)

    def has_account(self, handle: str) -> None:
        """They were invited and chose a password."""
        self._accounts.has_account(handle)

    def signs_in(self, person: Person, handle: str) -> None:
        """On the page that asks for it."""
        person.type("Tên đăng nhập", handle)
        person.type("Mật khẩu", PASSWORD)
        if handle in self._accounts.phones:
            person.type("Mã trên điện thoại", self._accounts.code(handle))
        person.press("Đăng nhập")

    def comes(self, handle: str, way: Way, path: str) -> Person:
        """Somebody who has an account opens a browser at `path`, and signs in."""
        person = self.sits_down(way)
        person.open(path)
        self.signs_in(person, handle)
        return person

    def ends_sessions(self, handle: str) -> None:
        """Somebody else ends every session of theirs."""
        province, engine = self.site.api.province, self.site.api.engine
        with engine.database.writing() as session:
            person = province.people[handle]
            end_sessions(session, person, province.act(handle), now=self.site.api.now, rng=engine.rng)

    def day_is(self, day: str) -> None:
        """It is nine in the morning of that day."""
        self.site.api.now = at(day)

    def entries(self, code: str) -> int:
        """How much has happened to the dossier."""
        with self.site.api.engine.database.reading() as session:
            return len(trail(session, stream_of(code)))


@contextmanager
def reading_room(site: Site, browser: Browser) -> Iterator[Room]:
    """Where people sit down, until the block ends."""
    room = Room(site, browser)
    yield room
    for context in room.contexts:
        context.close()
