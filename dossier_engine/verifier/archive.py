"""The one archive form of a bundle: a zip whose every byte follows from the names and contents of its members.

Members are stored, not compressed; there are no dates, extra fields, comments or gaps, and each size stands before what
it measures. Two bundles with the same members are the same bytes, and nothing can hide between them. Any unzip program
opens it; only this reader accepts nothing else.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_MEMBERS = 1_000
LARGEST = 2**32 - 1  # of the whole archive: sizes and offsets have four bytes

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]*(?:/[A-Za-z0-9][A-Za-z0-9@._-]*)?\Z", re.ASCII)
_LONGEST_NAME = 200
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION, _STORED, _MIDNIGHT, _FIRST_DAY = 20, 0, 0, 0x21  # 1980-01-01, the zero of its calendar
_BLOCK = 1 << 20
START = b"PK\x03\x04"


class MalformedArchiveError(ValueError):
    """The bytes are not an archive of the one form; says where."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: `offset` is where its header begins."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def start(self) -> int:
        """Where its content begins."""
        return self.offset + _LOCAL.size + len(self.name)

    @property
    def end(self) -> int:
        """Where its content ends."""
        return self.start + self.size

    def header(self) -> bytes:
        """What stands before its content."""
        fixed = _VERSION, 0, _STORED, _MIDNIGHT, _FIRST_DAY, self.crc, self.size, self.size, len(self.name), 0
        return _LOCAL.pack(START, *fixed) + self.name.encode()

    def entry(self) -> bytes:
        """What stands in the directory."""
        fixed = _VERSION, _VERSION, 0, _STORED, _MIDNIGHT, _FIRST_DAY, self.crc, self.size, self.size, len(self.name)
        return _CENTRAL.pack(b"PK\x01\x02", *fixed, 0, 0, 0, 0, 0, self.offset) + self.name.encode()


class Writer:
    """Writes an archive to a file that can seek; `add` the members in order, then `close`."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._members: list[Member] = []

    def add(self, name: str, chunks: Iterable[bytes]) -> str:
        """Write one member and return the SHA-256 of its content, in hex. Raises ValueError beyond the limits."""
        offset = self._members[-1].end if self._members else 0
        if not _is_name(name) or name in {m.name for m in self._members} or len(self._members) == MOST_MEMBERS:
            raise ValueError(f"no place for a member {name!r}")
        self._out.write(Member(name, 0, 0, offset).header())
        size, crc, digest = 0, 0, hashlib.sha256()
        for chunk in chunks:
            self._out.write(chunk)
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
            digest.update(chunk)
        member = Member(name, size, crc, offset)
        self._members.append(member)
        if member.end + len(_directory(self._members)) > LARGEST:
            raise ValueError(f"{name}: the archive grows beyond {LARGEST} bytes")
        self._out.seek(offset)
        self._out.write(member.header())
        self._out.seek(member.end)
        return digest.hexdigest()

    def close(self) -> None:
        """Write the directory; the file itself stays open."""
        self._out.write(_directory(self._members))


class Archive:
    """A read archive. Raises MalformedArchiveError for whatever `Writer` would not have written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.members = {member.name: member for member in _read(file)}

    def digests(self) -> dict[str, str]:
        """The SHA-256 of every member, in hex, after its checksum was compared."""
        return {name: self._digest(member) for name, member in self.members.items()}

    def _digest(self, member: Member) -> str:
        crc, digest = 0, hashlib.sha256()
        for block in self._blocks(member):
            crc = zlib.crc32(block, crc)
            digest.update(block)
        if crc != member.crc:
            raise MalformedArchiveError(f"{member.name}: checksum")
        return digest.hexdigest()

    def _blocks(self, member: Member) -> Iterator[bytes]:
        self._file.seek(member.start)
        left = member.size
        while left:
            block = self._file.read(min(left, _BLOCK))
            if not block:
                raise MalformedArchiveError(f"{member.name}: cut off")
            left -= len(block)
            yield block

    def read(self, name: str, most: int) -> bytes:
        """A whole member of no more than `most` bytes."""
        member = self.members[name]
        if member.size > most:
            raise MalformedArchiveError(f"{name}: {member.size} bytes")
        return b"".join(self._blocks(member))

    def lines(self, name: str, *, most: int) -> Iterator[bytes]:
        """Every line of a member without its end. Raises MalformedArchiveError for a longer one, or an end missing."""
        member = self.members[name]
        yield from lines(self._file, member.start, member.end, most=most)


def lines(file: BinaryIO, start: int, end: int, *, most: int) -> Iterator[bytes]:
    """Every line between two offsets without its end; one longer than `most` is refused, and so is a missing end."""
    file.seek(start)
    left = end - start
    while left:
        line = file.readline(min(left, most + 1))
        left -= len(line)
        if not line.endswith(b"\n"):
            raise MalformedArchiveError(f"a line of {len(line)} bytes without an end")
        yield line[:-1]


def _is_name(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _NAME.match(name) is not None


def _directory(members: list[Member]) -> bytes:
    entries = b"".join(member.entry() for member in members)
    start, count = members[-1].end if members else 0, len(members)
    return entries + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)


def _read(file: BinaryIO) -> list[Member]:
    length = file.seek(0, 2)
    if not _END.size <= length <= LARGEST:
        raise MalformedArchiveError(f"{length} bytes")
    file.seek(length - _END.size)
    mark, _, _, count, _, size, start, _ = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or not 0 < count <= MOST_MEMBERS or start + size + _END.size != length:
        raise MalformedArchiveError("no directory at the end")
    file.seek(start)
    directory = file.read(size + _END.size)
    members = _members(directory, count)
    if _directory(members) != directory or members[-1].end != start:
        raise MalformedArchiveError("the directory is not of the one form")
    for member in members:
        file.seek(member.offset)
        if file.read(len(member.header())) != member.header():
            raise MalformedArchiveError(f"{member.name}: header")
    return members


def _members(directory: bytes, count: int) -> list[Member]:
    """What the directory lists, each where the one before it ends: the caller compares the bytes."""
    found: list[Member] = []
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(directory):
            raise MalformedArchiveError("the directory is too short")
        *_, crc, size, _, length, _, _, _, _, _, _ = _CENTRAL.unpack_from(directory, at)
        at += _CENTRAL.size
        name = directory[at : at + length].decode("ascii", "replace")
        at += length
        if not _is_name(name) or name in {m.name for m in found}:
            raise MalformedArchiveError(f"a member called {name[:80]!r}")
        found.append(Member(name, size, crc, found[-1].end if found else 0))
    return found
