"""What a commune's dossier runs by, read by other eyes than the engine's: the plain YAML and the province's tables."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_ROOT = Path(__file__).parents[2]
LEVELS = {"province": 1, "district": 2, "commune": 3}
Place = tuple[str, ...]
Ask = Mapping[str, Any]  # one requirement as the file has it, with its recorder and level filled in
Limit = Mapping[str, str]


@dataclass(frozen=True)
class Hat:
    """One appointment: the right to act in a role for an office, within its place, on the days from first to last."""

    role: str
    office: str
    first: date
    last: date | None = None
    instead_of: str | None = None


@dataclass(frozen=True)
class Move:
    """One transition in plain words; `asks` are the requirements by key."""

    name: str
    origins: tuple[str, ...]
    target: str
    by: str
    level: int
    asks: Mapping[str, Ask]
    flags: frozenset[str]
    limit: Limit | None


@dataclass(frozen=True)
class Book:
    """The definition of a commune's advanced dossier."""

    moves: Mapping[str, Move]
    states: Mapping[str, Mapping[str, Any]]
    register: Mapping[str, list[str]]
    pause: tuple[str, ...]
    extend: Mapping[str, str]
    together: tuple[str, ...]
    first_day: date
    last_day: date
    criteria: tuple[str, ...]
    asked: Mapping[str, Mapping[str, Ask]] = field(default_factory=dict)


@cache
def the_book() -> Book:
    """Read once; every text stays text."""
    plain = yaml.load((_ROOT / "workflows" / "commune-advanced.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    moves = {m["name"]: _move(m) for m in plain["transitions"]}
    asked: dict[str, dict[str, Ask]] = {state: {} for state in plain["states"]}
    for move in moves.values():
        for state in move.origins:
            asked[state] |= move.asks
    for state, written in plain["states"].items():
        if "announce" in written:
            asked[state][written["announce"]["key"]] = {**written["announce"], "at": LEVELS[written["announce"]["at"]]}
    return Book(
        moves=moves,
        states=plain["states"],
        register=plain["register"],
        pause=tuple(plain["pause"]["by"]),
        extend=plain["extend"],
        together=tuple(plain["separation_of_duties"]["assessment"]),
        first_day=date.fromisoformat(plain["valid_from"]),
        last_day=date.fromisoformat(plain["valid_to"]),
        criteria=tuple(c["number"] for c in plain["criteria"]["items"]),
        asked=asked,
    )


def _move(written: Mapping[str, Any]) -> Move:
    level = LEVELS[written["at"]]
    origins = written["from"] if isinstance(written["from"], list) else [written["from"]]
    asks = {r["key"]: {"by": written["by"], **r, "at": level} for r in written.get("requires", [])}
    flags = {word for word in ("returns", "while_paused", "opens_next_year", "needs_successor") if word in written}
    if written.get("reason") == "required":
        flags.add("reason")
    return Move(
        written["name"], tuple(origins), written["to"], written["by"], level, asks, frozenset(flags),
        written.get("limit"),
    )  # fmt: skip


def share(text: str) -> Fraction:
    """`9/10` exactly."""
    return Fraction(text)


@cache
def places() -> Mapping[str, Place]:
    """The way from the province down to each locality, by code."""
    parents = {r["code"]: r["parent"] for r in _rows("localities.csv")}

    def way(code: str) -> Place:
        return (*way(parents[code]), code) if code else ()

    return {code: way(code) for code in parents}


@dataclass(frozen=True)
class Unit:
    """A locality for the days from first to last. Codes are given again to other units."""

    code: str
    kind: str
    first: date
    last: date


@cache
def units() -> tuple[Unit, ...]:
    """Every locality of the table."""
    return tuple(
        Unit(r["code"], r["kind"], _day(r["valid_from"], date.min), _day(r["valid_to"], date.max))
        for r in _rows("localities.csv")
    )


def unit_of(code: str, day: date) -> Unit | None:
    """The locality that bears the code on that day."""
    return next((u for u in units() if u.code == code and u.first <= day <= u.last), None)


@cache
def seats() -> Mapping[str, Place]:
    """Where each office sits."""
    return {r["code"]: places()[r["locality"]] for r in _rows("offices.csv")}


@cache
def sectors() -> tuple[str, ...]:
    """Every department that may be asked to confirm something."""
    return tuple(r["code"] for r in _rows("offices.csv") if r["criteria"] or r["kind"] == "sector")


@cache
def confirming() -> frozenset[str]:
    """The departments that confirm criteria of the set."""
    return frozenset(
        r["code"] for r in _rows("offices.csv") if set(r["criteria"].split(";")) & set(the_book().criteria)
    )


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def _rows(name: str) -> list[dict[str, str]]:
    with (_ROOT / "config" / "provinces" / "hai_duong" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
