"""The entry that says what was exported: proven to stand in the log, and its manifest to be that of the bundle."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dossier_engine.rules.entry import Json, leaf_hash
from dossier_engine.rules.entry import parse as parse_entry
from dossier_engine.rules.merkle import verify_inclusion
from dossier_engine.rules.note import Checkpoint
from dossier_engine.verifier import bundle
from dossier_engine.verifier.act import UNREADABLE, read
from dossier_engine.verifier.archive import Archive
from dossier_engine.verifier.flawed import FlawedError

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_SMALL = 1 << 20


@dataclass(frozen=True, slots=True)
class Exported:
    """What the bundle claims to hold: the first `size` entries of the log, or these dossiers of them (`codes`)."""

    codes: tuple[str, ...] | None
    size: int
    streams: int
    heads: bytes
    manifest: str
    at: str
    person: str


def exported(archive: Archive, proofs: Iterator[bytes], checkpoint: Checkpoint, digests: Mapping[str, str]) -> Exported:
    """What was exported; `proofs` gives the lines of proofs, of which the first is taken."""
    found, leaf = _entry(archive.read(bundle.EXPORT, _SMALL))
    index, path = inclusion(next(proofs, b""))
    if not found.size <= index or not verify_inclusion(leaf, index, checkpoint.size, path, checkpoint.root):
        raise FlawedError("export_not_proven", str(index))
    if digests[bundle.MANIFEST] != found.manifest:
        raise FlawedError("manifest_differs")
    listed = [(name, digest) for name, digest in digests.items() if name not in bundle.EVIDENCE]
    stated = archive.read(bundle.MANIFEST, _SMALL)
    if bundle.manifest(listed) != stated:
        lines = set(stated.decode("utf-8", "replace").splitlines())
        name = next((name for name, digest in listed if f"{digest}  {name}" not in lines), bundle.MANIFEST)
        raise FlawedError("file_differs", name)
    return found


def _entry(data: bytes) -> tuple[Exported, bytes]:
    try:
        if not data.endswith(b"\n"):
            raise FlawedError("export_malformed")
        act = read(parse_entry(data[:-1]))
        body = act.body
        scope, size, streams = body["scope"], body["size"], body["streams"]
        hashes = body["heads"], body["manifest"]
        codes = None if scope == "all" else tuple(scope) if isinstance(scope, list) else ()
        sound = (
            (act.stream, act.kind) == ("reads", "exported")
            and (codes is None or (codes == tuple(sorted(set(map(str, codes)))) and len(codes) > 0))
            and type(size) is int
            and type(streams) is int
            and 0 < streams <= size
            and all(isinstance(h, str) and _HASH.match(h) for h in hashes)
        )
    except UNREADABLE as error:
        raise FlawedError("export_malformed", str(error)) from error
    if not sound or type(size) is not int or type(streams) is not int:
        raise FlawedError("export_malformed", act.kind)
    named = None if codes is None else tuple(map(str, codes))
    heads, manifest = (str(h) for h in hashes)
    return Exported(named, size, streams, bytes.fromhex(heads), manifest, act.at, act.person), leaf_hash(data[:-1])


def inclusion(line: bytes) -> tuple[int, list[bytes]]:
    """The place and the path of an inclusion proof's line."""
    told = proof(line, "index", "path")
    index = told["index"]
    if type(index) is not int:
        raise FlawedError("member_malformed", bundle.PROOFS)
    return index, path(told)


def proof(line: bytes, *keys: str) -> Mapping[str, Json]:
    """A line of proofs with these keys."""
    try:
        return bundle.parse(line, *keys)
    except ValueError as error:
        raise FlawedError("member_malformed", f"{bundle.PROOFS}: {error}") from error


def path(told: Mapping[str, Json]) -> list[bytes]:
    """The hashes of a proof."""
    hashes = told["path"]
    if not isinstance(hashes, list) or not all(isinstance(h, str) and _HASH.match(h) for h in hashes):
        raise FlawedError("member_malformed", bundle.PROOFS)
    return [bytes.fromhex(str(h)) for h in hashes]
