"""Make an audit bundle: read what the log holds, file that it is handed out, await the checkpoint, add the evidence.

What is read never changes, so it is read without holding anybody up. The entry of the export names the manifest of all
that was read; the proofs, which need a checkpoint that covers this entry, come after it. The file appears whole or not.
"""

import hashlib
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO

from sqlalchemy import Connection
from sqlmodel import Session

from config.copies import for_people
from config.rounds import integrate_round
from config.wiring import Engine
from dossier_engine.catalogue import Language
from dossier_engine.commands.desk import Act
from dossier_engine.commands.export import Export, check_scope, export
from dossier_engine.errors import BadInput, NotSigned
from dossier_engine.notary.asking import Asked
from dossier_engine.queries import bundle as content
from dossier_engine.records import log
from dossier_engine.records.history import Written
from dossier_engine.rules.entry import canonical, leaf_hash, parse
from dossier_engine.rules.merkle import (
    Frontier,
    Node,
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
)
from dossier_engine.rules.note import Checkpoint, Note
from dossier_engine.rules.origin import number
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Writer
from dossier_engine.verifier.pack import packed

_LOOK_SECONDS, _COSIGNED_SECONDS = 0.2, 5.0
_NAMES = ("handle", "name")  # what of a person's private values a bundle tells, of those who act in it


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle in its file: how many dossiers and entries it holds, and the checkpoint it was proven by."""

    path: Path
    sha256: str
    dossiers: int
    entries: int
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Signer:
    """How many seconds to wait for a checkpoint; `sign` makes one, where the key is ours."""

    patience: float = 30.0
    sign: Callable[[], object] | None = None


@dataclass(slots=True)
class _Read:
    """What was read of the log: its first `size` leaves, of which the bundle holds these streams."""

    origin: str
    size: int
    heads: list[content.Head]
    streams: list[content.Head]
    is_everything: bool
    indexes: "array[int]" = field(default_factory=lambda: array("Q"))
    earlier: list[int] = field(default_factory=list)
    actors: set[str] = field(default_factory=set)
    persons: dict[int, str] = field(default_factory=dict)  # whom an entry of the register of people is about


def make(
    engine: Engine, codes: Sequence[str] | None, out: Path, act: Act, *, language: Language = "vi",
    signer: Signer = Signer(),
) -> Made:  # fmt: skip
    """A bundle of the dossiers `codes`, or of everything (None), in the file `out`, which must not be there yet.

    Waits for the signer. Raises what `check_scope` raises, BadInput for the file, and NotSigned where no checkpoint
    comes.
    """
    if out.exists() or not out.parent.is_dir():
        raise BadInput("--out", str(out), "file_exists" if out.exists() else "no_folder")
    integrate_round(engine)
    partial = out.with_name(f".{out.name}.part")
    try:
        with partial.open("w+b") as file:
            made = _made(engine, codes, file, act, language, signer)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        partial.replace(out)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
    read, checkpoint = made
    dossiers = sum(head.stream.startswith("dossier/") for head in read.streams)
    return Made(out, digest, dossiers, len(read.indexes), checkpoint)


def _made(
    engine: Engine, codes: Sequence[str] | None, file: BinaryIO, act: Act, language: Language, signer: Signer
) -> tuple[_Read, Checkpoint]:
    writer = Writer(file)
    with engine.looking() as (session, law):
        now = engine.now()
        check_scope(session, codes, act, now=now)
        read = _survey(session, codes)
        newest = log.newest(session.connection(), read.origin)
        for_all = for_people(
            session, law, read.size, read.streams, language=language, checkpoint=newest.note if newest else None,
            made_at=now, made_by=act.person,
        )  # fmt: skip
        verifier = bundle.VERIFIER, iter((packed().encode(),))
        members = chain(_content(session, read), for_all, (verifier,))
        listed = [(name, writer.add(name, chunks)) for name, chunks in members]
    manifest = bundle.manifest(listed)
    writer.add(bundle.MANIFEST, [manifest])
    written = _filed(engine, codes, read, hashlib.sha256(manifest).digest(), act)
    writer.add(bundle.EXPORT, [canonical(written.entry) + b"\n"])
    note = _awaited(engine, read.origin, written, signer)
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    with engine.database.writing() as session:
        log.hand_out(session.connection(), checkpoint.origin, checkpoint.size)
    with engine.looking() as (session, _):
        proofs = _proofs(session.connection(), read, written, checkpoint.size)
        writer.add(bundle.PROOFS, (line + b"\n" for line in proofs))
    writer.add(bundle.CHECKPOINT, [note])
    writer.close()
    return read, checkpoint


def _survey(session: Session, codes: Sequence[str] | None) -> _Read:
    state = log.state(session.connection())
    assert state is not None  # noqa: S101  # the export integrated before it looked
    heads = content.heads(session, state.size)
    begun = f"log/{number(state.origin)}"  # the entry that began this log anew, if it was
    wanted = {*(f"dossier/{code}" for code in codes or ()), *content.REGISTERS, begun}
    streams = [head for head in heads if codes is None or head.stream in wanted]
    return _Read(state.origin, state.size, heads, streams, codes is None)


def _filed(engine: Engine, codes: Sequence[str] | None, read: _Read, manifest: bytes, act: Act) -> Written:
    root = _tree([_head(head) for head in read.heads])[0].root()
    order = Export(
        codes=None if codes is None else tuple(codes), size=read.size, streams=len(read.heads), heads=root,
        manifest=manifest, act=act,
    )  # fmt: skip
    with engine.changing() as (session, _):
        return export(session, order, now=engine.now(), rng=engine.rng)


def _awaited(engine: Engine, origin: str, written: Written, signer: Signer) -> bytes:
    """The newest note, as soon as one covers the entry and every witness that is asked has cosigned it.

    A witness that does not answer is waited for a little, not for ever.
    """
    end, note = monotonic() + signer.patience, None
    witnesses = {Asked.parse(one).key.name for one in engine.settings.witnesses}
    while True:
        integrate_round(engine)
        if signer.sign is not None:
            signer.sign()
        with engine.looking() as (session, _):
            conn = session.connection()
            place, newest = log.place(conn, written.stream, written.seq), log.newest(conn, origin)
        if place is not None and newest is not None and newest.size > place:
            end = end if note is not None else min(end, monotonic() + _COSIGNED_SECONDS)
            found = bundle.in_order(Note.parse(str(newest.note).encode()))
            # A log that grows is signed first and cosigned a moment later.
            if note is None or len(found.signatures) >= len(note.signatures):
                note = found
            if witnesses <= {one.name for one in note.signatures}:
                return bytes(note)
        if monotonic() >= end:
            if note is not None:
                return bytes(note)
            raise NotSigned(written.seq, newest.signed_at if newest else None)
        sleep(_LOOK_SECONDS)


# --- what the manifest names ---


def _content(session: Session, read: _Read) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield bundle.EVENTS, _events(session, read)
    yield bundle.PRIVATE, _private(session, read)
    yield bundle.CHECKPOINTS, _checkpoints(session, read)


def _events(session: Session, read: _Read) -> Iterator[bytes]:
    for row in content.entries(session, read.size, read.streams):
        read.indexes.append(row.idx)
        _notice(read, row.stream, row.seq, row.entry)
        yield row.entry + b"\n"


def _notice(read: _Read, stream: str, seq: int, data: bytes) -> None:
    entry = parse(data)
    actor, body = entry["actor"], entry["body"]
    if isinstance(actor, dict):
        read.actors |= {str(actor["person"]), str(actor["on_behalf_of"])}
    if stream == "people" and isinstance(body, dict) and "person" in body:
        read.persons[seq] = str(body["person"])


def _private(session: Session, read: _Read) -> Iterator[bytes]:
    """All that lies beside the dossiers' entries; of the registers only what those who act in them are called."""
    for row in content.private_values(session, read.size, read.streams):
        told = row.name in _NAMES and read.persons.get(row.seq) in read.actors if row.stream == "people" else False
        if told or row.stream.startswith("dossier/"):
            value = {"stream": row.stream, "seq": row.seq, "name": row.name, "salt": row.salt.hex(), "value": row.value}
            yield bundle.line(value) + b"\n"


def _checkpoints(session: Session, read: _Read) -> Iterator[bytes]:
    for row in content.checkpoints(session, read.origin, read.size):
        read.earlier.append(row.size)
        yield bundle.line({"note": row.note, "size": row.size}) + b"\n"


# --- the evidence ---


def _proofs(conn: Connection, read: _Read, written: Written, size: int) -> Iterator[bytes]:
    place = log.place(conn, written.stream, written.seq)
    assert place is not None  # noqa: S101  # it was awaited
    yield from _inclusions(conn, [place], size)
    if read.is_everything:
        yield _growth(conn, read.size, size)
        yield from (str(index).encode() for index in read.indexes)
        return
    yield from _inclusions(conn, read.indexes, size)
    _, nodes = _tree([_head(head) for head in read.heads])
    places = {head.stream: n for n, head in enumerate(read.heads)}
    for head in read.streams:
        yield _inclusion(places[head.stream], len(read.heads), nodes)
    for earlier in read.earlier:
        yield _growth(conn, earlier, size)


def _inclusions(conn: Connection, places: Sequence[int], size: int) -> Iterator[bytes]:
    nodes = log.nodes(conn, (node for place in places for node in inclusion_nodes(place, size)))
    return (_inclusion(place, size, nodes) for place in places)


def _inclusion(place: int, size: int, nodes: dict[Node, bytes]) -> bytes:
    return bundle.line({"index": place, "path": [node.hex() for node in inclusion_proof(place, size, nodes)]})


def _growth(conn: Connection, old: int, size: int) -> bytes:
    nodes = log.nodes(conn, consistency_nodes(old, size))
    return bundle.line({"path": [node.hex() for node in consistency_proof(old, size, nodes)]})


def _head(head: content.Head) -> bytes:
    return leaf_hash(bundle.head(head.stream, head.seq, head.leaf))


def _tree(leaves: Iterable[bytes]) -> tuple[Frontier, dict[Node, bytes]]:
    frontier, nodes = Frontier(), dict[Node, bytes]()
    for leaf in leaves:
        nodes |= {(level, index): found for level, index, found in frontier.append(leaf)}
    return frontier, nodes
