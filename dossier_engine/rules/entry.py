"""A history entry: canonical bytes made once, chained by hash, and the fold that turns entries into a state.

Format version 1. One JSON object; keys of `[a-z0-9_]`, a letter first; values are strings, integers below 2**53,
booleans, null, arrays and objects, never floats; NFC text; sorted keys, no spaces, UTF-8 unescaped (for this subset the
same bytes as RFC 8785). The key `_v`, the one exception, sorts first, so the version is the first member of the bytes
that are hashed. Instants are `YYYY-MM-DDTHH:MM:SS.ffffffZ`. The bytes are stored as made and never serialised again.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache

FORMAT = 1
Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_KEY = re.compile(r"(?:_v|[a-z][a-z0-9_]*)\Z")
_LARGEST = 2**53
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)

# Kinds that change what an order on a dossier depends on: each moves `version` by one.
VERSIONED = frozenset({"registered", "moved", "recorded", "paused", "resumed", "extended", "answered", "recomputed"})

# Kinds that are filed for the record only: an officer's form does not go stale by them.
UNVERSIONED = frozenset({"escalated", "climbed"})


class MalformedEntryError(ValueError):
    """The bytes are not a canonical entry of format 1, or the entries do not follow from one another."""


def instant(at: datetime) -> str:
    """UTC with microseconds, as entries hold it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def canonical(entry: Mapping[str, Json]) -> bytes:
    """The one byte form of an entry. Raises MalformedEntryError for a value outside the format."""
    try:
        _check(entry, "")
        return _ENCODER.encode(entry).encode()
    except (RecursionError, UnicodeEncodeError) as error:  # nested without end, or half a character
        raise MalformedEntryError(str(error)) from error


@lru_cache(maxsize=1024)
def _is_key(key: str) -> bool:
    return _KEY.match(key) is not None


def _check(value: object, where: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not _is_key(key):
                raise MalformedEntryError(f"{where}.{key}: key")
            # Nearly all are one of these two, and stand: no call for each.
            if inner is not None and (type(inner) is not str or not inner.isascii()):
                _check(inner, key)
    elif isinstance(value, str):
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise MalformedEntryError(f"{where}: text is not NFC")
    elif isinstance(value, int):
        if abs(value) >= _LARGEST:
            raise MalformedEntryError(f"{where}: int {value!r}")
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner, where)
    elif value is not None:
        raise MalformedEntryError(f"{where}: {type(value).__name__} {value!r}")


def parse(data: bytes) -> dict[str, Json]:
    """The entry that `data` is the canonical form of. Raises MalformedEntryError for any other bytes."""
    try:
        entry = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise MalformedEntryError("not JSON") from error
    if not isinstance(entry, dict) or type(entry.get("_v")) is not int or entry["_v"] != FORMAT:  # true equals 1
        raise MalformedEntryError("not an entry of format 1")
    if canonical(entry) != data:
        raise MalformedEntryError("not in canonical form")
    return entry


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data), 32 bytes: the next entry's `prev` and, later, the leaf of the log (RFC 9162)."""
    return hashlib.sha256(b"\x00" + data).digest()


def commitment(salt: bytes, name: str, value: str) -> str:
    """Hex commitment to a private value; `salt` is 32 random bytes kept beside the value, erasable with it."""
    digest = hashlib.sha256(b"dossier-priv/v1" + salt + name.encode() + b"\x00" + value.encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the history of one dossier adds up to. The dossier's row must say the same."""

    seq: int
    version: int
    state: str
    round: int
    stage_seq: int
    stage_on: date
    paused_on: date | None
    effective_on: date
    definition: str
    due: Mapping[str, str] = field(default_factory=dict)


def fold(entries: Iterable[Mapping[str, Json]]) -> Standing:
    """The standing after `entries`, which are one dossier's, in order, from the first.

    Raises MalformedEntryError naming the first entry that does not follow from those before it: a wrong first
    kind, a `from` that is not the state reached, or dates that run backwards.
    """
    now: Standing | None = None
    previous_at = ""
    for entry in entries:
        at = str(entry["at"])
        if at < previous_at:
            raise MalformedEntryError(f"{entry['seq']}: recorded before the previous entry")
        previous_at = at
        now = follow(now, entry)
    if now is None:
        raise MalformedEntryError("0: no entries")
    return now


def follow(now: Standing | None, entry: Mapping[str, Json]) -> Standing:
    """The standing after one more entry; `now` is None before the first. Raises MalformedEntryError as `fold` does."""
    seq = _int(entry["seq"])
    return _first(entry) if now is None else _next(now, entry, seq, str(entry["kind"]))


def _first(entry: Mapping[str, Json]) -> Standing:
    body = _body(entry)
    if entry["kind"] != "registered":
        raise MalformedEntryError("1: the first entry is not a registration")
    on = date.fromisoformat(str(entry["effective_on"]))
    return Standing(
        seq=1, version=1, state=str(body["to"]), round=1, stage_seq=1, stage_on=on, paused_on=None,
        effective_on=on, definition=str(body["definition"]), due=_due({}, body),
    )  # fmt: skip


def _next(now: Standing, entry: Mapping[str, Json], seq: int, kind: str) -> Standing:
    body, on = _body(entry), date.fromisoformat(str(entry["effective_on"]))
    if on < now.effective_on:
        raise MalformedEntryError(f"{seq}: takes effect before the previous entry")
    if kind == "moved" and body["from"] != now.state:
        raise MalformedEntryError(f"{seq}: leaves {body['from']} but the dossier stood in {now.state}")
    moved = kind == "moved"
    paused = {"paused": on, "resumed": None}.get(kind, now.paused_on)
    return Standing(
        seq=seq,
        version=now.version + (kind in VERSIONED),
        state=str(body["to"]) if moved else now.state,
        round=_int(body["round"]) if moved else now.round,
        stage_seq=seq if moved else now.stage_seq,
        stage_on=on if moved else now.stage_on,
        paused_on=None if moved else paused,
        effective_on=on,
        definition=now.definition,
        due=_due({} if moved else now.due, body),
    )


def _due(before: Mapping[str, str], body: Mapping[str, Json]) -> Mapping[str, str]:
    due = body.get("due")
    stated = {str(d["deadline"]): str(d["on"]) for d in due if isinstance(d, dict)} if isinstance(due, list) else {}
    return {**before, **stated}


def _body(entry: Mapping[str, Json]) -> dict[str, Json]:
    body = entry["body"]
    if not isinstance(body, dict):
        raise MalformedEntryError(f"{entry['seq']}: no body")
    return body


def _int(value: Json) -> int:
    if not isinstance(value, int):
        raise MalformedEntryError(f"{value!r} is not a number")
    return value
