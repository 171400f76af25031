"""Bundles made of a database's history by somebody who has every key: honest ones, and forged with all re-signed.

A `Story` is the history as plain values. Whatever a test does to it, `pack` chains, roots, signs and witnesses it anew,
so that only what the entries say can give it away.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import text

from dossier_engine.records.database import Database
from dossier_engine.rules import ed25519
from dossier_engine.rules.entry import canonical, commitment, leaf_hash
from dossier_engine.rules.note import LOG, WITNESS, Checkpoint, Key, Note, cosign, sign
from dossier_engine.rules.policy import Policy
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Writer
from dossier_engine.verifier.check import Report, verify
from dossier_engine.verifier.registers import STREAMS
from tests.verifier.logs import Log

ORIGIN = "nong-thon-moi.haiduong.example/1"
READS = "reads"


@dataclass(frozen=True)
class Signer:
    """A key pair of the log or of a witness."""

    name: str
    kind: int

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.name.encode()).digest())

    @property
    def key(self) -> Key:
        return Key(self.name, self.kind, self.private.public_key().public_bytes_raw())


THE_LOG = Signer(ORIGIN, LOG)
INSPECTORATE, NEIGHBOUR = Signer("thanh-tra.example", WITNESS), Signer("tinh-ben.example", WITNESS)
POLICY = f"""log {THE_LOG.key}
witness thanh-tra {INSPECTORATE.key}
witness tinh-ben {NEIGHBOUR.key}
group hai-noi all thanh-tra tinh-ben
quorum hai-noi
""".encode()


def by_library(public: bytes, message: bytes, signature: bytes) -> bool:
    """The check that the installed command brings."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


CHECKS = {"library": by_library, "pure": ed25519.verify}


@dataclass
class Story:
    """Entries by stream as plain values, private values beside them, and how the evidence is made of both."""

    entries: dict[str, list[dict[str, Any]]]
    private: list[dict[str, Any]]
    raw: dict[tuple[str, int], bytes] = field(default_factory=dict)  # instead of the canonical bytes
    log: Signer = THE_LOG
    checkpoints: tuple[float, ...] = (0.3, 0.7)  # where in the log earlier ones were signed
    witnesses: tuple[Signer, ...] = (INSPECTORATE, NEIGHBOUR)
    delay: timedelta = timedelta(seconds=30)  # from an entry to its checkpoint
    late: dict[tuple[str, int], str] = field(default_factory=dict)  # when an entry came into the log, if not at once

    def entry(self, stream: str, kind: str, n: int = 0) -> dict[str, Any]:
        """The n-th entry of that kind, to be changed in place."""
        return [entry for entry in self.entries[stream] if entry["kind"] == kind][n]

    def cut(self, stream: str, after: int) -> None:
        """Forget what follows entry `after`, as if the dossier had come no further."""
        del self.entries[stream][after:]
        self.private = [p for p in self.private if p["stream"] != stream or p["seq"] <= after]

    def open(self, stream: str, seq: int, **values: str) -> None:
        """Give an entry other private values, with commitments that fit."""
        entry = self.entries[stream][seq - 1]
        for name, value in values.items():
            salt = hashlib.sha256(f"{stream} {seq} {name}".encode()).digest()
            entry["private"][name] = commitment(salt, name, value)
            self.private = [p for p in self.private if (p["stream"], p["seq"], p["name"]) != (stream, seq, name)]
            self.private.append({"stream": stream, "seq": seq, "name": name, "salt": salt.hex(), "value": value})

    def drop(self, stream: str, seq: int) -> None:
        """Take an entry out; those after it move up."""
        del self.entries[stream][seq - 1]
        self._shift(stream, seq, -1)

    def insert(self, stream: str, seq: int, entry: dict[str, Any]) -> dict[str, Any]:
        """Put an entry in at that place; those after it move down."""
        self._shift(stream, seq, 1)
        self.entries[stream].insert(seq - 1, copy.deepcopy(entry))
        return self.entries[stream][seq - 1]

    def _shift(self, stream: str, seq: int, by: int) -> None:
        if by < 0:
            self.private = [p for p in self.private if (p["stream"], p["seq"]) != (stream, seq)]
        for value in self.private:
            if value["stream"] == stream and value["seq"] >= seq:
                value["seq"] += by

    def rename(self, stream: str, other: str) -> None:
        """Give a stream another name."""
        self.entries[other] = self.entries.pop(stream)
        for value in self.private:
            value["stream"] = other if value["stream"] == stream else value["stream"]

    def in_order(self) -> list[tuple[str, str, int]]:
        """When each entry came into the log, its stream and number, in that order."""
        found = []
        for stream, entries in self.entries.items():
            at = ""
            for entry in entries:
                at = max(at, self.late.get((stream, entry["seq"]), entry["at"]))
                found.append((at, stream, entry["seq"]))
        return sorted(found)

    def renumber(self) -> None:
        """Chain every stream anew."""
        for stream, entries in self.entries.items():
            prev = b""
            for seq, entry in enumerate(entries, 1):
                entry |= {"stream": stream, "seq": seq, "prev": prev.hex()}
                prev = leaf_hash(self.bytes_of(entry))

    def bytes_of(self, entry: dict[str, Any]) -> bytes:
        return self.raw.get((entry["stream"], entry["seq"])) or canonical(entry)


def story_of(database: Database) -> Story:
    """The history of a database."""
    entries: dict[str, list[dict[str, Any]]] = {}
    with database.reading() as session:
        rows = session.execute(text("SELECT entry FROM history ORDER BY stream, seq")).scalars()
        for data in rows:
            entry = json.loads(bytes(data))
            entries.setdefault(entry["stream"], []).append(entry)
        told = session.execute(text("SELECT stream, seq, name, salt, value FROM private"))
        private = [{**row._asdict(), "salt": bytes(row.salt).hex()} for row in told]
    return Story(entries, private)


def signed(log: Log, size: int, at: datetime, witnesses: Iterable[Signer], by: Signer = THE_LOG) -> bytes:
    """The checkpoint of that size, cosigned at that time."""
    text_ = Checkpoint(by.name, size, log.roots[size - 1]).text()
    found = [sign(text_, by.key, by.private.sign)]
    found += (cosign(text_, w.key, int(at.timestamp()), w.private.sign) for w in witnesses)
    return bytes(Note(text_, tuple(found)))


Members = dict[str, bytes]


@dataclass
class Tampering:
    """What is done while the evidence is made: to the files before their manifest, to the export, to the proofs."""

    files: Callable[[Members], object] = lambda found: found
    export: Callable[[dict[str, Any]], object] = lambda entry: entry
    proofs: Callable[[list[bytes]], object] = lambda lines: lines


HONEST = Tampering()


def members(story: Story, codes: tuple[str, ...] | None = None, tampering: Tampering = HONEST) -> Members:
    """The members of a bundle of everything, or of these dossiers, by name and in order."""
    story.renumber()
    ordered = story.in_order()
    by_place = {(e["stream"], e["seq"]): story.bytes_of(e) for of in story.entries.values() for e in of}
    log, places = Log(), {}
    for index, (_, stream, seq) in enumerate(ordered):
        log.append(leaf_hash(by_place[stream, seq]))
        places[stream, seq] = index
    size = len(ordered)
    known = set(story.entries)
    always = {stream for stream in known if stream in STREAMS or stream.startswith("log/")}
    wanted = known if codes is None else {*(f"dossier/{c}" for c in codes), *always}
    keys = sorted(key for key in places if key[0] in wanted)
    found: Members = {
        bundle.EVENTS: _lines(by_place[key] for key in keys),
        bundle.PRIVATE: _lines(bundle.line(p) for p in _sorted(p for p in story.private if p["stream"] in wanted)),
    }
    times = {n: datetime.fromisoformat(ordered[n - 1][0]) + story.delay for n in range(1, size + 1)}
    before = sorted({max(1, int(size * part)) for part in story.checkpoints})
    notes = {n: signed(log, n, times[n], story.witnesses, story.log) for n in before}
    found[bundle.CHECKPOINTS] = _lines(bundle.line({"note": note.decode(), "size": n}) for n, note in notes.items())
    found["events.csv"] = b"stream,seq\n"
    streams = sorted(known)
    heads = Log()
    for stream in streams:
        last = len(story.entries[stream])
        heads.append(leaf_hash(bundle.head(stream, last, leaf_hash(by_place[stream, last]))))
    tampering.files(found)
    return _evidence(story, codes, found, log, places, keys, notes, heads, streams, times[size], tampering)


def _evidence(story, codes, found, log, places, keys, notes, heads, streams, last, tampering) -> Members:  # noqa: PLR0917
    size = len(places)
    listed = [(name, hashlib.sha256(data).hexdigest()) for name, data in found.items()]
    found[bundle.MANIFEST] = bundle.manifest(listed)
    export = an_export(codes, size, len(streams), heads, found[bundle.MANIFEST], last)
    tampering.export(export)
    found[bundle.EXPORT] = canonical(export) + b"\n"
    log.append(leaf_hash(canonical(export)))
    log.append(leaf_hash(b"something later"))
    proofs = [bundle.line(log.inclusion(size, size + 2))]
    if codes is None:
        proofs.append(bundle.line(log.consistency(size, size + 2)))
        proofs += (str(places[key]).encode() for key in keys)
    else:
        proofs += (bundle.line(log.inclusion(places[key], size + 2)) for key in keys)
        within = sorted({stream for stream, _ in keys})
        proofs += (bundle.line(heads.inclusion(streams.index(s), len(streams))) for s in within)
        proofs += (bundle.line(log.consistency(n, size + 2)) for n in notes)
    tampering.proofs(proofs)
    found[bundle.PROOFS] = _lines(proofs)
    found[bundle.CHECKPOINT] = signed(log, size + 2, last + story.delay, story.witnesses, story.log)
    return found


def an_export(codes, size, streams, heads, manifest, at) -> dict[str, Any]:
    return {
        "_v": 1, "stream": READS, "seq": 1, "prev": "", "kind": "exported",
        "at": at.isoformat(timespec="microseconds").replace("+00:00", "Z"), "effective_on": "2024-12-31",
        "actor": {"person": "p-auditor", "role": "auditor", "office": "thanh-tra-tinh", "territory": "30/",
                  "on_behalf_of": None},
        "channel": "cli",
        "body": {"scope": "all" if codes is None else list(codes), "size": size, "streams": streams,
                 "heads": heads.frontier.root().hex(), "manifest": hashlib.sha256(manifest).hexdigest()},
        "private": {}, "request": None,
    }  # fmt: skip


def _lines(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _sorted(private: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(private, key=lambda p: (p["stream"], p["seq"], p["name"]))


def write(path: Path, found: Members) -> Path:
    """The members as an archive."""
    with path.open("wb") as out:
        writer = Writer(out)
        for name, data in found.items():
            writer.add(name, [data])
        writer.close()
    return path


def reported(path: Path, found: Members, policy: bytes = POLICY) -> Report:
    """What the verifier reports of these members; with the library's check and the pure one alike."""
    return judged(write(path, found), policy)


def judged(path: Path, policy: bytes = POLICY) -> Report:
    """The same of an archive that is there."""
    reports = [verify(path, Policy.parse(policy), check) for check in CHECKS.values()]
    assert reports[0] == reports[1]
    return reports[0]
