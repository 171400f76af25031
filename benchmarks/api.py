"""What programs wait for that ask over HTTP, in two cells, each in a process of its own; each prints one JSON line.

`list`: a page of fifty among so many dossiers, as two people see it whose scope is narrow. `advance`: dossiers through
the four transitions, as the `engine` cell takes them. The server is one process, this is its only client, and its one
connection stays open.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import text

from benchmarks import engine
from benchmarks.cell import WARM, figures
from benchmarks.databases import FLOORS, new_database, settle
from benchmarks.province import Province, at, founded
from benchmarks.sweeping import populate
from config.settings import Settings
from config.wiring import Engine
from dossier_engine.api.serving import serve
from dossier_engine.api.shapes import cursor
from dossier_engine.commands.advance import Advance
from dossier_engine.commands.desk import Act
from dossier_engine.commands.tokens import IssueToken, issue_token
from dossier_engine.records.database import Database
from dossier_engine.web.site import application

_ENOUGH = 1_000_000  # requests a minute
_DAYS = 90  # that a token is good for
_ROLES = ("district_reviewer", "commune_officer")
_LIMIT = 50
_WARM_PAGES, _PAGES = 20, 300
_ISSUED, SEEN_ON = date(2024, 7, 1), date(2024, 7, 24)


# --- the server and its client ---


@dataclass
class Program:
    """A program that asks the server in the name of whoever has a token; `show` sets the server's clock."""

    connection: HTTPConnection
    show: Callable[[datetime], None]
    _tokens: dict[str, str] = field(default_factory=dict)
    _now: datetime | None = None

    def sign_in(self, province: Province, people: Iterable[str]) -> None:
        """A token of their own for each, issued by the public command."""
        for person in people:
            act = Act(person=person, channel="benchmark")
            order = IssueToken(name="benchmark", scopes=("read", "write"), days=_DAYS, act=act)
            with province.database.writing() as session:
                self._tokens[person] = issue_token(session, order, now=at(_ISSUED), rng=province.rng).text

    def ask(self, person: str, now: datetime, method: str, path: str, given: Any = None, **more: str) -> Any:  # noqa: ANN401  # JSON
        """What the server answers at that instant, which must not be a refusal."""
        if now != self._now:
            self.show(now)
            self._now = now
        body = None if given is None else json.dumps(given).encode()
        headers = {"Authorization": f"Bearer {self._tokens[person]}", "Content-Type": "application/json", **more}
        self.connection.request(method, f"/api/v1{path}", body, headers)
        answer = self.connection.getresponse()
        said = json.loads(answer.read())
        assert answer.status in {200, 201}, said
        return said


@contextmanager
def served(database: Database) -> Iterator[Program]:
    """A server of the database in a process of its own, until the block ends."""
    url = database.url.render_as_string(hide_password=False)
    started = [sys.executable, "-m", "benchmarks.api", "server", "--url", url]
    with subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        sends, says = process.stdin, process.stdout

        def show(now: datetime) -> None:
            print(now.isoformat(), file=sends, flush=True)
            says.readline()  # it has looked

        where = urlsplit(says.readline().strip())
        with closing(HTTPConnection(str(where.hostname), where.port or 0, timeout=60)) as connection:
            yield Program(connection, show)
        sends.close()


def server(url: str) -> None:
    """Serve until standard input ends; each of its lines is what the clock shows from then on."""
    settings = Settings(Path(os.environ["BENCH_TMP"]), url, url, "vi", None, requests_a_minute=_ENOUGH)  # noqa: TID251
    installation = Engine(settings, Database(url), random.SystemRandom())

    def look() -> None:
        for line in sys.stdin:
            now = datetime.fromisoformat(line.strip())
            installation.clock = lambda now=now: now  # type: ignore[misc]
            print("looked", flush=True)
        os._exit(0)  # nobody asks any more

    threading.Thread(target=look, daemon=True).start()
    serve(application(installation), settings, "127.0.0.1", 0, lambda where: print(where, flush=True))


# --- a page of the list ---


def listed(kind: str, many: int) -> dict[str, Any]:
    """Milliseconds of the first page and of one in the middle, by the role of whoever asks."""
    with new_database(kind) as database:
        province = founded(database, 1)
        populate(province, many)
        settle(database)
        code, territory = next(iter(province.dossiers.items()))
        people = {role: province.officer(role, code) for role in _ROLES}
        root, district, commune, _ = territory.split("/")
        within = {"district_reviewer": f"{root}/{district}/", "commune_officer": f"{root}/{district}/{commune}/"}
        with served(database) as program:
            program.sign_in(province, people.values())
            seen = {role: _pages(program, person, _codes(database, within[role])) for role, person in people.items()}
    return {"dossiers": many, "seen": seen}


def _codes(database: Database, path: str) -> list[str]:
    """What the person should see, in order."""
    below = text("SELECT code FROM dossier WHERE territory LIKE :below")
    with database.reading() as session:
        return sorted(session.connection().execute(below, {"below": f"{path}%"}).scalars())


def _pages(program: Program, person: str, codes: list[str]) -> dict[str, Any]:
    middle = len(codes) // 2
    places = {"first": (0, {}), "middle": (middle, {"cursor": cursor((codes[middle - 1],) * 2)})}
    taken: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(_WARM_PAGES + _PAGES):
        for name, (begins, parameters) in places.items():
            path = f"/dossiers?{urlencode({'limit': _LIMIT, **parameters})}"
            begun = time.perf_counter()
            page = program.ask(person, at(SEEN_ON), "GET", path)
            taken[name].append((time.perf_counter() - begun) * 1e3)
            assert [line["code"] for line in page["items"]] == codes[begins : begins + _LIMIT]
    return {"in_scope": len(codes), **{name: percentiles(times[_WARM_PAGES:]) for name, times in taken.items()}}


def percentiles(times: list[float]) -> dict[str, float]:
    """The middle and the slow end."""
    ordered = sorted(times)
    return {"p50_ms": ordered[len(ordered) // 2], "p95_ms": ordered[len(ordered) * 95 // 100]}


# --- transitions ---


def advanced(kind: str, n: int) -> dict[str, Any]:
    """Transitions a second, each one request."""
    with new_database(kind) as database:
        province = founded(database, n + WARM)
        with served(database) as program:
            program.sign_in(province, province.officers.values())
            drive = engine.Drive(province, WARM, lambda order, now: _take(program, order, now))

            def ready() -> None:
                settle(database)
                program.connection.close()  # the server let it go while papers were recorded; the next request opens it

            drive.run(ready)
        engine.check(province)
    return {"system": "api", **figures(drive.latencies, drive.wall)}


def _take(program: Program, order: Advance, now: datetime) -> None:
    act = order.act
    program.ask(
        act.person, now, "POST", f"/dossiers/{order.dossier}/transitions",
        {"transition": order.transition, "reason": act.reason},
        **{"If-Match": f'"{act.expected_version}"', "Idempotency-Key": str(act.key)},
    )  # fmt: skip


def main() -> None:
    """Run the cell that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    cells = parser.add_subparsers(dest="cell", required=True)
    for name in ("list", "advance"):
        cell = cells.add_parser(name)
        cell.add_argument("database", choices=FLOORS)
        if name == "list":
            cell.add_argument("--dossiers", type=int, default=100_000)
        else:
            cell.add_argument("--n", type=int, default=150, help="dossiers, four transitions each")
    cells.add_parser("server").add_argument("--url", required=True)
    asked = parser.parse_args()
    match asked.cell:
        case "list":
            found = listed(asked.database, asked.dossiers)
        case "advance":
            found = advanced(asked.database, asked.n)
        case _:
            server(asked.url)
            return
    print(json.dumps({"cell": asked.cell, "database": asked.database, "load": os.getloadavg()[0], **found}))


if __name__ == "__main__":
    main()
