"""A server over a province, and how a case asks it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from starlette.types import ASGIApp

from config.settings import Settings
from config.wiring import Engine
from dossier_engine.api.app import application
from dossier_engine.api.serving import Server
from dossier_engine.commands.desk import Act
from dossier_engine.commands.tokens import IssueToken, issue_token
from tests.makers import Province, at

NOW = at("2024-04-20")
AUDITORS = ("thanhtra", "auditor")  # how the handles begin of those who look at everything and write nothing
ENOUGH = 1_000_000  # requests a minute


@dataclass
class Served:
    """A province, the engine that serves it, and where; `now` is what its clock shows."""

    province: Province
    engine: Engine
    url: str
    now: datetime = NOW
    _tokens: dict[str, str] = field(default_factory=dict)
    _clients: list[httpx.Client] = field(default_factory=list)

    def token(self, handle: str, *scopes: str) -> str:
        """A token of the person's own: for everything they may, or for these scopes."""
        wanted = scopes or (("read", "audit") if handle.startswith(AUDITORS) else ("read", "write"))
        name = f"{handle} {' '.join(wanted)}"
        if name not in self._tokens:
            act = Act(person=self.province.people[handle], channel="test")
            order = IssueToken(name=name, scopes=wanted, days=90, act=act)
            with self.province.writing() as session:
                self._tokens[name] = issue_token(session, order, now=self.now, rng=self.province.rng).text
        return self._tokens[name]

    def client(self, handle: str | None = None, *scopes: str, **headers: str) -> httpx.Client:
        """A program that asks in the name of `handle`, or of nobody."""
        if handle is not None:
            headers["Authorization"] = f"Bearer {self.token(handle, *scopes)}"
        made = httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)
        self._clients.append(made)
        return made

    def close(self) -> None:
        """Let every client go."""
        for client in self._clients:
            client.close()


@contextmanager
def served(
    province: Province,
    home: Path,
    *,
    opened: type[Engine] = Engine,
    app: Callable[[Engine], ASGIApp] = application,
    **settings: Any,
) -> Iterator[Served]:
    """Serve `province` from `home` until the block ends."""
    url = str(province.database.url.render_as_string(hide_password=False))
    asked: dict[str, Any] = {"requests_a_minute": ENOUGH} | settings
    engine = opened(Settings(home, url, url, "vi", None, **asked), province.database, province.rng)
    found = Served(province, engine, "")
    engine.clock = lambda: found.now
    listening = threading.Event()

    def listens(url: str) -> None:
        found.url = url
        listening.set()

    server = Server(app(engine), engine.settings, "127.0.0.1", 0, listens)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    if not listening.wait(30):
        raise TimeoutError
    try:
        yield found
    finally:
        found.close()
        server.should_exit = True
        thread.join(30)


def later(served: Served, **gone: int) -> None:
    """Let time go by, in whatever `timedelta` takes."""
    served.now += timedelta(**gone)


def fresh(**headers: str) -> dict[str, str]:
    """Headers with an idempotency key of its own."""
    return {"Idempotency-Key": uuid4().hex, **headers}


def seen(version: int = 1) -> dict[str, str]:
    """Headers of a change by somebody who looked at that version."""
    return fresh(**{"If-Match": f'"{version}"'})
