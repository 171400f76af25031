"""The whole order of the verification of a bundle. What is missing is a failure; the first class of failures decides.

archive -> signatures -> manifest -> roots -> entries -> chains and heads -> private values -> rules -> times
"""

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from dossier_engine.rules.entry import MalformedEntryError, parse
from dossier_engine.rules.note import Check, Checkpoint
from dossier_engine.rules.policy import Policy, Verified
from dossier_engine.verifier import across, bundle, kept, private
from dossier_engine.verifier.act import UNREADABLE, read
from dossier_engine.verifier.archive import START, Archive, MalformedArchiveError, lines
from dossier_engine.verifier.bundle import LONGEST_LINE
from dossier_engine.verifier.exported import Exported, exported
from dossier_engine.verifier.finding import Finding, decisive
from dossier_engine.verifier.flawed import FlawedError
from dossier_engine.verifier.places import DOSSIER, Places, Stream, begins, survey
from dossier_engine.verifier.reading import Ground, Read, filed, filings_judged, judged
from dossier_engine.verifier.registers import Registers
from dossier_engine.verifier.witnesses import Brackets, earlier, newest

_SMALL = 1 << 20
_MANY = 50_000  # entries: below that a second process costs more than it saves
_TURNS = 8  # of each process, so that it need not hold many lives at once


class NotABundleError(ValueError):
    """The file is no archive at all."""


@dataclass(slots=True)
class Report:
    """What was checked, and what was found wrong; without findings every promise of a bundle holds."""

    origin: str = ""
    size: int = 0
    root: str = ""
    witnesses: tuple[tuple[str, int], ...] = ()
    earlier: int = 0
    kept: int = 0  # checkpoints that the auditor brought
    late: int = 1  # hours after which a witness may have cosigned
    scope: tuple[str, ...] | None = None
    exported_at: str = ""
    exported_size: int = 0
    streams: int = 0
    entries: int = 0
    dossiers: int = 0
    erased: int = 0
    begun: str = ""  # when this log was begun anew: what was recorded before is not bracketed by witnesses from below
    as_recorded: int = 0  # requirements that look at dossiers which are not in the bundle
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(
    path: Path, policy: Policy, check: Check, *, since: Sequence[Checkpoint] = (), late: int = 1, processes: int = 2
) -> Report:
    """Verify the bundle in the file `path` by an auditor's policy, and that it continues the checkpoints `since`.

    `late` is how many hours after a checkpoint was made a witness may have cosigned it.

    Raises NotABundleError, OSError.
    """
    report = Report(late=late)
    with path.open("rb") as file:
        if file.read(len(START)) != START:
            raise NotABundleError(str(path))
        try:
            _verify(file, path, policy, check, since, report, processes)
        except MalformedArchiveError as error:
            report.findings.append(Finding("", 0, "archive_malformed", str(error)))
        except FlawedError as flaw:
            report.findings.append(flaw.finding)
    report.findings = decisive(report.findings)
    return report


def _verify(
    file: BinaryIO,
    path: Path,
    policy: Policy,
    check: Check,
    since: Sequence[Checkpoint],
    report: Report,
    processes: int,
) -> None:
    archive = Archive(file)
    _check_members(archive.members)
    digests = archive.digests()
    latest = newest(archive.read(bundle.CHECKPOINT, _SMALL), policy, check)
    before = earlier(archive.lines(bundle.CHECKPOINTS, most=_SMALL), latest, policy, check)
    _note(report, latest, len(before))
    unknown = kept.left(since, before, latest.checkpoint)
    report.kept = len(since)
    with path.open("rb") as beside:  # two members are read side by side
        proofs = Archive(beside).lines(bundle.PROOFS, most=_SMALL)
        export = exported(archive, proofs, latest.checkpoint, digests)
        places = survey(archive, proofs, latest.checkpoint, export, before, unknown)
    _count(report, export, places)
    spans = private.spans(archive, [stream.name for stream in places.streams])
    report.begun = _begun(file, latest.checkpoint.origin, places)
    ground = Ground(
        str(path), spans, places.indexes, Brackets.of([*before, latest], timedelta(hours=report.late)), report.begun
    )
    report.findings += places.findings
    _read(report, ground, places.streams, export, processes)


def _check_members(names: Iterable[str]) -> None:
    missing = bundle.NEEDED - set(names)
    if missing:
        raise FlawedError("member_missing", ", ".join(sorted(missing)))
    try:
        in_order = sorted(names, key=bundle.place)
    except ValueError as error:
        raise FlawedError("member_malformed", str(error)) from error
    if in_order != list(names):
        raise FlawedError("member_malformed", "order")


def _note(report: Report, latest: Verified, before: int) -> None:
    checkpoint = latest.checkpoint
    report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root.hex()
    report.witnesses, report.earlier = latest.cosignatures, before


def _begun(file: BinaryIO, origin: str, places: Places) -> str:
    """When the log was begun anew, by the entry that must be its first; empty for the first log of an installation."""
    name = begins(origin)
    stream = next((one for one in places.streams if one.name == name), None)
    if stream is None:
        if name is not None:
            raise FlawedError("stream_missing", stream=name)
        return ""
    if places.indexes[stream.first] != 0:
        raise FlawedError("index_wrong", str(places.indexes[stream.first]), stream=stream.name)
    try:
        return read(parse(next(lines(file, stream.start, stream.end, most=LONGEST_LINE)))).at
    except (MalformedEntryError, *UNREADABLE) as error:
        raise FlawedError("entry_malformed", str(error), stream=stream.name, seq=1) from error


def _count(report: Report, export: Exported, places: Places) -> None:
    report.scope, report.exported_at, report.exported_size = export.codes, export.at, export.size
    report.streams, report.entries = len(places.streams), len(places.indexes)
    report.dossiers = sum(stream.name.startswith(DOSSIER) for stream in places.streams)


def _read(report: Report, ground: Ground, streams: Sequence[Stream], export: Exported, processes: int) -> None:
    registers = Registers()
    filing = [s for s in streams if not s.name.startswith(DOSSIER)]
    read, judged_again = filed(ground, filing, registers), filings_judged(ground, registers, filing)
    report.findings += [*read.findings, *judged_again.findings]
    report.erased += judged_again.erased
    parts = _judged(ground, registers, [s for s in streams if s.name.startswith(DOSSIER)], processes)
    lives = []
    for part in parts:
        report.findings += part.findings
        report.erased += part.erased
        lives += part.lives
    if export.codes is not None:
        report.as_recorded = sum(len(one.asked) for one in lives)
    elif not report.findings:  # a dossier that does not hold says nothing of others
        report.findings += across.judge(registers, lives)


def _judged(ground: Ground, registers: Registers, streams: list[Stream], processes: int) -> list[Read]:
    """The dossiers read, by several processes where there are many entries."""
    entries = sum(stream.entries for stream in streams)
    judge: Callable[[Sequence[Stream]], Read] = partial(judged, ground, registers)
    if processes == 1 or entries < _MANY:
        return [judge(streams)]
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    gc.freeze()  # else each process would soon have a copy of all it was forked with
    try:
        with ProcessPoolExecutor(processes, context, _Judging.begin, (judge,)) as pool:
            return list(pool.map(_Judging.share, _shares(streams, entries, processes * _TURNS)))
    finally:
        gc.unfreeze()


class _Judging:
    """What a process judges by. It comes with the fork: handed over with every share it would be copied each time."""

    judge: Callable[[Sequence[Stream]], Read]

    @classmethod
    def begin(cls, judge: Callable[[Sequence[Stream]], Read]) -> None:
        """In each new process."""
        cls.judge = staticmethod(judge)

    @classmethod
    def share(cls, streams: Sequence[Stream]) -> Read:
        """One share."""
        return cls.judge(streams)


def _shares(streams: Sequence[Stream], entries: int, count: int) -> list[list[Stream]]:
    """The streams in so many shares, of about as many entries each."""
    shares: list[list[Stream]] = [[] for _ in range(count)]
    done = 0
    for stream in streams:
        shares[min(done * count // entries, count - 1)].append(stream)
        done += stream.entries
    return shares
