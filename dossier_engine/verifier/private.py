"""The private values of a bundle: they open the commitments of their entries, or are missing for a stated reason."""

import re
from collections.abc import Collection, Iterator
from typing import BinaryIO

from dossier_engine.rules.entry import commitment
from dossier_engine.verifier import bundle
from dossier_engine.verifier.act import Act
from dossier_engine.verifier.archive import Archive, lines
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.flawed import FlawedError

_STREAM = re.compile(rb'"stream":"([^"\\]+)","value":"')
_SALT = re.compile(r"[0-9a-f]{64}\Z")

Span = tuple[int, int]


def spans(archive: Archive, streams: Collection[str]) -> dict[str, Span]:
    """Between which offsets the private values of each stream lie. Raises FlawedError for those of no stream."""
    member = archive.members[bundle.PRIVATE]
    at, found = member.start, dict[str, Span]()
    for line in archive.lines(bundle.PRIVATE, most=bundle.LONGEST_LINE):
        told = _STREAM.search(line)
        if told is None:
            raise FlawedError("private_malformed", line[:80].decode("utf-8", "replace"))
        stream = told[1].decode("utf-8", "replace")
        end = at + len(line) + 1
        if stream in found and found[stream][1] != at:
            raise FlawedError("private_malformed", "not in order", stream=stream)
        found[stream] = found.get(stream, (at, at))[0], end
        at = end
    if list(found) != sorted(found):
        raise FlawedError("private_malformed", "not in order")
    unknown = found.keys() - set(streams)
    if unknown:
        raise FlawedError("private_unknown", stream=min(unknown))
    return found


class Values:
    """The private values of one stream, taken up entry by entry."""

    def __init__(self, file: BinaryIO, stream: str, span: Span | None) -> None:
        self._stream = stream
        self._left: dict[tuple[int, str], str] = {}
        if span is not None:
            self._left = dict(_commitments(file, stream, span))

    def check(self, act: Act, erased: Collection[tuple[str, int, str]], *, may_lack: bool) -> tuple[int, list[Finding]]:
        """How many values of the entry were erased, and what is wrong with the others."""
        gone, wrong = 0, list[Finding]()
        for name, stated in act.private.items():
            opened = self._left.pop((act.seq, name), None)
            if opened is None:
                if (act.stream, act.seq, name) in erased:
                    gone += 1
                elif not may_lack:
                    wrong.append(Finding(act.stream, act.seq, "private_missing", name))
            elif opened != stated:
                wrong.append(Finding(act.stream, act.seq, "private_differs", name))
        return gone, wrong

    def rest(self) -> list[Finding]:
        """Values that no entry has a commitment for."""
        return [Finding(self._stream, seq, "private_unknown", name) for seq, name in self._left]


def _commitments(file: BinaryIO, stream: str, span: Span) -> Iterator[tuple[tuple[int, str], str]]:
    """What each value commits to, by entry and name."""
    previous = 0, ""
    for line in lines(file, *span, most=bundle.LONGEST_LINE):
        try:
            told = bundle.parse(line, "name", "salt", "seq", "stream", "value")
        except ValueError as error:
            raise FlawedError("private_malformed", str(error), stream=stream) from error
        seq, name, salt, value = told["seq"], told["name"], told["salt"], told["value"]
        if not (type(seq) is int and isinstance(name, str) and isinstance(value, str) and told["stream"] == stream):
            raise FlawedError("private_malformed", stream=stream)
        if not (isinstance(salt, str) and _SALT.match(salt)) or (seq, name) <= previous:
            raise FlawedError("private_malformed", name, stream=stream, seq=seq)
        previous = seq, name
        yield previous, commitment(bytes.fromhex(salt), name, value)
