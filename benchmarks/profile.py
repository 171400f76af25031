"""Where the time of one `advance` goes, in microseconds: `python -m benchmarks.profile sqlite` prints a Markdown table.

The functions that do a part are wrapped in a stopwatch; a part stands still while another inside it runs. The watch
itself adds some 10 µs to an advance.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from benchmarks import engine
from benchmarks.cell import WARM
from benchmarks.databases import FLOORS, new_database, settle
from benchmarks.province import founded
from dossier_engine.commands import advance, desk
from dossier_engine.records import dossiers, facts
from dossier_engine.records.database import Database
from tests.postgres import running

_ADVANCE = "authority, duties, words, receipt"
_PARTS: list[tuple[object, str, str]] = [
    (Database, "_check_schema", "schema revision"),
    (engine, "advance", _ADVANCE),
    (dossiers, "lock", "dossier locked and read"),
    (dossiers, "sheet", "appointments, duties performed, key"),
    (facts, "gather", "facts read"),
    (facts, "ask", "requirements asked"),
    (advance, "opened_by_entry", "due dates"),
    (desk, "compose", "entry: bytes, commitments, chain"),
    (desk, "write", "rows written"),
]
_AROUND, _BEGIN, _COMMIT = "connection and session", "begin", "commit"


class Stopwatch:
    """Seconds by part, one count for every transaction since the watch was set on it."""

    def __init__(self) -> None:
        self.counts: list[Counter[str]] = [Counter()]
        self._running = [_AROUND]
        self._since = time.perf_counter()

    def set_on(self, database: Database) -> None:
        """Wrap every part; the process is not used for anything else afterwards."""
        dialect = database._writer.dialect  # noqa: SLF001  # where a transaction begins and ends
        for owner, name, part in [*_PARTS, (dialect, "do_begin", _BEGIN), (dialect, "do_commit", _COMMIT)]:
            self._wrap(owner, name, part)
        self._wrap(Database, "writing", _AROUND, lambda: self.counts.append(Counter()))

    def _wrap(self, owner: object, name: str, part: str, before: Callable[[], None] = lambda: None) -> None:
        wrapped: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # whatever is wrapped
            self._turn()
            before()
            self._running.append(part)
            try:
                return wrapped(*args, **kwargs)
            finally:
                self._turn()
                self._running.pop()

        setattr(owner, name, timed)

    def _turn(self) -> None:
        now = time.perf_counter()
        self.counts[-1][self._running[-1]] += now - self._since
        self._since = now


def profiled(kind: str, n: int) -> dict[str, float]:
    """Microseconds by part: medians over the timed transitions."""
    watch = Stopwatch()
    with new_database(kind) as database:
        drive = engine.Drive(founded(database, n + WARM), WARM)
        watch.set_on(database)
        drive.run(lambda: settle(database))
    taken = [count for count in watch.counts if count[_ADVANCE]]
    parts = (_AROUND, _BEGIN, *(part for _, _, part in _PARTS), _COMMIT)
    return {part: statistics.median(count[part] for count in taken) * 1e6 for part in parts}


def main() -> None:
    """Print the table; each database in a process of its own, so that nothing is wrapped twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="dossiers, four transitions each")
    parser.add_argument("database", choices=FLOORS)
    asked = parser.parse_args()
    with running() as server, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"BENCH_TMP": folder, "BENCH_ADMIN": server.admin.render_as_string(hide_password=False)}  # noqa: TID251
        found = profiled(asked.database, asked.n)
    print(f"| part of one advance on {asked.database} | µs |\n|---|---|")
    for part, microseconds in [*found.items(), ("together", sum(found.values()))]:
        print(f"| {part} | {microseconds:,.0f} |")


if __name__ == "__main__":
    main()
