"""Workbooks as officers bring them: a title, the headings, and rows that a case may spoil."""

import io
from collections.abc import Callable, Sequence
from unicodedata import normalize

from openpyxl import Workbook
from openpyxl.styles import Font
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


EIGHT = (
    a_row(), a_row("Cẩm Hoàng"), a_row("Cẩm Văn"), a_row("Ngọc Liên", ""), a_row("Đức Chính", ""), a_row("Lương Điền"),
    a_row("Cao An"), a_row("Cẩm Đoài"),
)  # fmt: skip


def spoil_eight(sheet: Worksheet) -> None:
    """One fault a row in those eight, and a ninth row that says the first once more."""
    sheet["C4"] = normalize("NFD", "Cẩm Hưng")
    sheet["C5"] = "Cẩm Hoan"
    sheet["B6"], sheet["C6"] = None, "Hồng Phong"
    sheet["C7"], sheet["C7"].font = "Ngäc Liªn", Font(name=".VnTime")
    sheet["E8"] = "xuất sắc"
    sheet["H9"] = "31/02/2024"
    sheet.merge_cells("B10:B11")
    sheet.append((9, "Cẩm Giàng", "Cẩm Hưng", None, "nâng cao", 2024))
