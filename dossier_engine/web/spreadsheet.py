"""Rows as a spreadsheet that is printed on A4: real dates and numbers, and no text that runs as a formula."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from dossier_engine.catalogue import Catalogue
from dossier_engine.rules.law import HANOI
from dossier_engine.shown import Shown, text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A4 = 9  # as Excel numbers papers
_WIDTH = 22
_DAY, _INSTANT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
_LONGEST_TITLE = 31  # of a sheet, in Excel


def spreadsheet(words: Catalogue, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> bytes:
    """A workbook with one sheet; `columns` are keys of the rows and of `[column]` in the catalogues."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:_LONGEST_TITLE]
    for place, name in enumerate(columns, 1):
        sheet.cell(1, place, words.say(f"column.{name}")).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    for number, row in enumerate(rows, 2):
        for place, name in enumerate(columns, 1):
            _write(sheet.cell(number, place), words, row[name])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write(cell: Cell, words: Catalogue, value: object) -> None:
    plain = value.value if isinstance(value, Shown) and isinstance(value.value, int | float) else value
    if isinstance(plain, datetime):
        cell.value, cell.number_format = plain.astimezone(HANOI).replace(tzinfo=None), _INSTANT
    elif isinstance(plain, date):
        cell.value, cell.number_format = plain, _DAY
    elif isinstance(plain, int | float) and not isinstance(plain, bool):
        cell.value = plain
    elif plain is not None:
        cell.value = text(words, plain)
        cell.data_type = "s"  # whatever it begins with
