"""A province with dossiers in many states, and walks through its pages along their links, as anybody.

Nothing here names a page: what a link leads to is looked at. Of links that differ only in a number (one criterion or
the next of a dossier, one entry of its history or another) a few are followed.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urlsplit

from fastapi.routing import RouteContext, iter_route_contexts
from sqlalchemy import select
from starlette.routing import compile_path

from dossier_engine.records.tables import TABLES
from dossier_engine.web.refusals import is_page
from dossier_engine.web.site import application
from tests.api.allowed import sees
from tests.api.inhabited import Somebody, Stood, everybody
from tests.web.site import Read, Site, Visitor

ENOUGH_ALIKE = 3
ENTRANCE = "/dang-nhap"
# One of each role, all of them at home.
HANDLES = ("xa", "lap-ho-so", "huyen", "so", "so-y-te", "mattran", "vanthu", "bcd", "thanhtra", "quantri")
# Pages that no link leads to: what is shown after a form was sent, and what people keep the address of.
UNLINKED = ("/ho-so/{code}/xong/{seq}", "/tien-do/{year}")
_ASSET = "/static/"
_HEARD = ("aria-label", "title", "alt", "placeholder", "data-label")  # attributes that are shown or read aloud


class Page(Read):
    """What every page must have, and all of it that somebody sees or hears."""

    def __init__(self, html: str) -> None:
        self.headings: list[str] = []
        self.ids: Counter[str] = Counter()
        self.heard: list[str] = []
        self.shape: set[str] = set()
        self._heading = False
        super().__init__(html)
        self.headings = [" ".join(heading.split()) for heading in self.headings]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag begins."""
        super().handle_starttag(tag, attrs)
        given = {name: value or "" for name, value in attrs}
        self.shape |= {f"{tag}.{name}" for name in given.get("class", "").split()} | {tag}
        self.heard += [given[name] for name in _HEARD if name in given]
        self.heard += [value for name, value in given.items() if name.startswith("data-i18n")]
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "h1":
            self._heading = True
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note what the tag ends."""
        super().handle_endtag(tag)
        self._heading = self._heading and tag != "h1"

    def handle_data(self, data: str) -> None:
        """Note what is to be read."""
        super().handle_data(data)
        if self._heading:
            self.headings[-1] += data

    @property
    def said(self) -> str:
        """Everything that reaches eyes or ears; but not addresses, which are printed in the foot."""
        return " ".join(
            word for part in (self.title, self.text, *self.heard) for word in part.split() if word[0] != "/"
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a link led to, and from where; `page` is None where a file was answered."""

    path: str
    route: str
    status: int
    page: Page | None
    came_from: str

    @property
    def links(self) -> list[str]:
        """Where one gets from here, of ours."""
        return [link for link in self.page.links if is_ours(link)] if self.page else []


@dataclass
class Populated:
    """A served province with dossiers in many states; walks are taken once."""

    site: Site
    dossiers: Sequence[Stood]
    routes: list[tuple[re.Pattern[str], str]] = field(default_factory=list)
    walks: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)
    visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Learn the routes of pages."""
        self.routes = [(compile_path(r.path or "")[0], r.path or "") for r in page_routes(self.site, "GET")]

    def visitor(self, handle: str, language: str = "vi") -> Visitor:
        """Somebody who has signed in once."""
        if (handle, language) not in self.visitors:
            self.visitors[handle, language] = self.site.visitor(handle, language=language)
        return self.visitors[handle, language]

    def route(self, path: str) -> str:
        """The route that answers there."""
        return next((name for pattern, name in self.routes if pattern.match(urlsplit(path).path)), "")

    def walk(self, handle: str, language: str = "vi") -> list[Seen]:
        """Everything that somebody reaches along links from the first page."""
        if (handle, language) not in self.walks:
            self.walks[handle, language] = list(self._walk(self.visitor(handle, language)))
        return self.walks[handle, language]

    def _walk(self, visitor: Visitor) -> Iterable[Seen]:
        met = {"/", *(path.format(code=d.code, seq=1, year=2024) for path in UNLINKED for d in self.dossiers)}
        waiting, alike = deque((path, "") for path in sorted(met)), Counter[tuple[str, ...]]()
        while waiting:
            path, came_from = waiting.popleft()
            alike[kind := self._kind(path)] += 1
            if alike[kind] > ENOUGH_ALIKE:
                continue
            seen = self.look(visitor, path, came_from)
            yield seen
            links = dict.fromkeys(urldefrag(link).url for link in seen.links)
            waiting.extend((link, path) for link in links if link not in met)
            met.update(links)

    def look(self, visitor: Visitor, path: str, came_from: str = "") -> Seen:
        """What is answered there."""
        answer = visitor.client.get(path)
        is_html = answer.headers["content-type"].startswith("text/html")
        return Seen(path, self.route(path), answer.status_code, Page(answer.text) if is_html else None, came_from)

    def _kind(self, path: str) -> tuple[str, ...]:
        parts = urlsplit(path)
        code = next((d.code for d in self.dossiers if d.code in parts.path), "")
        return (self.route(path) or path, code, *sorted(name for name, _ in parse_qsl(parts.query)))

    def foreign_codes(self, who: Somebody) -> set[str]:
        """The dossiers that are none of theirs."""
        return {dossier.code for dossier in self.dossiers if not sees(who, dossier)}

    def foreign_communes(self, who: Somebody) -> re.Pattern[str]:
        """The names that only communes outside their territory have."""
        locality = TABLES["locality"]
        with self.site.api.province.database.reading() as session:
            rows = (
                session.connection()
                .execute(
                    select(locality.c.name, locality.c.path).where(locality.c.kind.in_(("commune", "ward", "township")))
                )
                .all()
            )
        theirs = {row.name for row in rows if row.path.startswith(who.path)}
        names = sorted({row.name for row in rows} - theirs, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?!\w)")


def is_ours(link: str) -> bool:
    """Whether it leads to a page of ours, or to a file that a page offers."""
    return link.startswith("/") and not link.startswith(("//", _ASSET))


def page_routes(site: Site, method: str) -> list[RouteContext]:
    """The routes of pages that answer that method."""
    found = iter_route_contexts(application(site.api.engine).app.routes)
    return [r for r in found if r.path and is_page(r.path) and r.methods and method in r.methods]


def somebody(handle: str) -> Somebody:
    """Who that is."""
    return next(one for one in everybody() if one.handle == handle)
