"""What people wait for who open a page: the server's own time, among so many dossiers, in a process of its own.

Every page that is reached by links from the first one, a sample of each kind, as people see it whose scopes are a
commune, a district and the province. After each page a bare write is brought to the disk, for every look of an auditor
waits for one: what the slowest of them say of the disk alone is told beside. Prints one JSON line.
"""

import argparse
import json
import os
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from benchmarks.api import SEEN_ON, Program, percentiles, served
from benchmarks.databases import FLOORS, new_database, settle
from benchmarks.province import Province, at, founded
from benchmarks.sweeping import populate
from dossier_engine.api.caller import COOKIE
from dossier_engine.commands.sign_in import begin

_ROLES = ("commune_officer", "district_reviewer", "dard_appraiser", "auditor")
_WARM, _TIMES = 2, 40
_WRITTEN = b"\0" * 32_768  # bytes, as much as the note of one look
_LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
_NAMES = re.compile(
    r"(?<=/)(?:[A-ZĐ]{2}-\d{4}-[^/]*|\d+|(?<=/han/)[^/]+|(?<=/buoc/)[^/]+|(?<=/yeu-cau/).+|(?<=/quy-trinh/)[^/]+)(?=/|\Z)"
)


def measured(kind: str, many: int) -> dict[str, Any]:
    """Milliseconds of every kind of page, by the role of whoever opens it."""
    with new_database(kind) as database:
        province = founded(database, 1)
        populate(province, many)
        settle(database)
        code = next(iter(province.dossiers))
        people = {role: province.officer(role, code) for role in _ROLES}
        with served(database) as program:
            program.show(at(SEEN_ON))
            disk: list[float] = []
            seen = {role: dict(_pages(program, _session(province, person), disk)) for role, person in people.items()}
    return {"dossiers": many, "seen": seen, "disk": {**percentiles(disk), "slowest_ms": max(disk)}}


def _session(province: Province, person: str) -> str:
    with province.database.writing() as session:
        return begin(
            session, person, address="127.0.0.1", agent="benchmark", second_factor=True, now=at(SEEN_ON),
            rng=province.rng,
        ).secret  # fmt: skip


def _pages(program: Program, secret: str, disk: list[float]) -> Iterator[tuple[str, dict[str, float]]]:
    """Each kind of page with what it takes, the first one first; what the disk takes beside it is added to `disk`."""
    waiting, met = ["/"], {_kind("/")}
    while waiting:
        path = waiting.pop(0)
        taken = []
        for _ in range(_WARM + _TIMES):
            begun = time.perf_counter()
            status, html = _open(program, path, secret)
            taken.append((time.perf_counter() - begun) * 1e3)
            disk.append(_write())
        if status == 200:
            yield _kind(path), percentiles(taken[_WARM:])
        for link in dict.fromkeys(urldefrag(unescape(found)).url for found in _LINK.findall(html)):
            if _kind(link) not in met and not link.endswith(".xlsx"):
                met.add(_kind(link))
                waiting.append(link)


def _write() -> float:
    with Path(os.environ["BENCH_TMP"], "beside").open("wb", buffering=0) as beside:  # noqa: TID251
        begun = time.perf_counter()
        beside.write(_WRITTEN)
        os.fdatasync(beside)
        return (time.perf_counter() - begun) * 1e3


def _open(program: Program, path: str, secret: str) -> tuple[int, str]:
    program.connection.request("GET", path, headers={"Cookie": f"{COOKIE}={secret}"})
    answer = program.connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def _kind(path: str) -> str:
    """The address without what stands for one of many."""
    parts = urlsplit(path)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return _NAMES.sub("…", parts.path) + (f"?{'&'.join(names)}" if names else "")


def main() -> None:
    """Run the cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", choices=FLOORS)
    parser.add_argument("--dossiers", type=int, default=100_000)
    asked = parser.parse_args()
    found = measured(asked.database, asked.dossiers)
    print(json.dumps({"cell": "pages", "database": asked.database, "load": os.getloadavg()[0], **found}))


if __name__ == "__main__":
    main()
