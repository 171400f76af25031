"""The second reading of a bundle's events: each stream parsed, chained, opened and judged, one entry in memory.

Streams of dossiers do not depend on each other here, so they may be read by several processes, each its own span of
the file. What only all of them together can show is handed back as the lives they had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from dossier_engine.rules.entry import Json, MalformedEntryError, leaf_hash, parse
from dossier_engine.verifier import filings
from dossier_engine.verifier.across import Life, life
from dossier_engine.verifier.act import UNREADABLE, Act, read
from dossier_engine.verifier.archive import lines
from dossier_engine.verifier.bundle import LONGEST_LINE
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.flawed import FlawedError
from dossier_engine.verifier.legal import Dossier
from dossier_engine.verifier.places import DOSSIER, Stream
from dossier_engine.verifier.private import Span, Values
from dossier_engine.verifier.registers import Registers
from dossier_engine.verifier.witnesses import Brackets


@dataclass(slots=True)
class Read:
    """What reading some streams gave."""

    findings: list[Finding] = field(default_factory=list)
    erased: int = 0
    lives: list[Life] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ground:
    """What streams are read by: the file, the private values' places, and the brackets of time.

    `begun` is when this log was begun anew, if it was: what was recorded before came into it late.
    """

    file: str
    private: Mapping[str, Span]
    indexes: Sequence[int]
    brackets: Brackets
    begun: str = ""


def filed(ground: Ground, streams: Sequence[Stream], registers: Registers) -> Read:
    """Read the register streams a first time, which fills `registers`."""
    found = Read()
    with open(ground.file, "rb") as file:  # noqa: PTH123  # a path is all that crosses to another process
        for stream in streams:
            for act, _ in _entries(file, ground, stream, found):
                try:
                    registers.file(act)
                except UNREADABLE as error:
                    what = f"{type(error).__name__}: {error}"
                    found.findings.append(Finding(act.stream, act.seq, "body_wrong", what))
    return found


def filings_judged(ground: Ground, registers: Registers, streams: Sequence[Stream]) -> Read:
    """Read the register streams again, now that the registers are full, and judge what was filed.

    Their private values may be withheld.
    """
    found, known = Read(), Read()
    with open(ground.file, "rb") as file:  # noqa: PTH123  # the same
        for stream in streams:
            try:
                values = Values(file, stream.name, ground.private.get(stream.name))
                for act, _ in _entries(file, ground, stream, known):
                    _open(found, values, act, registers)
                    found.findings += filings.judge(registers, act)
                found.findings += values.rest()
            except FlawedError as flaw:
                found.findings.append(flaw.finding)
    return found


def judged(ground: Ground, registers: Registers, streams: Sequence[Stream]) -> Read:
    """Read streams of dossiers, each from its first entry to its last."""
    found = Read()
    with open(ground.file, "rb") as file:  # noqa: PTH123  # the same
        for stream in streams:
            try:
                _judge(file, ground, registers, stream, found)
            except FlawedError as flaw:
                found.findings.append(flaw.finding)
    return found


def _judge(file: BinaryIO, ground: Ground, registers: Registers, stream: Stream, found: Read) -> None:
    values = Values(file, stream.name, ground.private.get(stream.name))
    dossier = Dossier(registers)
    for act, entry in _entries(file, ground, stream, found):
        _open(found, values, act, registers)
        found.findings += dossier.judge(act, entry)
    found.findings += values.rest()
    if dossier.case is not None and not dossier.is_over:
        found.lives.append(life(dossier.case))


def _open(found: Read, values: Values, act: Act, registers: Registers) -> None:
    gone, wrong = values.check(act, registers.erased, may_lack=not act.stream.startswith(DOSSIER))
    found.erased += gone
    found.findings += wrong


def _entries(file: BinaryIO, ground: Ground, stream: Stream, found: Read) -> Iterator[tuple[Act, Mapping[str, Json]]]:
    """The acts and entries of a stream, each after the one before it; ends at the first that cannot be read."""
    prev, at, index = "", "", stream.first
    for seq, line in enumerate(lines(file, stream.start, stream.end, most=LONGEST_LINE), 1):
        try:
            entry = parse(line)
            act = read(entry)
        except (MalformedEntryError, *UNREADABLE) as error:
            found.findings.append(Finding(stream.name, seq, "entry_malformed", str(error)))
            return
        if (act.stream, act.seq) != (stream.name, seq):
            found.findings.append(Finding(stream.name, seq, "entry_missing", f"{act.stream} {act.seq}"))
            return
        if entry["prev"] != prev:
            found.findings.append(Finding(stream.name, seq, "chain_broken"))
            return
        if act.at < at:
            found.findings.append(Finding(stream.name, seq, "time_backwards", act.at))
        elif not ground.brackets.hold(ground.indexes[index], act.at, late=act.at <= ground.begun):
            found.findings.append(Finding(stream.name, seq, "time_outside", act.at))
        yield act, entry
        prev, at, index = leaf_hash(line).hex(), act.at, index + 1
