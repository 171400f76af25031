"""A page read by the parser of the standard library: every tag closed, every text where it stands."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "link", "input"}


@dataclass
class Page(HTMLParser):
    """What a page holds; raises AssertionError for a tag that closes another."""

    open: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    style: str = ""
    rows: list[list[str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
            return
        if data.strip():
            self.texts.append(data)
        if {"td", "th"} & {*self.open}:
            self.rows[-1][-1] += f"{data}\n"


def read(content: bytes) -> Page:
    """The page in `content`, whole."""
    page = Page()
    page.feed(content.decode())
    page.close()
    assert page.open == []
    return page
