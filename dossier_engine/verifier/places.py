"""The first reading of a bundle's events: where each stream lies, where each entry stands in the log, and the proof."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dossier_engine.rules.entry import leaf_hash
from dossier_engine.rules.merkle import Frontier, root, verify_consistency, verify_inclusion
from dossier_engine.rules.note import Checkpoint
from dossier_engine.rules.origin import number
from dossier_engine.rules.policy import Verified
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Archive
from dossier_engine.verifier.exported import Exported, inclusion, path, proof
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.flawed import FlawedError
from dossier_engine.verifier.kept import check_shown
from dossier_engine.verifier.registers import STREAMS

DOSSIER = "dossier/"
READS, SETTINGS, LOG = "reads", "settings", "log/"
_STREAM, _HASH = b'"stream":"', 32


class Stream(NamedTuple):
    """A stream of the bundle: its lines lie between two offsets, the first of them is line `first` of all."""

    name: str
    start: int
    end: int
    first: int
    entries: int
    leaf: bytes  # of its last entry


class Places(NamedTuple):
    """The streams in order, for each line its place in the log, and what is wrong with the ends of streams."""

    streams: list[Stream]
    indexes: Sequence[int]
    findings: list[Finding]


def begins(origin: str) -> str | None:
    """The stream whose entry begins the log of that name; None for the first log of an installation.

    Raises FlawedError for a name that no installation gives.
    """
    try:
        times = number(origin)
    except ValueError as error:
        raise FlawedError("note_malformed", origin) from error
    return f"{LOG}{times}" if times > 1 else None


def survey(
    archive: Archive, proofs: Iterator[bytes], checkpoint: Checkpoint, export: Exported, earlier: Sequence[Verified],
    since: Sequence[Checkpoint],
) -> Places:  # fmt: skip
    """Read all events once and prove, by their bytes, that they stand in the log, which continues that of `since`.

    Raises FlawedError for the first that does not.
    """
    too_large = [v.checkpoint.size for v in earlier if v.checkpoint.size > export.size]
    if too_large:
        raise FlawedError("size_differs", str(too_large[0]))
    check_shown(since, export.size if export.codes is None else 0)
    if export.codes is None:
        places = _everything(archive, proofs, checkpoint, export, earlier, since)
    else:
        places = _dossiers(archive, proofs, checkpoint, export, earlier)
    if next(proofs, None) is not None:
        raise FlawedError("member_malformed", bundle.PROOFS)
    return places


def _everything(
    archive: Archive, proofs: Iterator[bytes], checkpoint: Checkpoint, export: Exported, earlier: Sequence[Verified],
    since: Sequence[Checkpoint],
) -> Places:  # fmt: skip
    """The events are the first leaves of the log, each at its place: the roots are made again from them."""
    growth = path(proof(next(proofs, b""), "path"))
    if export.size > archive.members[bundle.EVENTS].size:  # before room is made for that many
        raise FlawedError("size_differs", str(export.size))
    leaves, taken, places = bytearray(_HASH * export.size), bytearray(export.size), array("Q")

    def take(stream: str, leaf: bytes) -> int:
        line = next(proofs, b"")
        index = int(line) if line.isdigit() and len(line) < 20 else export.size
        if index >= export.size or str(index).encode() != line or taken[index]:
            raise FlawedError("index_wrong", line[:40].decode("ascii", "replace"), stream=stream)
        taken[index] = 1
        leaves[_HASH * index : _HASH * (index + 1)] = leaf
        return index

    streams = list(_streams(archive, places, take))
    if len(places) != export.size:
        raise FlawedError("size_differs", str(len(places)))
    stands = _grown(leaves, earlier, since)
    if not verify_consistency(export.size, stands, checkpoint.size, checkpoint.root, growth):
        raise FlawedError("consistency_not_proven", str(export.size))
    unknown = [
        s.name for s in streams if not s.name.startswith((DOSSIER, LOG)) and s.name not in (*STREAMS, READS, SETTINGS)
    ]
    findings = [Finding(name, 0, "stream_unknown") for name in unknown]
    heads = root([leaf_hash(bundle.head(s.name, s.entries, s.leaf)) for s in streams])
    if (heads, len(streams)) != (export.heads, export.streams):
        findings.append(Finding("", 0, "heads_differ"))
    return Places(streams, places, findings)


def _grown(leaves: bytearray, earlier: Sequence[Verified], since: Sequence[Checkpoint]) -> bytes:
    """The root over the leaves, after it was compared at the size of every earlier checkpoint and every kept one."""
    frontier = Frontier()
    stated = {v.checkpoint.size: v.checkpoint.root for v in earlier}
    kept = {one.size: one.root for one in since}
    for at in range(0, len(leaves), _HASH):
        frontier.append(bytes(leaves[at : at + _HASH]))
        if frontier.size in stated and frontier.root() != stated[frontier.size]:
            raise FlawedError("root_differs", str(frontier.size))
        if frontier.size in kept and frontier.root() != kept[frontier.size]:
            raise FlawedError("forked", str(frontier.size))
    return frontier.root()


def _dossiers(
    archive: Archive, proofs: Iterator[bytes], checkpoint: Checkpoint, export: Exported, earlier: Sequence[Verified]
) -> Places:
    """Each event brings the proof of its place, each stream that its last entry was its head."""
    places = array("Q")

    def take(stream: str, leaf: bytes) -> int:
        index, hashes = inclusion(next(proofs, b""))
        if index >= export.size:
            raise FlawedError("index_wrong", str(index), stream=stream)
        if not verify_inclusion(leaf, index, checkpoint.size, hashes, checkpoint.root):
            raise FlawedError("inclusion_not_proven", str(index), stream=stream)
        return index

    streams = list(_streams(archive, places, take))
    findings = []
    for stream in streams:
        index, hashes = inclusion(next(proofs, b""))
        head = leaf_hash(bundle.head(stream.name, stream.entries, stream.leaf))
        if not verify_inclusion(head, index, export.streams, hashes, export.heads):
            findings.append(Finding(stream.name, stream.entries, "head_not_proven"))
    for one in earlier:
        size, before = one.checkpoint.size, one.checkpoint.root
        growth = path(proof(next(proofs, b""), "path"))
        if not verify_consistency(size, before, checkpoint.size, checkpoint.root, growth):
            raise FlawedError("consistency_not_proven", str(size))
    begun = begins(checkpoint.origin)
    wanted = {*(f"{DOSSIER}{code}" for code in export.codes or ()), *STREAMS, *([begun] if begun else [])}
    found = {stream.name for stream in streams}
    findings += [Finding(name, 0, "stream_missing") for name in sorted(wanted - found)]
    findings += [Finding(name, 0, "stream_unknown") for name in sorted(found - wanted)]
    return Places(streams, places, findings)


def _streams(archive: Archive, places: "array[int]", take: Callable[[str, bytes], int]) -> Iterator[Stream]:
    """The streams of the events; `take` gives the place of each leaf, which must ascend within a stream."""
    member = archive.members[bundle.EVENTS]
    name, start, at, first = "", member.start, member.start, 0
    leaf = b""
    for line in archive.lines(bundle.EVENTS, most=bundle.LONGEST_LINE):
        stream = _stream_of(line)
        if stream != name:
            if stream < name:
                raise FlawedError("line_differs", "not in order", stream=stream)
            if name:
                yield Stream(name, start, at, first, len(places) - first, leaf)
            name, start, first = stream, at, len(places)
        leaf = leaf_hash(line)
        place = take(stream, leaf)
        if len(places) > first and place <= places[-1]:
            raise FlawedError("index_wrong", str(place), stream=stream)
        places.append(place)
        at += len(line) + 1
    if name:
        yield Stream(name, start, at, first, len(places) - first, leaf)


def _stream_of(line: bytes) -> str:
    """The stream, which a canonical entry names last; whether it is one is looked at later."""
    begin = line.rfind(_STREAM)
    name = line[begin + len(_STREAM) : -2].decode("utf-8", "replace")
    if begin < 0 or not name or not line.endswith(b'"}'):
        raise FlawedError("line_differs", line[-80:].decode("utf-8", "replace"))
    return name
