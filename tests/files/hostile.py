"""Files that must not be kept, each with the reason that is to be given."""

import io
import random
import struct
from zipfile import ZIP_BZIP2, ZipFile

from tests.files.making import (
    LINKED,
    MACRO_DOCX,
    MACRO_XLSX,
    SLIDES,
    XLSX,
    a_jpeg,
    a_pdf,
    a_piece,
    a_png,
    an_office_file,
    an_office_with,
    content_types,
    linking,
    zipped,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PAGE = b"<html><script>alert(1)</script></html>"
BINARY = "application/vnd.openxmlformats-officedocument.oleObject"
NOISE = random.Random(1).randbytes(60_000)  # which cannot be packed
ELSEWHERE = "https://x.example/a.dotm"


def behind_a_stub(content: bytes) -> bytes:
    """A zip with bytes before it, its directory put right."""
    stub, file = b"MZ" + bytes(30), io.BytesIO()
    file.write(stub)
    with ZipFile(file, "a") as archive, ZipFile(io.BytesIO(content)) as before:
        for entry in before.infolist():
            archive.writestr(entry, before.read(entry))
    return file.getvalue()


def with_pages_first(content: bytes) -> bytes:
    """A zip whose first entry is stored, so that what another format looks for stands near its beginning."""
    file = io.BytesIO()
    with ZipFile(file, "w") as archive, ZipFile(io.BytesIO(content)) as before:
        archive.writestr("a.pdf", a_pdf())
        for entry in before.infolist():
            archive.writestr(entry, before.read(entry))
    return file.getvalue()


def encrypted(content: bytes) -> bytes:
    """A zip whose every entry says it is encrypted."""
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = content.split(mark)
        content = mark.join([parts[0], *(p[: place - 4] + b"\1" + p[place - 3 :] for p in parts[1:])])
    return content


def packed_by(method: int) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", method) as archive:
        archive.writestr("[Content_Types].xml", content_types())
    return file.getvalue()


def with_a_twin() -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", "word/Document.xml"):
            archive.writestr(name, content_types())
    return file.getvalue()


def edited(content: bytes, mark: bytes, place: int, new: bytes) -> bytes:
    """`content` with `new` at `place` behind the last `mark`."""
    at = content.rindex(mark) + place
    return content[:at] + new + content[at + len(new) :]


def with_a_gap() -> bytes:
    """Two zips in one file, the directory of the second naming its own entries only: what lies before is hidden."""
    return an_office_file(MACRO_DOCX) + an_office_file()


def hiding_between() -> bytes:
    """An entry that no directory names lies between the others and the directory."""
    content = an_office_file()
    at = content.index(b"PK\x01\x02")
    hidden = b"PK\x03\x04" + bytes(60)
    size = struct.unpack("<L", content[-6:-2])[0]
    return content[:at] + hidden + content[at:-6] + struct.pack("<L", size + len(hidden)) + content[-2:]


def _late_doctype(after: int) -> str:
    """A part whose doctype comes behind a comment."""
    return f"<!--{' ' * after}--><!DOCTYPE a><a/>"


def led_to_another_directory() -> bytes:
    """Python follows a 64-bit record to the directory; whoever knows the short one only looks elsewhere."""
    content = an_office_file()
    entries, size, begin = struct.unpack("<HLL", content[-12:-2])
    record = b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, entries, entries, size, begin)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, begin + size, 1)
    elsewhere = begin - 9
    told = struct.pack("<LLH", size + len(record) + len(locator) + 9, elsewhere, 0)
    return content[:-22] + record + locator + content[-22:-10] + told


REFUSED = {
    "nothing": ("empty_file", b""),
    "a script": ("unknown_kind", b"#!/bin/sh\nrm -rf /\n"),
    "a page": ("unknown_kind", PAGE),
    "a gif that is a page": ("unknown_kind", b"GIF89a" + PAGE),
    "an old word file": ("unknown_kind", OLE + bytes(600)),
    "a pdf behind a line": ("unknown_kind", b"\n" + a_pdf()),
    "a pdf without its end": ("cut_off", a_pdf()[:-7]),
    "a pdf whose end lies far back": ("cut_off", a_pdf() + bytes(2_000)),
    "a pdf that is a zip": ("two_kinds", a_pdf() + an_office_file()[-200:] + b"%%EOF"),
    "a pdf with a page behind it": ("two_kinds", a_pdf() + PAGE),
    "a pdf that begins as a page": ("two_kinds", b"%PDF-1.7\n<!DOCTYPE html>\n" + a_pdf()),
    "a zip that is a pdf": ("two_kinds", with_pages_first(an_office_file())),
    "a picture cut off": ("cut_off", a_png()[:-3]),
    "a picture with a page behind it": ("two_kinds", a_png() + PAGE),
    "a picture that begins as a page": ("two_kinds", a_png(a_piece(b"tEXt", PAGE))),
    "a picture that is another": ("unreadable", a_png()[:8] + a_piece(b"IEND")),
    "a picture with a wrong checksum": ("unreadable", a_png().replace(b"IDAT", b"IDAX")),
    "a picture of pieces": ("unreadable", a_png(*[a_piece(b"tEXt")] * 100_001)),
    "a photograph cut off in its head": ("cut_off", a_jpeg()[:40]),
    "a photograph cut off": ("cut_off", a_jpeg()[:-2]),
    "a photograph with a page in a comment": ("two_kinds", a_jpeg(comment=bytes(2_000) + PAGE)),
    "a photograph with a page far behind it": ("two_kinds", a_jpeg(behind=bytes(5_000) + PAGE)),
    "a photograph that is a zip": ("two_kinds", a_jpeg(behind=an_office_file())),
    "a photograph of nonsense": ("unreadable", b"\xff\xd8\xff\x00\x00\x10" + bytes(40)),
    "a photograph with a segment of no length": ("unreadable", b"\xff\xd8\xff\xe0\x00\x01" + bytes(40)),
    "a zip": ("unknown_kind", zipped({"a.txt": "x"})),
    "slides": ("unknown_kind", an_office_file(SLIDES)),
    "a text that is a table": ("two_kinds", an_office_file(x=f"{XLSX}.main+xml")),
    "a docm whatever its name": ("macros", an_office_file(MACRO_DOCX)),
    "an xlsm whatever its name": ("macros", an_office_file(MACRO_XLSX)),
    "a macro project": ("macros", an_office_with({"word/vbaProject.bin": b"x"})),
    "a macro project by another name": ("macros", an_office_file(x="application/vnd.ms-office.vbaProject")),
    "a macro project that is linked": ("macros", linking("vbaProject", "x.bin")),
    "an ole file in a picture": ("embedded_objects", an_office_with({"word/media/a.png": OLE + bytes(9)})),
    "an embedded file": ("embedded_objects", an_office_with({"word/embeddings/a.bin": b"x"})),
    "an embedded file by its type": ("embedded_objects", an_office_file(x=BINARY)),
    "an embedded file that is linked": ("embedded_objects", linking("oleObject", "a.png")),
    "a control": ("embedded_objects", an_office_with({"word/activeX/activeX1.xml": b"<x/>"})),
    "a zip inside": ("archive_inside", an_office_with({"word/media/a.png": an_office_file()})),
    "a template from elsewhere": ("outside_links", linking("attachedTemplate", ELSEWHERE, "External")),
    "a link to a file": ("outside_links", linking("hyperlink", r"file:///C:/x.exe", "External")),
    "a link to another machine": ("outside_links", linking("image", r"\\10.0.0.1\x")),
    "a link that hardly says it leads out": ("outside_links", linking("attachedTemplate", "a.dotm", " external ")),
    "a link that does not say where it leads": ("outside_links", linking("image", "https://x.example/a.png")),
    "a part with a doctype": ("doctype", an_office_with({"word/a.xml": "<!DOCTYPE a><a/>".encode("utf-16")})),
    "a part with a doctype behind a comment": ("doctype", an_office_with({"word/a.xml": _late_doctype(70_000)})),
    "a part with a doctype where two pieces meet": ("doctype", an_office_with({"word/a.xml": _late_doctype(65_520)})),
    "relations with a doctype": ("doctype", an_office_with({LINKED: _late_doctype(70_000)})),
    "relations that are none": ("unreadable", an_office_with({LINKED: "<a>"})),
    "relations in no encoding": ("unreadable", an_office_with({LINKED: "<?xml version='1.0' encoding='x'?><a/>"})),
    "relations without number": ("unpacks_too_large", an_office_with({LINKED: f"<a>{'<a/>' * 100_001}</a>"})),
    "relations without end": ("unpacks_too_large", an_office_with({LINKED: f"<a>{' ' * 5_000_000}</a>", "b": NOISE})),
    "encrypted": ("encrypted", encrypted(an_office_file())),
    "packed as nobody does": ("unreadable", packed_by(ZIP_BZIP2)),
    "a name that leads out": ("unsafe_names", an_office_with({"../../etc/passwd": b"x"})),
    "a name from the root": ("unsafe_names", an_office_with({"/etc/passwd": b"x"})),
    "a name on a drive": ("unsafe_names", an_office_with({"C:x": b"x"})),
    "a name with the other stroke": ("unsafe_names", an_office_with({r"..\x": b"x"})),
    "a name that turns around": ("unsafe_names", an_office_with({"a\u202egnp.exe": b"x"})),
    "two of one name": ("unsafe_names", with_a_twin()),
    "a stub before it": ("unknown_kind", behind_a_stub(an_office_file())),
    "a zip before it": ("unreadable", with_a_gap()),
    "an entry that is hidden": ("unreadable", hiding_between()),
    "a directory elsewhere": ("unreadable", led_to_another_directory()),
    "a lie about a size": ("unreadable", edited(an_office_file(), b"PK\x01\x02", 24, b"\1\0\0\0")),
    "a lie about where it lies": ("unreadable", edited(an_office_file(), b"PK\x01\x02", 42, b"\1\0\0\0")),
    "a lie about the number": ("unreadable", edited(an_office_file(), b"PK\x05\x06", 8, b"\2\0\2\0")),
    "a lie about the disk": ("unreadable", edited(an_office_file(), b"PK\x05\x06", 4, b"\1\0")),
    "a lie about how it is packed": ("unreadable", edited(an_office_file(), b"PK\x03\x04", 8, b"\0\0")),
    "cut off": ("cut_off", an_office_file()[:-1]),
    "nothing but a beginning": ("cut_off", b"PK\x03\x04"),
    "with a comment": ("cut_off", an_office_file() + b"x"),
    "too many entries": ("unpacks_too_large", an_office_with({f"a/{n}": b"" for n in range(2_000)})),
    "many entries, said to be few": (
        "unpacks_too_large",
        edited(zipped({f"a/{n}": b"" for n in range(30_000)}), b"PK\x05\x06", 8, b"\5\0\5\0"),
    ),
    "a bomb": ("unpacks_too_large", an_office_with({"word/a.xml": bytes(200_000_000)})),
}  # fmt: skip
