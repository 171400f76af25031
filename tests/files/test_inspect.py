"""What a file is by its content: what people bring is known for what it is, and everything else is refused."""

import random
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from dossier_engine.errors import FileRefused
from dossier_engine.files import office
from dossier_engine.files.inspect import inspect
from tests.files.hostile import REFUSED
from tests.files.making import (
    DOCX,
    XLSX,
    a_jpeg,
    a_pdf,
    a_piece,
    a_png,
    an_office_file,
    an_office_with,
    linking,
    zipped,
)

pytestmark = pytest.mark.slow

KINDS = {"application/pdf", "image/png", "image/jpeg", DOCX, XLSX}
REASONS = {why for why, _ in REFUSED.values()}


@pytest.fixture
def file(tmp_path: Path):
    with (tmp_path / "file").open("w+b") as opened:
        yield opened


def put(file: BinaryIO, content: bytes) -> BinaryIO:
    file.write(content)
    file.flush()
    return file


@pytest.mark.parametrize(
    ("kind", "content"),
    {
        "a pdf": ("application/pdf", a_pdf()),
        "a pdf with lines behind its end": ("application/pdf", a_pdf() + b"\r\n\0\0"),
        "a picture": ("image/png", a_png(a_piece(b"tEXt", b"Comment\0x"))),
        "a photograph": ("image/jpeg", a_jpeg(comment=b"Nha van hoa xa")),
        "a photograph of a telephone": ("image/jpeg", a_jpeg(behind=b"SEFHj\0\0\0SEFT")),
        "a text": (DOCX, an_office_file()),
        "a table": (XLSX, an_office_file(XLSX, {"xl/printerSettings/p1.bin": b"\1\2"}, bin="application/x")),
        "a text with an address": (DOCX, linking("hyperlink", "https://ntm.example/", "External")),
        "a text with a mail address": (DOCX, linking("hyperlink", "mailto:xa@example.vn", "External")),
        "a text with folders": (DOCX, an_office_with({"word/": b""})),
        "a text in another encoding": (DOCX, an_office_with({"word/a.xml": "<á/>".encode("utf-16")})),
    }.values(),
)  # fmt: skip
def test_what_people_bring_is_known_for_what_it_is(kind, content, file):
    assert inspect(put(file, content)) == kind


@pytest.mark.asvs("V5.2.2")
@pytest.mark.parametrize(("why", "content"), REFUSED.values(), ids=REFUSED)
def test_everything_else_is_refused_and_named(why, content, file):
    with pytest.raises(FileRefused) as refusal:
        inspect(put(file, content))

    assert refusal.value.facts == {"why": why}


@pytest.mark.asvs("V5.2.3")
def test_a_lying_size_does_not_let_a_bomb_through(file):
    bomb = an_office_with({"word/z.bin": bytes(200_000_000)})
    packed = len(zlib.compress(bytes(200_000_000)))
    lying = bomb.replace(struct.pack("<L", 200_000_000), struct.pack("<L", 1_000))

    with pytest.raises(FileRefused) as refusal:
        inspect(put(file, lying))

    assert packed < 200_000
    assert refusal.value.facts == {"why": "unreadable"}


def test_a_document_that_packs_well_is_no_bomb(file):
    rows = "<row><c>Xã Cẩm Hưng</c></row>" * 200_000

    kind = inspect(put(file, an_office_file(XLSX, {"xl/worksheets/sheet1.xml": rows})))

    assert len(rows) < office.FREE_OF_RATIO
    assert kind == XLSX


def test_no_more_than_the_limit_is_unpacked_of_a_large_file(file, monkeypatch):
    monkeypatch.setattr(office, "MOST_UNPACKED", 10_000)
    content = an_office_with({"a": random.Random(1).randbytes(9_000), "b": bytes(2_000)})

    with pytest.raises(FileRefused) as refusal:
        inspect(put(file, content))

    assert refusal.value.facts == {"why": "unpacks_too_large"}


@pytest.mark.asvs("V5.2.3")
@pytest.mark.parametrize("bomb", ["deep", "wide", "entries"])
def test_memory_does_not_grow_with_a_bomb(bomb, file):
    match bomb:
        case "deep":
            content = an_office_with({"word/a.xml": bytes(200_000_000)})
        case "wide":
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                for n in range(300):
                    archive.writestr(f"a/{n}", bytes(1_000_000))
            content = b""
        case _:
            content = zipped({f"a/{n}": b"" for n in range(60_000)})
    put(file, content)

    tracemalloc.start()
    with pytest.raises(FileRefused):
        inspect(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 8 * 2**20


@pytest.mark.parametrize("content", [a_pdf(), a_png(), a_jpeg(), an_office_file(), an_office_file(XLSX)],
                         ids=["pdf", "png", "jpeg", "docx", "xlsx"])  # fmt: skip
def test_no_damage_is_more_than_a_refusal(content, tmp_path):
    chance = random.Random(20)
    path = tmp_path / "file"

    for _ in range(400):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged[: chance.choice((None, chance.randrange(len(damaged))))])
        with path.open("rb") as opened:
            try:
                kind = inspect(opened)
            except FileRefused as refusal:
                kind = str(refusal.facts["why"])
        assert kind in KINDS | REASONS
