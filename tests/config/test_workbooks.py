"""Workbooks that are no lists but harm: refused by what they are, and before they are made objects of."""

import io
import time
from zipfile import ZipFile

import pytest

from config.workbooks import MOST_BYTES, opened
from dossier_engine.errors import BadInput
from tests.files.making import MACRO_XLSX, a_pdf, an_office_file, zipped
from tests.files.sheets import a_row, a_sheet

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_part(name: str, content: str) -> bytes:
    """A sound workbook with another part in the place of its own."""
    with ZipFile(io.BytesIO(a_sheet(a_row()))) as archive:
        return zipped({n: archive.read(n) for n in archive.namelist()} | {name: content})


def with_sheet(inside: str) -> bytes:
    return with_part(SHEET, f'<worksheet xmlns="{MAIN}">{inside}</worksheet>')


def test_a_sound_workbook_is_opened():
    assert opened(a_sheet(a_row()), "a.xlsx").active["C4"].value == "Cẩm Hưng"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty_file"),
        (b"code,name\n", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_a_workbook"),
        (a_pdf(), "not_a_workbook"),
        (an_office_file(), "not_a_workbook"),
        (an_office_file(MACRO_XLSX), "macros"),
        (bytes(MOST_BYTES + 1), "workbook_too_large"),
        (a_sheet(a_row())[:-30], "cut_off"),
        (with_part("xl/vbaProject.bin", "x"), "macros"),
        (with_part(SHEET, "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "doctype"),
        (with_part(SHEET, f"<!--{'x' * 100_000}--><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "doctype"),
        (with_part(SHEET, "<worksheet><unfinished"), "unreadable"),
        (with_sheet('<sheetData><row r="1">' + "<c/>" * 100_000 + "</row></sheetData>"), "too_many_cells"),
        (with_sheet('<sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "too_many_cells"),
        (with_sheet('<sheetData/><mergeCells><mergeCell ref="A:XFD"/></mergeCells>'), "too_many_cells"),
        (with_sheet('<sheetData/><hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'), "too_many_cells"),
        (with_part("docProps/app.xml", "<x>" + " x" * 8_400_000 + "</x>"), "unpacks_too_large"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_what_is_no_workbook_or_grows_is_refused_at_once(content: bytes, why: str):
    begun = time.monotonic()

    with pytest.raises(BadInput) as refusal:
        opened(content, "a.xlsx")

    assert refusal.value.facts == {"field": "file", "value": "a.xlsx", "why": why}
    assert time.monotonic() - begun < 5
