"""The Markdown tables of a run: medians over rounds, ratios as medians of pairs within a round."""

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

Cell = dict[str, Any]

SYSTEMS = ("floor", "engine", "same-rows")
FEW, USUAL, MANY = 10_000, 100_000, 1_000_000
"""How many dossiers are open while as many as ever are due."""

_FLOORS = {"sqlite": "sqlite3-chain (WAL, FULL)", "postgres": "psycopg-chain"}
_SHARES = {"sqlite": "≥ 0.25", "postgres": "≥ 0.35"}
_TIMES_THE_FLOOR = {"sqlite": "", "postgres": "≤ 20"}  # SQLite's floor is a few milliseconds of memory


def advances(cells: list[Cell]) -> list[str]:
    """Transitions a second, each one durable commit."""
    lines = [
        "| system | database | transitions/s | p50 ms | p99 ms | share of the floor | promised |",
        "|---|---|---|---|---|---|---|",
    ]
    for database in _databases(cells):
        floors = {c["round"]: c["per_s"] for c in cells if (c["database"], c["system"]) == (database, "floor")}
        for system in SYSTEMS:
            mine = [c for c in cells if (c["database"], c["system"]) == (database, system)]
            share = median(c["per_s"] / floors[c["round"]] for c in mine)
            name = _FLOORS[database] if system == "floor" else system
            rate, middle, slow = (median(c[key] for c in mine) for key in ("per_s", "p50_ms", "p99_ms"))
            promised = _SHARES[database] if system == "engine" else ""
            lines.append(
                f"| {name} | {database} | {rate:,.0f} | {middle:.2f} | {slow:.2f} | {share:.2f} | {promised} |"
            )
    return lines


def reminders(sweeps: list[Cell], mails: list[Cell]) -> list[str]:
    """What sweeps take, and how fast mails leave."""
    lines = ["| work | database | measured | ratio | promised |", "|---|---|---|---|---|"]
    for database in _databases(sweeps):
        floor, usual, few, most = (
            {c["round"]: c for c in sweeps if (c["database"], c["system"], c["open"]) == (database, system, many)}
            for system, many in (("floor", USUAL), ("engine", USUAL), ("engine", FEW), ("engine", MANY))
        )
        due, seconds = usual[0]["due"], _figure("seconds")
        times = median(seconds(usual[n]) / seconds(floor[n]) for n in usual)
        rows = (
            (f"INSERT … SELECT over {due:,} due of {USUAL:,}: the floor", _ms(map(seconds, floor.values())), "1", ""),
            (f"sweep, {due:,} due of {USUAL:,}", _ms(map(seconds, usual.values())), f"{times:.1f}",
             _TIMES_THE_FLOOR[database]),
            ("sweep again, nothing due", _ms(map(_figure("again_s"), usual.values())), "", "≤ 50 ms"),
            (f"sweep, {due:,} due of {FEW:,}", _ms(map(seconds, few.values())), "1", ""),
            (f"sweep, {due:,} due of {MANY:,}", _ms(map(seconds, most.values())),
             f"{seconds(most[0]) / median(map(seconds, few.values())):.2f}", "≤ 1.5"),
            ("mails by two workers", f"{median(c['per_s'] for c in mails if c['database'] == database):,.0f}/s", "",
             "≥ 200/s"),
        )  # fmt: skip
        lines += [f"| {work} | {database} | {' | '.join(figures)} |" for work, *figures in rows]
    return lines


def believed(cells: list[Cell]) -> list[str]:
    """What it costs that outsiders need not trust the server."""
    lines = ["| work | database | measured | promised |", "|---|---|---|---|"]
    for whole in _of(cells, "bundle"):
        work = f"a bundle of {whole['entries']:,} entries verified by the single file"
        figures = f"{whole['verified_s']:.0f} s, {whole['rss_mib']:.0f} MiB a process"
        lines.append(f"| {work} | – | {figures} | ≤ 60 s, ≤ 300 MiB |")
    for one in _of(cells, "proof"):
        figures = f"{one['p50_ms']:.1f} ms, p99 {one['p99_ms']:.1f} ms"
        lines.append(f"| proof of one entry among {one['entries']:,} | {one['database']} | {figures} | ≤ 10 ms |")
    transitions = _of(cells, "transitions")
    for database in _databases(transitions):
        with_log, without = (
            {c["round"]: c["per_s"] for c in transitions if (c["database"], c["logged"]) == (database, logged)}
            for logged in (True, False)
        )
        share = median(with_log[n] / without[n] for n in with_log)
        lines.append(f"| transitions with the log and its integrator, to without | {database} | {share:.2f} | ≥ 0.9 |")
    return lines


def programs(pages: list[Cell], asked_for: list[Cell]) -> list[str]:
    """What programs wait for that ask over HTTP."""
    lines = ["| work | database | p50 | p95 | ratio | promised |", "|---|---|---|---|---|---|"]
    for database in _databases(pages):
        usual, most = (
            next(c["seen"] for c in pages if (c["database"], c["dossiers"]) == (database, many))
            for many in (USUAL, MANY)
        )
        for role, page in ((role, page) for role in usual for page in ("first", "middle")):
            times = most[role][page]["p50_ms"] / usual[role][page]["p50_ms"]
            for many, seen, ratio, promised in (
                (USUAL, usual, "1", "p95 ≤ 50 ms"), (MANY, most, f"{times:.2f}", "≤ 1.5"),
            ):  # fmt: skip
                work = f"{page} page, {role}, {seen[role]['in_scope']:,} in scope of {many:,}"
                middle, slow = (f"{seen[role][page][key]:.1f} ms" for key in ("p50_ms", "p95_ms"))
                lines.append(f"| {work} | {database} | {middle} | {slow} | {ratio} | {promised} |")
    for database in _databases(asked_for):
        library, api = (
            {c["round"]: c for c in asked_for if (c["database"], c["system"]) == (database, system)}
            for system in ("engine", "api")
        )
        share = median(api[n]["per_s"] / library[n]["per_s"] for n in api)
        for name, cells, ratio, promised in (("library", library, "1", ""), ("API", api, f"{share:.2f}", "≥ 0.5")):
            rate, middle = (median(c[key] for c in cells.values()) for key in ("per_s", "p50_ms"))
            work = f"transition by the {name}, {rate:,.0f}/s"
            lines.append(f"| {work} | {database} | {middle:.1f} ms |  | {ratio} | {promised} |")
    return lines


def opened(cells: list[Cell]) -> list[str]:
    """What people wait for who open a page: of each kind of page, those to whom it takes longest."""
    lines = ["| page | database | slowest for | p50 | p95 | promised |", "|---|---|---|---|---|---|"]
    for cell in cells:
        slowest: dict[str, tuple[str, dict[str, float]]] = {}
        for role, pages in cell["seen"].items():
            for page, times in pages.items():
                if page not in slowest or times["p95_ms"] > slowest[page][1]["p95_ms"]:
                    slowest[page] = (role, times)
        for page, (role, times) in slowest.items():
            middle, slow = (f"{times[key]:.1f} ms" for key in ("p50_ms", "p95_ms"))
            lines.append(
                f"| {page}, {cell['dossiers']:,} dossiers | {cell['database']} | {role} | {middle} | {slow} | ≤ 60 ms |"
            )
        middle, slow = (f"{cell['disk'][key]:.1f} ms" for key in ("p50_ms", "p95_ms"))
        lines.append(f"| a bare write and its fdatasync | {cell['database']} | | {middle} | {slow} | |")
    return lines


def _of(cells: list[Cell], cell: str) -> list[Cell]:
    return [one for one in cells if one["cell"] == cell]


def _databases(cells: list[Cell]) -> list[str]:
    return list(dict.fromkeys(c["database"] for c in cells))


def _figure(name: str) -> Callable[[Cell], float]:
    return lambda cell: float(cell[name])


def _ms(seconds: Iterable[float]) -> str:
    return f"{median(seconds) * 1e3:,.0f} ms"
