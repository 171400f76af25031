"""Word and Excel documents: a zip that is read to its end before it is believed, and holds nothing that runs.

Refused are macros, embedded objects, controls, links that a program follows by itself, and whatever makes two programs
see two different files in one zip. The limits are kept while reading: what a directory says of sizes is not believed.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from dossier_engine.errors import FileRefused
from dossier_engine.files.parts import content_types, relationships

FIRST_HEADER = b"PK\x03\x04"

MOST_ENTRIES = 2_000
MOST_UNPACKED = 256 * 2**20
MOST_RATIO = 100  # of what is unpacked to the file, once that is more than a small document
FREE_OF_RATIO = 8 * 2**20
_MOST_DIRECTORY = 2**20  # Python reads it whole, and makes an object of every entry
_MOST_MARKUP = 4 * 2**20  # a part that is parsed
_STEP = 2**16

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN = {f"{_WORD}.main+xml": _WORD, f"{EXCEL}.main+xml": EXCEL}
_MACROS = ("macroenabled", "vbaproject", "vbadata", "macrosheet")
_OBJECTS = ("oleobject", "activex")
_TYPES = "[content_types].xml"
_ARCHIVES = (FIRST_HEADER, b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an OLE file: a macro project or an embedded object, whatever its name
_DOCTYPE = b"<!DOCTYPE"
_DOCTYPE_BYTES = 2 * len(_DOCTYPE)  # it may stand where two pieces meet
_DRIVE = re.compile(r"[A-Za-z]:")
_END_RECORD = 22
_LOCATOR_64 = 20
_DESCRIPTOR = 24  # at most that many bytes may follow an entry's content
_IS_ENCRYPTED, _SIZES_FOLLOW = 0x1, 0x8


def office_type(file: BinaryIO) -> str:
    """The media type of an office document that begins as a zip does. Raises FileRefused."""
    size, entries = _end_record(file)
    try:
        with ZipFile(file) as archive:
            listed = archive.infolist()
            if len(listed) != entries:
                raise FileRefused("unreadable")
            _check_names(listed)
            _check_layout(file, listed, archive.start_dir)
            return _kind(_markup(archive, listed, size))
    except (BadZipFile, EOFError, NotImplementedError, OSError, struct.error, ValueError, zlib.error) as error:
        raise FileRefused("unreadable") from error


def _end_record(file: BinaryIO) -> tuple[int, int]:
    """The size of the file and the number of entries; the record must be the very end, and of the old, short form."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_RECORD - _LOCATOR_64))
    tail = file.read()
    record = tail[-_END_RECORD:]
    if len(record) < _END_RECORD or record[:4] != b"PK\x05\x06":
        raise FileRefused("cut_off")
    if tail.startswith(b"PK\x06\x07"):  # Python would follow it to another directory than this one
        raise FileRefused("unreadable")
    disk, first, here, entries, directory, begin, _ = struct.unpack("<4H2LH", record[4:])
    if (disk, first) != (0, 0) or here != entries or begin + directory + _END_RECORD != size:
        raise FileRefused("unreadable")
    if entries > MOST_ENTRIES or directory > _MOST_DIRECTORY:
        raise FileRefused("unpacks_too_large")
    return size, entries


def _check_names(listed: list[ZipInfo]) -> None:
    """No name may lead out of a folder, or be one and the same to a system that knows no capitals."""
    seen: set[str] = set()
    for entry in listed:
        name = entry.orig_filename
        parts = name.removesuffix("/").split("/")
        if not name.isprintable() or "\\" in name or _DRIVE.match(name) or any(p in ("", ".", "..") for p in parts):
            raise FileRefused("unsafe_names")
        if name.casefold() in seen:
            raise FileRefused("unsafe_names")
        seen.add(name.casefold())
        if entry.flag_bits & _IS_ENCRYPTED:
            raise FileRefused("encrypted")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise FileRefused("unreadable")


def _check_layout(file: BinaryIO, listed: list[ZipInfo], directory: int) -> None:
    """The entries follow one another from the first byte to the directory: no byte of the file belongs to two, or none.

    A reader that goes from entry to entry must see what one that begins with the directory sees.
    """
    end = 0
    for entry in sorted(listed, key=lambda e: e.header_offset):
        if not 0 <= entry.header_offset - end <= (_DESCRIPTOR if end else 0):
            raise FileRefused("unreadable")
        file.seek(entry.header_offset)
        flags, method, *sizes, name, extra = struct.unpack("<6x2H4x3L2H", file.read(30))
        agreed = (entry.CRC, entry.compress_size, entry.file_size)
        if (flags & _IS_ENCRYPTED, method) != (0, entry.compress_type) or (
            not flags & _SIZES_FOLLOW and tuple(sizes) != agreed
        ):
            raise FileRefused("unreadable")
        end = entry.header_offset + 30 + name + extra + entry.compress_size
    if not 0 <= directory - end <= _DESCRIPTOR:
        raise FileRefused("unreadable")


def _markup(archive: ZipFile, listed: list[ZipInfo], size: int) -> dict[str, bytes]:
    """Read every entry to its end and checksum; the content types and relationships are given back."""
    kept: dict[str, bytes] = {}
    unpacked = 0
    for entry in listed:
        name = entry.filename.casefold()
        _check_part(name)
        parsed = name == _TYPES or name.endswith(".rels")
        pieces, length, before = [], 0, b""
        for piece in _pieces(archive, entry):
            if length == 0:
                _check_beginning(piece)
            _check_markup(before[-_DOCTYPE_BYTES:] + piece)
            before = piece
            length += len(piece)
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED or unpacked > max(FREE_OF_RATIO, MOST_RATIO * size):
                raise FileRefused("unpacks_too_large")
            if parsed:
                pieces.append(piece)
                if length > _MOST_MARKUP:
                    raise FileRefused("unpacks_too_large")
        if parsed:
            kept[name] = b"".join(pieces)
    return kept


def _pieces(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as content:
        while piece := content.read(_STEP):
            yield piece


def _check_part(name: str) -> None:
    """Refuse a part by its place in the document, which its content type could hide."""
    if name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name:
        raise FileRefused("macros")
    if "/embeddings/" in name or "/activex/" in name:
        raise FileRefused("embedded_objects")


def _check_beginning(piece: bytes) -> None:
    """Refuse a part by how it begins: no name or content type can make an archive a picture."""
    if piece.startswith(_ARCHIVES):
        raise FileRefused("archive_inside")
    if piece.startswith(_COMPOUND):
        raise FileRefused("embedded_objects")


def _check_markup(piece: bytes) -> None:
    # No part of an office document may have one (ECMA-376 part 2), and a reader could be made to grow by its entities.
    if _DOCTYPE in piece.replace(b"\0", b""):  # in UTF-16 too
        raise FileRefused("doctype")


def _kind(markup: dict[str, bytes]) -> str:
    if _TYPES not in markup:
        raise FileRefused("unknown_kind")
    types = {t.casefold() for t in content_types(markup.pop(_TYPES))}
    if any(word in t for t in types for word in _MACROS):
        raise FileRefused("macros")
    if any(word in t for t in types for word in _OBJECTS):
        raise FileRefused("embedded_objects")
    kinds = [kind for main, kind in _MAIN.items() if main in types]
    if len(kinds) != 1:
        raise FileRefused("two_kinds" if kinds else "unknown_kind")
    for part in markup.values():
        relationships(part)
    return kinds[0]
