"""Bundles with something changed: in their bytes, in a member packed anew, in a line that keeps its form, in evidence.

Whoever changes a bundle may pack it well and let the manifest and the entry of the export fit; what he lacks is a key.
Every mutant differs from the honest bundle it comes from, so each that is accepted is a hole.
"""

import hashlib
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dossier_engine.rules.note import Check, Checkpoint, Note, Signature, cosign, sign
from dossier_engine.rules.policy import Policy
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Writer
from dossier_engine.verifier.check import NotABundleError, verify
from tests.attacks.pool import Honest, policy
from tests.verifier.forging import INSPECTORATE, NEIGHBOUR, Members, Signer

STRANGER = Signer("nguoi-la.example", 4)
OTHER_LOG = Signer("khac.example/2024", 1)
_EVIDENCE = (bundle.EXPORT, bundle.PROOFS, bundle.CHECKPOINT, bundle.MANIFEST)
_LONGEST = 40  # bytes that are taken out or put in at once


@dataclass(frozen=True)
class Mutant:
    """The archive and the policy it is verified by; `made` says how it came about."""

    made: str
    data: bytes
    policy: Policy


Bytes = Callable[[random.Random, bytes], bytes]
Whole = Callable[[random.Random, Members, Sequence[Honest]], None]


def packed(found: Members) -> bytes:
    """The members as the bytes of an archive."""
    out = io.BytesIO()
    writer = Writer(out)
    for name, data in found.items():
        writer.add(name, [data])
    writer.close()
    return out.getvalue()


# --- bytes ---


def flip_bit(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def flip_byte(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]


def delete(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randint(1, _LONGEST) :]


def insert(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.randint(1, _LONGEST)) + data[at:]


def duplicate(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    end = at + rng.randint(1, _LONGEST)
    return data[:end] + data[at:end] + data[end:]


def truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def append(rng: random.Random, data: bytes) -> bytes:
    return data + rng.randbytes(rng.randint(1, _LONGEST))


def twice(_: random.Random, data: bytes) -> bytes:
    return data + data


# --- lines ---


def swap_lines(rng: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def drop_line(rng: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def repeat_line(rng: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    return b"".join([*lines[:at], lines[at], *lines[at:]])


def other_value(rng: random.Random, data: bytes) -> bytes:
    """Another value in a line of JSON, in the one form of such lines."""
    lines = data.splitlines()
    at = rng.randrange(len(lines))
    try:
        told = json.loads(lines[at])
    except ValueError:
        return flip_byte(rng, data)
    lines[at] = bundle.line(_changed(rng, told))
    return b"".join(line + b"\n" for line in lines)


def _changed(rng: random.Random, value: Any) -> Any:  # whatever JSON holds
    match value:
        case dict() if value:
            key = rng.choice(sorted(value))
            return {**value, key: _changed(rng, value[key])}
        case list() if value:
            at = rng.randrange(len(value))
            if rng.random() < 0.3:
                return value[:at] + value[at + 1 :]
            return [*value[:at], _changed(rng, value[at]), *value[at + 1 :]]
        case bool() | None:
            return not value
        case int():
            return value + rng.choice((-1, 1))
        case str() if value:
            at = rng.randrange(len(value))
            return value[:at] + rng.choice([c for c in "0123456789abcdef" if c != value[at]]) + value[at + 1 :]
        case _:
            return "0"


# --- whole members ---


def swap_members(rng: random.Random, found: Members, _: Sequence[Honest]) -> None:
    one, other = rng.sample(sorted(found), 2)
    found[one], found[other] = found[other], found[one]


def reorder(rng: random.Random, found: Members, _: Sequence[Honest]) -> None:
    names = list(found)
    rng.shuffle(names)
    for name in names:
        found[name] = found.pop(name)


def drop_member(rng: random.Random, found: Members, _: Sequence[Honest]) -> None:
    del found[rng.choice(sorted(found))]


def add_member(rng: random.Random, found: Members, _: Sequence[Honest]) -> None:
    more = {rng.choice(("dossier.json", "ocel.json", "verify.py", "workflow/x@1.svg", "them.txt")): rng.randbytes(9)}
    in_order = sorted(
        {**found, **more}.items(), key=lambda item: bundle.place(item[0]) if item[0] != "them.txt" else (99, "")
    )
    found.clear()
    found.update(in_order)


def foreign_member(rng: random.Random, found: Members, others: Sequence[Honest]) -> None:
    name = rng.choice(sorted(found))
    found[name] = rng.choice(others).members.get(name, b"")


def foreign_line(rng: random.Random, found: Members, others: Sequence[Honest]) -> None:
    """A line of the same member of another bundle: an entry, a proof, an earlier checkpoint, a private value."""
    name = rng.choice((bundle.EVENTS, bundle.PROOFS, bundle.PROOFS, bundle.CHECKPOINTS, bundle.PRIVATE))
    theirs = rng.choice(others).members[name].splitlines(keepends=True)
    lines = found[name].splitlines(keepends=True)
    if theirs and lines:
        lines[rng.randrange(len(lines))] = rng.choice(theirs)
        found[name] = b"".join(lines)


def older_checkpoint(rng: random.Random, found: Members, _: Sequence[Honest]) -> None:
    lines = found[bundle.CHECKPOINTS].splitlines()
    if lines:
        found[bundle.CHECKPOINT] = json.loads(rng.choice(lines))["note"].encode()


def signatures(rng: random.Random, found: Members, _: Sequence[Honest]) -> None:
    """Signature lines in another order, fewer, more, or by others."""
    note = Note.parse(found[bundle.CHECKPOINT])
    signed = list(note.signatures)
    match rng.randrange(5):
        case 0:
            rng.shuffle(signed)
        case 1 if len(signed) > 1:
            del signed[rng.randrange(len(signed))]
        case 2:
            signed.append(cosign(note.text, STRANGER.key, 1_735_000_000, STRANGER.private.sign))
        case 3:
            at = rng.randrange(len(signed))
            signed[at] = Signature(signed[at].name, signed[at].key_id, flip_bit(rng, signed[at].blob))
        case _:
            signed[0] = Signature(signed[0].name, signed[0].key_id, STRANGER.private.sign(note.text.encode()))
    found[bundle.CHECKPOINT] = bytes(Note(note.text, tuple(signed)))


def another_checkpoint(rng: random.Random, found: Members, _: Sequence[Honest]) -> None:
    """A statement of the log's, but signed by who is not the log."""
    stated = Checkpoint.parse(Note.parse(found[bundle.CHECKPOINT]).text)
    root = stated.root if rng.random() < 0.5 else flip_bit(rng, stated.root)
    text = Checkpoint(stated.origin, stated.size + rng.choice((0, 1)), root).text()
    key = rng.choice((OTHER_LOG, STRANGER))
    found[bundle.CHECKPOINT] = bytes(Note(text, (sign(text, key.key, key.private.sign),)))


BYTES: tuple[Bytes, ...] = (flip_bit, flip_byte, delete, insert, duplicate, truncate, append, twice)
LINES: tuple[Bytes, ...] = (flip_bit, flip_byte, delete, insert, duplicate, truncate, append, swap_lines, drop_line,
                            repeat_line, other_value, other_value, other_value)  # fmt: skip
WHOLE: tuple[Whole, ...] = (swap_members, reorder, drop_member, add_member, foreign_member, foreign_line, foreign_line,
                            older_checkpoint, signatures, signatures, another_checkpoint)  # fmt: skip


def mutant(rng: random.Random, pool: Sequence[tuple[Honest, bytes]]) -> Mutant:
    """Some bundle of the pool with something changed."""
    while True:
        honest, data = rng.choice(pool)
        made, changed = _made(rng, honest, data, [other for other, _ in pool if other is not honest])
        if changed != data:
            return Mutant(made, changed, honest.policy)
        if made == "policy":
            return Mutant(made, data, _other_policy(rng))


def _made(rng: random.Random, honest: Honest, data: bytes, others: Sequence[Honest]) -> tuple[str, bytes]:
    kind = rng.random()
    if kind < 0.01:
        return "policy", data
    if kind < 0.2:
        change = rng.choice(BYTES)
        return change.__name__, change(rng, data)
    found = dict(honest.members)
    if kind < 0.4:
        whole = rng.choice(WHOLE)
        whole(rng, found, others)
        return whole.__name__, packed(found)
    name = rng.choice((*found, *_EVIDENCE))
    if not found[name]:
        return "", data
    change = rng.choice(LINES)
    found[name] = change(rng, found[name])
    fitting = rng.random() < 0.5 and name not in _EVIDENCE
    if fitting:
        _fit(found)
    return f"{change.__name__} in {name}{' with a manifest that fits' if fitting else ''}", packed(found)


def _fit(found: Members) -> None:
    """Let the manifest and the entry of the export say what the members now are."""
    listed = [(name, hashlib.sha256(data).hexdigest()) for name, data in found.items() if name not in bundle.EVIDENCE]
    found[bundle.MANIFEST] = bundle.manifest(listed)
    export = json.loads(found[bundle.EXPORT])
    export["body"]["manifest"] = hashlib.sha256(found[bundle.MANIFEST]).hexdigest()
    found[bundle.EXPORT] = bundle.line(export) + b"\n"


def _other_policy(rng: random.Random) -> Policy:
    return rng.choice((
        policy((INSPECTORATE, NEIGHBOUR, STRANGER)), policy((INSPECTORATE, NEIGHBOUR), log=OTHER_LOG),
        policy((INSPECTORATE,)), policy((STRANGER,)), policy(()),
    ))  # fmt: skip


def codes(path: Path, tried: Mutant, check: Check) -> list[str]:
    """What the verifier finds; `not_a_bundle` where there is no archive at all."""
    path.write_bytes(tried.data)
    try:
        return [finding.code for finding in verify(path, tried.policy, check).findings]
    except NotABundleError:
        return ["not_a_bundle"]
