"""Files as people bring them, and as attackers make them; every one is made here."""

import io
import struct
import zlib
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MACRO_DOCX = "application/vnd.ms-word.document.macroEnabled"
MACRO_XLSX = "application/vnd.ms-excel.sheet.macroEnabled"
LINKED = "word/_rels/document.xml.rels"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Parts = Mapping[str, bytes | str]


def a_pdf(text: str = "Báo cáo") -> bytes:
    """A page-less PDF that holds `text`."""
    return b"%PDF-1.7\n1 0 obj\n(" + text.encode() + b")\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def a_piece(kind: bytes, content: bytes = b"") -> bytes:
    """One piece of a PNG."""
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def a_png(*between: bytes) -> bytes:
    """A black pixel, with more pieces before it if given."""
    header = a_piece(b"IHDR", struct.pack(">2L5B", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + b"".join(between) + a_piece(b"IDAT", zlib.compress(b"\0\0")) + a_piece(b"IEND")
    )


def a_jpeg(*, comment: bytes = b"", behind: bytes = b"") -> bytes:
    """The frame of a photograph, with a comment and what a telephone puts behind it."""
    segments = [(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), (0xDB, bytes(65)), (0xDA, bytes(10))]
    if comment:
        segments.insert(1, (0xFE, comment))
    head = b"".join(b"\xff" + bytes([kind]) + struct.pack(">H", len(c) + 2) + c for kind, c in segments)
    return b"\xff\xd8" + head + b"\x12\xff\x00\x34\xff\xd9" + behind


def content_types(main: str = DOCX, **defaults: str) -> str:
    """`[Content_Types].xml` of a document whose main part is `main`, with a content type for more extensions."""
    extensions = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **defaults,
    }
    told = "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in extensions.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'{told}<Override PartName="/word/document.xml" ContentType="{main}.main+xml"/></Types>'
    )


def relations(kind: str, target: str, mode: str = "") -> str:
    """A part with one relationship."""
    external = f' TargetMode="{mode}"' if mode else ""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"{external}/></Relationships>'
    )


def an_office_file(main: str = DOCX, parts: Parts = {}, **defaults: str) -> bytes:  # noqa: B006  # never changed
    """A document with its main part; `parts` are added or put in place of ours."""
    ours: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(main, **defaults),
        "_rels/.rels": relations("officeDocument", "word/document.xml"),
        "word/document.xml": "<document>Báo cáo tự đánh giá</document>",
        "word/media/image1.png": a_png(),
    }
    return zipped({**ours, **parts})


def an_office_with(parts: Parts) -> bytes:
    """A text with these parts too."""
    return an_office_file(DOCX, parts)


def linking(kind: str, target: str, mode: str = "") -> bytes:
    """A text whose main part has one relationship."""
    return an_office_with({LINKED: relations(kind, target, mode)})


def zipped(parts: Parts) -> bytes:
    """A zip of these."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()
