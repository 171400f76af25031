"""The workbook in which registrations are listed: the template that is filled in, and a filled one with its faults."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from config.registration_sheets import COLUMNS, MOST_ROWS, Sheet
from config.workbooks import opened
from dossier_engine.catalogue import Catalogue

_HEADER = 4  # above it stand what it is, how to fill it in, and an example, none of which is read
_WIDTHS = {"order": 8, "level": 14, "target_year": 10, "note": 40}
_WIDTH, _WIDE = 22, 60
_FORMATS = {"code": "@", "document_date": "dd/mm/yyyy"}
_FAULTY = PatternFill("solid", start_color="FFF4CCCC")
_LAST_COLUMN = 60  # what stands farther to the right is no part of the list


def template(words: Catalogue, levels: Sequence[str], year: int) -> bytes:
    """An empty list for these levels, with an example above its headings."""
    book = Workbook()
    sheet = book.active
    sheet.title = words.say("page.sheet.short")
    _write(sheet["A1"], words.say("page.sheet.heading")).font = Font(bold=True, size=14)
    _write(sheet["A2"], words.say("page.sheet.how", count=MOST_ROWS))
    labels = [words.say(f"level.{level}") for level in levels]
    example = {"level": labels[0], "target_year": str(year)}
    for place, name in enumerate(COLUMNS, 1):
        text = example.get(name) or words.say(f"page.sheet.example_{name}")
        _write(sheet.cell(_HEADER - 1, place), text).font = Font(italic=True, color="FF595959")
        _write(sheet.cell(_HEADER, place), words.say(f"heading.{name}")).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, _WIDTH)
        for line in range(_HEADER + 1, _HEADER + 1 + MOST_ROWS) if name in _FORMATS else ():
            sheet.cell(line, place).number_format = _FORMATS[name]
    choice = DataValidation(type="list", formula1=f'"{",".join(labels)}"', allow_blank=True)
    letter = get_column_letter(COLUMNS.index("level") + 1)
    choice.add(f"{letter}{_HEADER + 1}:{letter}{_HEADER + MOST_ROWS}")
    sheet.add_data_validation(choice)
    sheet.freeze_panes = f"A{_HEADER + 1}"
    return _saved(book)


def returned(
    words: Catalogue, content: bytes, file: str, sheet: Sheet, faults: Sequence[Mapping[str, object]]
) -> bytes:
    """The workbook as it was brought, with its faults in a column more and where they are."""
    book = opened(content, file)
    page = book[sheet.title]
    book.active = page
    by_line: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        by_line[int(str(fault["line"]))].append(_sentence(fault))
    lines = page.iter_rows(min_row=sheet.header, max_row=max(sheet.header, *by_line), max_col=_LAST_COLUMN)
    place = max(cell.column for row in lines for cell in row if cell.value is not None) + 1
    for merged in list(page.merged_cells.ranges):
        if merged.min_col <= place <= merged.max_col:
            page.unmerge_cells(merged.coord)
    _write(page.cell(sheet.header, place), words.say("page.sheet.error")).font = Font(bold=True)
    page.column_dimensions[get_column_letter(place)].width = _WIDE
    page.column_dimensions[get_column_letter(place)].hidden = False
    for line, told in by_line.items():
        cell = _write(page.cell(line, place), "\n".join(told))
        cell.fill, cell.alignment = _FAULTY, Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[line].hidden = False
    columns = {words.say(f"heading.{name}"): column for name, column in sheet.columns.items()}
    for fault in faults:
        if fault["column"] in columns:
            page.cell(int(str(fault["line"])), columns[str(fault["column"])]).fill = _FAULTY
    return _saved(book)


def _sentence(fault: Mapping[str, object]) -> str:
    place = f"{fault['column']}: " if fault["column"] else ""
    hint = f". {fault['hint']}" if fault["hint"] else ""
    return f"{place}{fault['error']}{hint}"


def _write(cell: Cell, text: str) -> Cell:
    cell.value = text
    cell.data_type = "s"  # whatever it begins with
    return cell


def _saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
