"""A bundle of a million entries of history, made in a minute or two: one dossier's real life, told of many communes.

The province, its people and one recognised dossier are made by the public commands. The other dossiers are that one's
entries with another commune, another officer and another number in them, chained, rooted, signed and witnessed anew.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dossier_engine.commands.adopt import note_calendar
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.rules.entry import canonical, leaf_hash
from dossier_engine.rules.merkle import (
    Frontier,
    Node,
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
    root,
)
from dossier_engine.rules.note import Checkpoint, Note, cosign, sign
from dossier_engine.verifier import bundle
from dossier_engine.verifier.archive import Writer
from tests.makers import CAM_HUNG, SETUP, a_province, at
from tests.verifier.forging import INSPECTORATE, NEIGHBOUR, ORIGIN, THE_LOG, Story, an_export, story_of
from tests.verifier.logs import Log

_FIRST = "HD-2024-NC-0001"
_DOSSIER, _HASH = f"dossier/{_FIRST}", 32
_DISTRICT = "30/295/"
_PREV = re.compile(rb'"prev":"[0-9a-f]{64}"')
_CHECKPOINTS = 12
_MINUTE = timedelta(minutes=1)


def make(path: Path, entries: int) -> int:
    """A bundle of everything with at least so many entries, in that file; how many there are."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/one.db")
        upgrade(database)
        _live(database)
        story = story_of(database)
        database.close()
    count = -(-entries // (len(story.entries[_DOSSIER]) + 2))
    people = _settle(story, count)
    with path.open("wb") as file:
        return _Bundle(story, people, Writer(file)).write()


def _live(database: Database) -> None:
    """One dossier carried to recognition."""
    province = a_province(database)
    with province.writing() as session:
        note_calendar(session, province.law.calendar, SETUP, now=at("2024-01-02"), rng=province.rng)
    province.register(on="2024-04-15")
    province.bring(_FIRST, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(_FIRST, "xa", "self_assess", on="2024-07-12")
    province.bring(_FIRST, "review", on="2024-07-29", since="2024-07-12", skip=("district_posting",))
    posted = {"period": {"from": "2024-07-30", "to": "2024-08-14"}}
    province.record(_FIRST, "huyen", "district_posting", posted, on="2024-08-14")
    province.advance(_FIRST, "huyen", "review", on="2024-08-16")
    province.bring(_FIRST, "appraise", on="2024-09-05", since="2024-08-16")
    province.advance(_FIRST, "so", "appraise", on="2024-09-10")
    province.bring(_FIRST, "recognize", on="2024-09-20", since="2024-09-10")
    province.advance(_FIRST, "vanthu", "recognize", on="2024-09-20")


@dataclass(frozen=True, slots=True)
class _Commune:
    """A commune with its officer, and the number of its dossier."""

    code: str
    person: str
    dossier: str


def _settle(story: Story, count: int) -> list[_Commune]:
    """Add communes to the territory, and an officer of each to the people; by the names of their dossiers."""
    body = story.entries["territory"][0]["body"]
    unit = next(one for one in body["localities"] if one["code"] == CAM_HUNG)
    office = next(one for one in body["offices"] if one["code"] == f"ubnd-xa-{CAM_HUNG}")
    person = next(e["actor"]["person"] for e in story.entries[_DOSSIER])
    added, appointed = [e for e in story.entries["people"] if e["body"].get("person") == person]
    people = [_Commune(CAM_HUNG, person, _FIRST)]
    for number in range(2, count + 1):
        commune = _Commune(f"9{number:06}", f"p-{number:016}", f"HD-2024-NC-{number:04}")
        people.append(commune)
        body["localities"].append({**unit, "code": commune.code, "path": f"{_DISTRICT}{commune.code}/"})
        body["offices"].append(json.loads(json.dumps(office).replace(CAM_HUNG, commune.code)))
        for entry in (added, appointed):
            told = json.dumps(entry).replace(CAM_HUNG, commune.code).replace(person, commune.person)
            story.entries["people"].append(json.loads(told))
    body["localities"].sort(key=lambda one: (one["code"], one["valid_from"]))
    body["offices"].sort(key=lambda one: one["code"])
    story.renumber()
    return sorted(people, key=lambda commune: commune.dossier)


def _retold(entry: bytes, of: _Commune, to: _Commune) -> bytes:
    """The entry of one commune's dossier as it would be of another's."""
    told = entry.replace(of.code.encode(), to.code.encode())  # first: what comes after may hold these digits
    return told.replace(of.person.encode(), to.person.encode()).replace(of.dossier.encode(), to.dossier.encode())


@dataclass(slots=True)
class _Bundle:
    """What has been written of the bundle; the log holds the registers first, then the n-th entry of every dossier."""

    story: Story
    people: list[_Commune]
    writer: Writer
    leaves: bytearray = field(default_factory=bytearray)
    heads: Log = field(default_factory=Log)
    indexes: list[range] = field(default_factory=list)  # of the lines, in order: a stream's places in the log

    def write(self) -> int:
        life, streams = self.story.entries[_DOSSIER], sorted(self.story.entries)
        registers = {s: len(self.story.entries[s]) for s in streams if s != _DOSSIER}
        before = sum(registers.values())
        size = before + len(life) * len(self.people)
        self.leaves = bytearray(_HASH * size)
        listed = [(bundle.EVENTS, self.writer.add(bundle.EVENTS, self._events(streams, before)))]
        listed.append((bundle.PRIVATE, self.writer.add(bundle.PRIVATE, self._private())))
        last = datetime.fromisoformat(life[-1]["at"]) + _MINUTE
        steps = [n for n in range(1, len(life)) if life[n]["at"] > life[n - 1]["at"]][-_CHECKPOINTS:]
        times = {before + n * len(self.people): datetime.fromisoformat(life[n - 1]["at"]) + _MINUTE for n in steps}
        listed.append((bundle.CHECKPOINTS, self.writer.add(bundle.CHECKPOINTS, self._checkpoints(times))))
        manifest = bundle.manifest(listed)
        self.writer.add(bundle.MANIFEST, [manifest])
        self._evidence(size, manifest, last)
        self.writer.close()
        return size

    def _events(self, streams: list[str], before: int) -> Iterator[bytes]:
        place = 0
        for stream in streams:
            if stream == _DOSSIER:
                yield from self._dossiers(before)
                continue
            entries = self.story.entries[stream]
            self._take(stream, [canonical(entry) for entry in entries], range(place, place + len(entries)))
            place += len(entries)
            for entry in entries:
                yield canonical(entry) + b"\n"

    def _dossiers(self, before: int) -> Iterator[bytes]:
        life = [canonical(entry) for entry in self.story.entries[_DOSSIER]]
        first = next(commune for commune in self.people if commune.dossier == _FIRST)
        size = before + len(life) * len(self.people)
        for rank, commune in enumerate(self.people):
            lines, prev = [], b""
            for data in life:
                told = _retold(data, first, commune)
                told = _PREV.sub(b'"prev":"%s"' % prev.hex().encode(), told, count=1) if prev else told
                prev = leaf_hash(told)
                lines.append(told)
            self._take(f"dossier/{commune.dossier}", lines, range(before + rank, size, len(self.people)))
            yield b"".join(line + b"\n" for line in lines)

    def _take(self, stream: str, lines: list[bytes], places: range) -> None:
        leaf = b""
        for line, place in zip(lines, places, strict=True):
            leaf = leaf_hash(line)
            self.leaves[_HASH * place : _HASH * (place + 1)] = leaf
        self.heads.append(leaf_hash(bundle.head(stream, len(lines), leaf)))
        self.indexes.append(places)

    def _private(self) -> Iterator[bytes]:
        told = [p for p in self.story.private if p["stream"] == _DOSSIER]
        told.sort(key=lambda p: (p["seq"], p["name"]))
        for commune in self.people:
            of = f"dossier/{commune.dossier}"
            yield b"".join(bundle.line({**p, "stream": of}) + b"\n" for p in told)

    def _checkpoints(self, times: dict[int, datetime]) -> Iterator[bytes]:
        frontier = Frontier()
        for at_ in range(0, len(self.leaves), _HASH):
            frontier.append(bytes(self.leaves[at_ : at_ + _HASH]))
            if frontier.size in times:
                note = _signed(frontier.size, frontier.root(), times[frontier.size])
                yield bundle.line({"note": note.decode(), "size": frontier.size}) + b"\n"

    def _evidence(self, size: int, manifest: bytes, last: datetime) -> None:
        export = canonical(an_export(None, size, len(self.indexes), self.heads, manifest, last))
        self.writer.add(bundle.EXPORT, [export + b"\n"])
        self.leaves += leaf_hash(export)
        included = inclusion_proof(size, size + 1, self._nodes(inclusion_nodes(size, size + 1)))
        grown = consistency_proof(size, size + 1, self._nodes(consistency_nodes(size, size + 1)))
        proofs = [
            bundle.line({"index": size, "path": [found.hex() for found in included]}),
            bundle.line({"path": [found.hex() for found in grown]}),
        ]
        lines = (b"".join(b"%d\n" % place for place in places) for places in self.indexes)
        self.writer.add(bundle.PROOFS, _chain(proofs, lines))
        whole = root([bytes(self.leaves[n : n + _HASH]) for n in range(0, len(self.leaves), _HASH)])
        self.writer.add(bundle.CHECKPOINT, [_signed(size + 1, whole, last + _MINUTE)])

    def _nodes(self, wanted: Iterable[Node]) -> dict[Node, bytes]:
        """Those nodes of the tree, from the leaves below each."""
        found = {}
        for level, index in wanted:
            first, end = index << level, (index + 1) << level
            found[level, index] = root([bytes(self.leaves[_HASH * n : _HASH * (n + 1)]) for n in range(first, end)])
        return found


def _chain(proofs: list[bytes], lines: Iterable[bytes]) -> Iterator[bytes]:
    yield from (line + b"\n" for line in proofs)
    yield from lines


def _signed(size: int, stands: bytes, when: datetime) -> bytes:
    text, at_ = Checkpoint(ORIGIN, size, stands).text(), int(when.timestamp())
    cosigned: list[Any] = [cosign(text, w.key, at_, w.private.sign) for w in (INSPECTORATE, NEIGHBOUR)]
    return bytes(Note(text, (sign(text, THE_LOG.key, THE_LOG.private.sign), *cosigned)))
