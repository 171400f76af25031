"""Workbooks as officers bring them: a title, the headings, and rows that a case may spoil."""

import io
from collections.abc import Callable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADINGS = (
    "STT", "Huyện/TX/TP", "Xã", "Mã đơn vị", "Cấp độ", "Năm", "Số, ký hiệu văn bản", "Ngày văn bản", "Ghi chú",
)  # fmt: skip
FIRST = 4  # the row below the headings

Cells = Sequence[object]
Spoiling = Callable[[Worksheet], object]


def a_row(name: str = "Cẩm Hưng", district: str = "Cẩm Giàng", *, code: object = None, level: object = "nâng cao",
          year: object = 2024, number: object = None, day: object = None, note: object = None) -> Cells:  # fmt: skip
    """The cells of one registration."""
    return (None, district, name, code, level, year, number, day, note)


def a_sheet(*rows: Cells, headings: Sequence[str] = HEADINGS, spoilt: Spoiling | None = None) -> bytes:
    """A workbook with those rows from row 4 on, numbered as officers do."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "DANH SÁCH ĐĂNG KÝ"
    for place, heading in enumerate(headings, 1):
        sheet.cell(FIRST - 1, place, heading)
    for line, cells in enumerate(rows, FIRST):
        for place, value in enumerate((line - FIRST + 1, *cells[1:]), 1):
            sheet.cell(line, place, value)
    if spoilt is not None:
        spoilt(sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
