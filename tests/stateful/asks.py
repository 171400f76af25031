"""What a transition asks for, in words: which record could never count, and what is still lacking.

Written from the definition's own text and `workflows/README.md`; the engine's requirements are not looked at.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tests.stateful.book import Ask, Book, confirming, share
from tests.stateful.wishes import Fields

CALENDAR_YEARS = range(2023, 2028)
_RISING = {"vote": ("agree", "present", "members"), "survey": ("satisfied", "answered", "asked"),
           "broadcast": ("times",)}  # fmt: skip
_ONE_ITEM = {"display": "period", "vote": "vote", "survey": "survey", "receipt": "receipt"}
_WORDS = {"display": ("from", "to"), "receipt": ("on",)}


class No(NamedTuple):
    """A refusal: the engine's code, and what tells it from others of that code."""

    code: str
    detail: tuple[str, ...] = ()


def bad(why: str) -> No:
    """Input of the wrong shape."""
    return No("bad_input", (why,))


@dataclass(frozen=True)
class Kept:
    """One fact: the stage it was recorded in, and what was recorded."""

    stage: int
    fields: Fields


Facts = Mapping[tuple[str, str], Kept]


# --- what could never count ---


def flaw(ask: Ask, item: str, fields: Fields, on: date, book: Book) -> No | None:
    """What is wrong with one item of a record made for day `on`."""
    kind = ask["type"]
    if kind == "broadcast":
        if found := _day_flaw(item, on):
            return found
    elif kind != "sector_confirmations" and item not in _items(ask, book):
        return bad("unknown_item")
    texts = _texts(ask, item)
    counts = tuple(c for c in _RISING.get(kind, ()) if c != "members" or "quorum" in ask or c in fields)
    chosen = {"criteria": ("met", "not_met")}.get(kind, ("agree", "disagree") if "confirmation" in kind else ())
    if chosen and fields.get("result") not in chosen:
        return bad("not_a_choice")
    known = {*texts, *counts, *(("result",) if chosen else ())}
    flaws = [_text_flaw(name, fields.get(name)) for name in texts]
    flaws += [_count_flaw(fields, counts, 1 if kind == "broadcast" else 0)]
    flaws += [bad("unknown_item") for name in fields if name not in known]
    flaws += [_day_flaw(str(fields[n]), on) for n in ("date", "on", "from", "to") if n in texts and n in fields]
    flaws += [bad("before_from") for _ in "x" if kind == "display" and str(fields.get("to")) < str(fields.get("from"))]
    return next((f for f in flaws if f), None)


def _items(ask: Ask, book: Book) -> tuple[str, ...]:
    if ask["type"] == "documents":
        return tuple(d["kind"] for d in ask["documents"])
    if ask["type"] == "criteria":
        return book.criteria
    return (_ONE_ITEM.get(ask["type"]) or ask["office"],)


def _texts(ask: Ask, item: str) -> tuple[str, ...]:
    if ask["type"] == "documents":
        return tuple(next(d["fields"] for d in ask["documents"] if d["kind"] == item))
    return ("number", "date") if "confirmation" in ask["type"] else _WORDS.get(ask["type"], ())


def _text_flaw(name: str, text: object) -> No | None:
    if text is None or not str(text).strip():
        return bad("missing")
    if not str(text).isprintable() or unicodedata.normalize("NFC", str(text)) != str(text):
        return bad("not_plain_text")
    return bad("not_sha256") if name == "sha256" and not re.fullmatch("[0-9a-f]{64}", str(text)) else None


def _count_flaw(fields: Fields, names: Sequence[str], below: int) -> No | None:
    for name in names:
        count = fields.get(name)
        if type(count) is not int:
            return bad("not_a_count")
        if count < below:
            return bad("count_too_small")
        below = count
    return None


def _day_flaw(text: str, on: date) -> No | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return bad("not_a_date")
    with suppress(ValueError):
        return No("date_in_future") if date.fromisoformat(text) > on else None
    return bad("not_a_date")


# --- what is lacking ---


def lacking(ask: Ask, facts: Facts, stage: int, book: Book) -> bool:
    """Whether the facts leave the requirement unmet."""
    mine = {item: kept.fields for (key, item), kept in facts.items() if key == ask["key"]}
    match ask["type"]:
        case "documents":
            return not {d["kind"] for d in ask["documents"]} <= mine.keys()
        case "criteria":
            return any(mine.get(number, {}).get("result") != "met" for number in book.criteria)
        case "confirmation":
            return mine.get(ask["office"], {}).get("result") != "agree"
        case "sector_confirmations":
            return any(mine.get(office, {}).get("result") != "agree" for office in confirming())
        case "receipt":
            return (ask["key"], "receipt") not in facts or facts[ask["key"], "receipt"].stage != stage
        case "broadcast":
            return not _read_out(mine, int(ask["times"]), int(ask["within_days"]))
        case "display":
            return not _shown(mine.get("period"), ask, facts)
        case "vote":
            return not _carried(mine.get("vote"), ask)
        case "survey":
            found = mine.get("survey", {"satisfied": 0, "answered": 0})
            return not _reaches(found["satisfied"], found["answered"], ask["threshold"])
    raise AssertionError(ask["type"])


def _read_out(mine: Mapping[str, Fields], times: int, within: int) -> bool:
    days = [date.fromisoformat(d) for d, fields in mine.items() for _ in range(int(fields["times"]))]
    return any(sum(0 <= (d - first).days < within for d in days) >= times for first in days)


def _shown(period: Fields | None, ask: Ask, facts: Facts) -> bool:
    if period is None:
        return False
    first, last = date.fromisoformat(str(period["from"])), date.fromisoformat(str(period["to"]))
    reports = [k.fields["date"] for (key, _), k in facts.items() if key == ask["after"]]
    return (last - first).days >= int(ask["lasts_days"]) and all(str(d) <= first.isoformat() for d in reports)


def _carried(vote: Fields | None, ask: Ask) -> bool:
    if vote is None:
        return False
    enough = "quorum" not in ask or _reaches(vote["present"], vote["members"], ask["quorum"])
    return enough and _reaches(vote["agree"], vote["present"], ask["assent"])


def _reaches(part: str | int, whole: str | int, wanted: str) -> bool:
    return whole != 0 and share(f"{part}/{whole}") >= share(wanted)
