"""A site that is served, and people who look at its pages, fill in its forms, and send them, without a browser."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import httpx

from dossier_engine.api.caller import COOKIE
from dossier_engine.commands.sign_in import begin
from dossier_engine.web.site import application
from tests.api.serving import Served, served
from tests.makers import Province

Fields = dict[str, list[str]]


@dataclass
class Form:
    """A form of a page: where it is sent, how, and what its fields hold."""

    action: str
    method: str
    fields: Fields = field(default_factory=dict)


class Read(HTMLParser):
    """What a test looks at of a page: its forms, links, headings, and all that is to be read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.title = self.text = self.language = ""
        self._inside: list[str] = []
        self._select = self._option = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag begins."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        match tag:
            case "html":
                self.language = given.get("lang", "")
            case "form":
                self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
            case "a" if "href" in given:
                self.links.append(given["href"])
            case "input" if name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
                self._hold(name, given.get("value", ""))
            case "select":
                self._select = name
            case "option" if "selected" in given:
                self._hold(self._select, given.get("value", ""))
            case "textarea":
                self._hold(name, "")
                self._option = name
        other = tag == "span" and self.language == "en" and given.get("lang") == "vi"  # a quotation of a source
        if tag in {"script", "style"} or other or (tag == "title" and not self.title):  # drawings have titles, too
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note what the tag ends."""
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()
        if tag == "textarea":
            self._option = ""

    def handle_data(self, data: str) -> None:
        """Note what is to be read."""
        if self._option:
            self.forms[-1].fields[self._option] = [data.removeprefix("\n")]
        if self._inside[-1:] == ["title"]:
            self.title += data
        elif not self._inside:
            self.text += f" {data}"

    def _hold(self, name: str, value: str) -> None:
        if self.forms:
            self.forms[-1].fields.setdefault(name, []).append(value)


@dataclass
class Visitor:
    """Somebody at a browser without a script; `client` sends what their browser keeps."""

    client: httpx.Client

    def see(self, path: str, status: int = 200) -> Read:
        """The page at `path`, redirects followed, which must answer with `status`."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, Read(answer.text).text[:2000])
        return Read(answer.text)

    def fill(self, page: Read, action: str, given: Mapping[str, str | list[str]], status: int = 200) -> Read:
        """Send the form of `page` whose address ends with `action`, filled in; what is shown then."""
        [form] = [f for f in page.forms if f.action.endswith(action) and f.method == "post"]
        answer = self.send(form.action, {**form.fields, **given})
        assert answer.status_code == status, (answer.status_code, Read(answer.text).text[:2000])
        return Read(answer.text)

    def send(self, path: str, fields: Mapping[str, str | list[str]]) -> httpx.Response:
        """What is answered when these fields are sent there, as a page of ours sends them."""
        return self.client.post(path, data=dict(fields), headers={"Origin": str(self.client.base_url).rstrip("/")})


@dataclass
class Site:
    """A served site; `api` is the province, its clock and its programs."""

    api: Served

    def visitor(self, handle: str | None = None, *, language: str = "vi") -> Visitor:
        """Somebody who has signed in as `handle`, or nobody."""
        client = httpx.Client(base_url=self.api.url, follow_redirects=True, timeout=30)
        client.cookies.set("dossier-language", language, domain="127.0.0.1")
        if handle is not None:
            client.cookies.set(COOKIE, self.secret(handle), domain="127.0.0.1")
        self.api._clients.append(client)
        return Visitor(client)

    def secret(self, handle: str) -> str:
        """What the browser of `handle` keeps of a new session; no password is hashed for it."""
        person, engine = self.api.province.people[handle], self.api.engine
        with engine.database.writing() as session:
            return begin(
                session, person, address="127.0.0.1", agent="test", second_factor=True, now=self.api.now, rng=engine.rng
            ).secret


@contextmanager
def opened(province: Province, home: Path) -> Iterator[Site]:
    """Serve the pages of `province` until the block ends."""
    with served(province, home, app=application) as api:
        yield Site(api)
