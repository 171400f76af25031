"""One entry as the law looks at it: its parts by name, of the right types, and the legal days of its instant."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from dossier_engine.errors import DossierError
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import legal_day

# What reading something that no command wrote may end in.
UNREADABLE = (ArithmeticError, AttributeError, DossierError, LookupError, RecursionError, TypeError, ValueError)

SYSTEM = "system:"

_KEYS = frozenset({
    "_v", "stream", "seq", "prev", "kind", "at", "effective_on", "actor", "channel", "body", "private", "request",
})  # fmt: skip
_ACTOR = ("office", "on_behalf_of", "person", "role", "territory")  # as canonical bytes sort them
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)

# Acts of two streams that wait for one another may be recorded in the other order: clocks that are kept differ by less.
SLACK = timedelta(hours=1)

Flaw = tuple[str, str]  # code, detail


class Act(NamedTuple):
    """What was done: `at` as the entry writes it, which compares like time; `today` its legal day; `on` its effect."""

    stream: str
    seq: int
    kind: str
    at: str
    today: date
    on: date
    person: str
    actor: Mapping[str, Json]
    body: Mapping[str, Json]
    private: Mapping[str, Json]

    @property
    def now(self) -> datetime:
        """The instant it was recorded at."""
        return datetime.fromisoformat(self.at)

    @property
    def is_by_machine(self) -> bool:
        """Whether a named part of the system did it."""
        return self.person.startswith(SYSTEM)


def read(entry: Mapping[str, Json]) -> Act:
    """The act of an entry. Raises ValueError or TypeError for what no command writes."""
    if entry.keys() != _KEYS:
        raise ValueError(f"keys {sorted(entry.keys() ^ _KEYS)}")
    stream, seq, kind, at = entry["stream"], entry["seq"], entry["kind"], entry["at"]
    actor, body, private, request = entry["actor"], entry["body"], entry["private"], entry["request"]
    if not (isinstance(actor, dict) and isinstance(body, dict) and isinstance(private, dict)):
        raise TypeError("actor, body and private are objects")
    if not (isinstance(stream, str) and isinstance(kind, str) and isinstance(at, str)):
        raise TypeError("stream, kind and at are texts")
    if type(seq) is not int or not isinstance(entry["channel"], str):
        raise TypeError("seq is a number, channel a text")
    if not ((request is None or _is_hash(request)) and (not private or all(map(_is_hash, private.values())))):
        raise ValueError("request and commitments are hashes")
    person = actor.get("person")
    if tuple(actor) != _ACTOR or not isinstance(person, str):
        raise ValueError("actor")
    return Act(stream, seq, kind, at, day_of(at), day(entry["effective_on"]), person, actor, body, private)


def day_of(at: str) -> date:
    """The legal day of an instant as entries write it."""
    if _INSTANT.match(at) is None or not _is_minute(at[14:19]):
        raise ValueError(f"not an instant: {at[:40]!r}")
    return _day_of_hour(at[:13])


@lru_cache(65_536)
def _day_of_hour(hour: str) -> date:
    return legal_day(datetime.fromisoformat(f"{hour}:00:00.000000Z"))


def _is_minute(text: str) -> bool:
    return text[0] < "6" and text[3] < "6"


@lru_cache(65_536)
def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if found.isoformat() != text:  # Python reads `20240715` too
        raise ValueError(f"not a day: {text[:40]!r}")
    return found


def day(text: Json) -> date:
    """A day as entries write it."""
    if not isinstance(text, str):
        raise TypeError(f"not a day: {text!r}")
    return _day(text)


def _is_hash(value: Json) -> bool:
    return isinstance(value, str) and _HASH.match(value) is not None


def is_later(a: str, b: str) -> bool:
    """Whether the instant `a` is later than `b` by more than clocks may differ."""
    return a > b and datetime.fromisoformat(a) - SLACK > datetime.fromisoformat(b)
