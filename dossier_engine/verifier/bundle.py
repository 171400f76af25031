"""What lies in a bundle, in which order, and how each of its lines is written."""

import json
import re
from collections.abc import Iterable, Mapping

from dossier_engine.rules.entry import Json
from dossier_engine.rules.note import Note

EVENTS, PRIVATE, CHECKPOINTS = "events.jsonl", "private.jsonl", "checkpoints.jsonl"
MANIFEST, EXPORT, PROOFS, CHECKPOINT = "MANIFEST.sha256", "export.jsonl", "proofs.jsonl", "checkpoint.txt"
VERIFIER = "verify.py"

# What people read; nothing is verified by it, but the manifest names it.
_COPIES = ("LICH-SU.html", "events.csv", "dossier.json", "documents.csv", "ocel.json")
_WORKFLOW = re.compile(r"workflow/[a-z0-9-]+@[a-z0-9.-]+\.(?:yaml|svg)\Z", re.ASCII)
_ORDER = (
    EVENTS, PRIVATE, CHECKPOINTS, *_COPIES, "workflow/", "HUONG-DAN-KIEM-TRA.txt", VERIFIER, MANIFEST, EXPORT,
    PROOFS, CHECKPOINT,
)  # fmt: skip
NEEDED = frozenset({EVENTS, PRIVATE, CHECKPOINTS, MANIFEST, EXPORT, PROOFS, CHECKPOINT})
EVIDENCE = frozenset({MANIFEST, EXPORT, PROOFS, CHECKPOINT})  # not in the manifest

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

LONGEST_LINE = 64 * 2**20  # a territory is adopted in one entry


def place(name: str) -> tuple[int, str]:
    """Where a member stands among the others: to sort by. Raises ValueError for one no bundle has."""
    known = "workflow/" if _WORKFLOW.match(name) else name
    if known not in _ORDER:
        raise ValueError(f"no place for {name!r}")
    return _ORDER.index(known), name


def manifest(digests: Iterable[tuple[str, str]]) -> bytes:
    """The manifest of (name, SHA-256) pairs, as `sha256sum --check` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in digests).encode()


def line(value: Json) -> bytes:
    """The one form of a line, without its end: sorted keys, no spaces, UTF-8 unescaped.

    Raises ValueError for a value that has none. An entry's own form is stricter (`rules.entry.canonical`).
    """
    return _ENCODER.encode(value).encode()


def parse(data: bytes, *keys: str) -> Mapping[str, Json]:
    """The object with exactly these keys that `data` is the one form of. Raises ValueError for any other bytes."""
    try:
        value = json.loads(data)
        is_sound = isinstance(value, dict) and value.keys() == set(keys) and line(value) == data
    except RecursionError as error:
        raise ValueError("nested without end") from error
    if not is_sound:
        raise ValueError(f"not a line of {', '.join(keys)}")
    found: Mapping[str, Json] = value
    return found


def in_order(note: Note) -> Note:
    """The note with its signatures in their one order: the log's before those of witnesses, each by name."""
    origin = note.text.partition("\n")[0]
    return Note(note.text, tuple(sorted(note.signatures, key=lambda s: (s.name != origin, s.name, s.key_id))))


def head(stream: str, seq: int, leaf: bytes) -> bytes:
    """The line whose leaf hash stands in the tree of heads for the last entry of a stream."""
    return line({"leaf": leaf.hex(), "seq": seq, "stream": stream})
