"""What a file is, by its content and never by its name; what is none of the kinds that are kept is refused.

PDF, PNG and JPEG here, Word and Excel documents in `office`. What is looked for is whether the file is what it says
and nothing else beside it, so that it cannot be opened as something that runs. It is no search for viruses.
"""

import mmap
import re
import zlib
from typing import BinaryIO

from dossier_engine.errors import FileRefused
from dossier_engine.files.office import FIRST_HEADER, office_type

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_SEGMENTS = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xF0), 0xFE}) - {0xC8}
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = b"\xff\xd9"
_MOST_PIECES = 100_000  # of a picture; a photograph has some thousands
_END_OF_PDF = b"%%EOF"
_LOOKED_AT = 1_024  # bytes at either end: as far as PDF readers look for its marks, and browsers for a page
_END_OF_ZIP = b"PK\x05\x06"
_ZIP_TAIL = 65_557  # an end-of-directory record with the longest comment
_PAGE = re.compile(rb"<!doctype\s+html|</?(?:html|head|body|script|iframe)[\s/>]", re.IGNORECASE)


def inspect(file: BinaryIO) -> str:
    """The media type of an open file, which is on a disk. Raises FileRefused.

    The file is mapped, not read: memory does not grow with it.
    """
    if file.seek(0, 2) == 0:
        raise FileRefused("empty_file")
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content[: len(FIRST_HEADER)] == FIRST_HEADER:
            if b"%PDF-" in content[:_LOOKED_AT]:
                raise FileRefused("two_kinds")
            return office_type(file)
        return _single(content)


def _single(content: mmap.mmap) -> str:
    if content[:5] == b"%PDF-":
        kind, trailer = PDF, _after_pdf(content)
    elif content[: len(_PNG)] == _PNG:
        kind, trailer = PNG, _after_png(content)
    elif content[: len(_JPEG)] == _JPEG:
        kind, trailer = JPEG, _after_jpeg(content)
    else:
        raise FileRefused("unknown_kind")
    hides_zip = content.find(_END_OF_ZIP, max(0, len(content) - _ZIP_TAIL)) >= 0
    if hides_zip or _PAGE.search(content[:_LOOKED_AT]) or _PAGE.search(content, trailer):
        raise FileRefused("two_kinds")
    return kind


def _after_pdf(content: mmap.mmap) -> int:
    """Where the PDF has ended; some programs leave a line or two behind it."""
    last = content.rfind(_END_OF_PDF, max(0, len(content) - _LOOKED_AT))
    if last < 0:
        raise FileRefused("cut_off")
    return last


def _after_png(content: mmap.mmap) -> int:
    """Where the picture has ended, which is the end of the file; every piece as its own checksum says."""
    at, first = len(_PNG), b"IHDR"
    for _ in range(_MOST_PIECES):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content):
            raise FileRefused("cut_off")
        if first not in (b"", kind) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(
            content[end - 4 : end], "big"
        ):
            raise FileRefused("unreadable")
        if kind == b"IEND":
            if end != len(content):
                raise FileRefused("two_kinds")
            return end
        at, first = end, b""
    raise FileRefused("unreadable")


def _after_jpeg(content: mmap.mmap) -> int:
    """Where the picture has ended; telephones put more of their own behind it."""
    at = 2
    while True:
        if at + 4 > len(content):
            raise FileRefused("cut_off")
        if content[at] != 0xFF or content[at + 1] not in _SEGMENTS:
            raise FileRefused("unreadable")
        kind, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2:
            raise FileRefused("unreadable")
        if kind == 0xFE and _PAGE.search(content[at + 4 : at + 2 + length]):  # a comment
            raise FileRefused("two_kinds")
        at += 2 + length
        if kind == _START_OF_SCAN:
            break
    end = content.find(_END_OF_IMAGE, at)  # never inside the scan, where 0xFF is always followed by 0x00 or a restart
    if end < 0:
        raise FileRefused("cut_off")
    return end
