"""Lists of registrations in Excel workbooks: found where people put them, and told cell by cell where they are wrong.

Rows keep the numbers that an officer sees in Excel. What only looks different (marks typed apart, double spaces) is
mended and counted; what could mean something else is a fault.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from unicodedata import normalize

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from config import lists
from config.workbooks import opened
from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.commands.import_registrations import Registration
from dossier_engine.errors import Problem
from dossier_engine.rules.codes import YEARS
from dossier_engine.rules.names import fold
from dossier_engine.rules.workflow import RECOGNITION_LEVELS

COLUMNS = (
    "order", "district", "name", "code", "level", "target_year", "document_number", "document_date", "note"
)  # fmt: skip
MOST_ROWS = 300  # a province has fewer communes

_READ = tuple(name for name in COLUMNS if name != "order")  # people number rows, also by formula
_MEANT = frozenset({"district", "name", "code", "level", "target_year"})  # what a registration is made of
_HEADER_WITHIN, _FEWEST, _WIDEST = 10, 3, 50
_FARTHEST = 5_000  # rows below the header: what is formatted to the end of a sheet is not looked through
_LONGEST = 300
_DIGITS_OF_CODE = 5  # of a commune; Excel drops leading zeros where it takes a code for a number
_LEGACY = (".vn", "vni-", "vni ")  # fonts under which letters of the Latin alphabet look Vietnamese
_LAST_LEGACY_LETTER = "\xff"
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(20\d{2})", re.ASCII)
_DATES_FROM = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a workbook says; `header` is the row of the headings, 0 where none is found.

    `values` are the texts by row and column, `mended` the rows of the cells whose text was mended.
    """

    title: str
    header: int
    columns: Mapping[str, int]
    rows: tuple[Registration, ...]
    problems: tuple[Problem, ...]
    mended: tuple[int, ...] = ()
    values: Mapping[tuple[int, str], str] = field(default_factory=dict)


def read(content: bytes, file: str) -> Sheet:
    """The list of the first visible sheet that has its headings. Raises BadInput."""
    sheet, header, columns = _found(opened(content, file))
    if sheet is None:
        return Sheet("", 0, {}, (), (Problem(file, 1, "header_not_found", ", ".join(map(_heading, sorted(_MEANT)))),))
    wanted = ["level", "target_year", *([] if "code" in columns else ["name"])]
    lacking = [Problem(file, header, "column_missing", _heading(name), name) for name in wanted if name not in columns]
    if lacking:
        return Sheet(sheet.title, header, columns, (), tuple(lacking))
    return _Reading(file, sheet, header, columns).whole()


def read_text(text: str, file: str) -> Sheet:
    """The same of a CSV file, which has no cells to tell of. Raises FileProblems."""
    return Sheet("", 1, {}, tuple(lists.registrations(text, file)), ())


def heading_of(text: str) -> str | None:
    """The column that a heading names, without regard to marks and capitals, or by one of the words of `A/B`."""
    known = _headings()
    return next((known[part] for part in (fold(one) for one in (text, *text.split("/"))) if part in known), None)


def _found(book: Workbook) -> tuple[Worksheet | None, int, Mapping[str, int]]:
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            header, columns = _header(sheet)
            if len(columns) >= _FEWEST:
                return sheet, header, columns
    return None, 0, {}


def _header(sheet: Worksheet) -> tuple[int, Mapping[str, int]]:
    """The row with the most headings."""
    best: tuple[int, dict[str, int]] = (0, {})
    for row in sheet.iter_rows(max_row=_HEADER_WITHIN, max_col=_WIDEST):
        columns: dict[str, int] = {}
        for cell in row:
            if isinstance(cell.value, str | CellRichText) and (column := heading_of(str(cell.value))):
                columns.setdefault(column, cell.column)
        if len(columns) > len(best[1]):
            best = row[0].row, columns
    return best


@cache
def _headings() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for words in map(catalogue, LANGUAGES):
        for column in COLUMNS:
            heading = words.say(f"heading.{column}")
            for part in (heading, *heading.split("/")):
                found.setdefault(fold(part), column)
    return found


@cache
def _levels() -> Mapping[str, str]:
    labels = {fold(words.say(f"level.{key}")): key for words in map(catalogue, LANGUAGES) for key in RECOGNITION_LEVELS}
    return labels | {key: key for key in RECOGNITION_LEVELS}


def _heading(column: str) -> str:
    return catalogue("vi").say(f"heading.{column}")


@dataclass(slots=True)
class _Reading:
    """One sheet as it is read, and what was found so far."""

    file: str
    sheet: Worksheet
    header: int
    columns: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)
    mended: list[int] = field(default_factory=list)
    values: dict[tuple[int, str], str] = field(default_factory=dict)
    _broken: set[tuple[int, str]] = field(default_factory=set)

    def whole(self) -> Sheet:
        """Everything below the headings."""
        ranges = sorted(self.sheet.merged_cells.ranges, key=lambda one: (one.min_row, one.min_col))
        merged = [one for one in ranges if self._names(one)]
        # Headings may be merged over several rows, with others below them.
        first = 1 + max([self.header, *(one.max_row for one in merged if one.min_row <= self.header <= one.max_row)])
        self._tell_swallowed(first)
        self._tell_merged(one for one in merged if one.min_row >= first)
        rows = tuple(self._rows(first))
        told = tuple(sorted(self.problems, key=lambda problem: problem.line))
        return Sheet(self.sheet.title, self.header, self.columns, rows, told, tuple(self.mended), self.values)

    def _rows(self, first: int) -> Iterable[Registration]:
        read = {name: self.columns[name] for name in _READ if name in self.columns}
        count = 0
        if self.sheet.max_row > self.header + _FARTHEST:
            self.problems.append(Problem(self.file, self.header + _FARTHEST, "too_many_rows", str(MOST_ROWS)))
            return
        for cells in self.sheet.iter_rows(min_row=first, max_row=max(first, self.sheet.max_row), max_col=_WIDEST):
            row = {name: cells[place - 1] for name, place in read.items()}
            if all(cell.value is None or not str(cell.value).strip() for cell in row.values()):
                continue
            count += 1
            line = cells[0].row
            if count > MOST_ROWS:
                self.problems.append(Problem(self.file, line, "too_many_rows", str(MOST_ROWS)))
                return
            if line in self.sheet.row_dimensions and self.sheet.row_dimensions[line].hidden:
                self._fault(line, "hidden_rows", "", "")
            elif found := self._registration(line, row):
                yield found

    def _registration(self, line: int, row: Mapping[str, Cell]) -> Registration | None:
        """The row as a registration, if nothing is wrong with what it is made of."""
        texts = {name: self._text(line, name, cell) for name, cell in row.items()}
        code, name = texts.get("code", ""), texts.get("name", "")
        if not code and not name:
            self._fault(line, "missing", "name" if "name" in row else "code", "")
        level, year = self._level(line, texts["level"]), self._year(line, texts["target_year"])
        day = self._day(line, row["document_date"], texts["document_date"]) if "document_date" in row else ""
        document = ", ".join(part for part in (texts.get("document_number", ""), day) if part)
        note = "; ".join(part for part in (document, texts.get("note", "")) if part)
        if any((line, column) in self._broken for column in _MEANT):
            return None
        return Registration(line, code, name, texts.get("district", ""), level, year, note)

    def _text(self, line: int, name: str, cell: Cell) -> str:
        """What stands in a cell, mended, or nothing where it cannot be taken."""
        written = _written(cell, name)
        text = " ".join(normalize("NFC", written).split())
        self.values[line, name] = text[:_LONGEST]
        if cell.data_type == "f":
            self._fault(line, "formula_cell", name, text)
        elif _is_legacy(cell, written):
            self._fault(line, "legacy_font", name, text)
        elif not text.isprintable():
            self._fault(line, "not_printable", name, ascii(text))
        elif len(text) > _LONGEST:
            self._fault(line, "too_long", name, f"{text[:40]}…")
        else:
            if text != written.strip():
                self.mended.append(line)
            return text
        return ""

    def _level(self, line: int, text: str) -> str:
        level = _levels().get(fold(text), "")
        if not level:
            self._fault(line, "level_unknown" if text else "missing", "level", text)
        return level

    def _year(self, line: int, text: str) -> int:
        year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
        if year not in YEARS:
            self._fault(line, "year_out_of_range" if text else "missing", "target_year", text)
        return year

    def _day(self, line: int, cell: Cell, text: str) -> str:
        """A day as people write it: one that Excel knows, or dd/mm/yyyy as a text."""
        if not text:
            return ""
        day = cell.value.date() if isinstance(cell.value, datetime) else _typed_day(text)
        if day is None or day < _DATES_FROM:
            self._fault(line, "date_invalid", "document_date", text)
            return ""
        return f"{day:%d/%m/%Y}"

    def _names(self, merged: CellRange) -> list[str]:
        """The columns that a range reaches over."""
        return [name for name in _READ if merged.min_col <= self.columns.get(name, 0) <= merged.max_col]

    def _tell_swallowed(self, first: int) -> None:
        """A row beside a merged heading that is one of the list: it must not be passed over."""
        for line in range(self.header + 1, first):
            level = _written(self.sheet.cell(line, self.columns["level"]), "level")
            if fold(level) in _levels():
                self._fault(line, "merged_cell", "level", level)

    def _tell_merged(self, ranges: Iterable[CellRange]) -> None:
        """A merged range says one thing of many cells, and nothing of all but the first."""
        for merged in ranges:
            names, first = self._names(merged), self.sheet.cell(merged.min_row, merged.min_col)
            if first.value is not None:
                self._fault(merged.min_row, "merged_cell", names[0], merged.coord)
                self.values[merged.min_row, names[0]] = _written(first, names[0])
                self._broken |= {(row, n) for row in range(merged.min_row, merged.max_row + 1) for n in names}

    def _fault(self, line: int, code: str, column: str, what: str) -> None:
        """Tell it, but nothing more of a cell that is told already."""
        if (line, column) not in self._broken:
            place = self.sheet.cell(line, self.columns[column]).coordinate if column else ""
            self.problems.append(Problem(self.file, line, code, f"{place} {what}".strip(), column))
            self._broken.add((line, column))


def _written(cell: Cell | MergedCell, name: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    number = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return number.zfill(_DIGITS_OF_CODE) if name == "code" and isinstance(value, int | float) else number


def _is_legacy(cell: Cell, text: str) -> bool:
    """Whether it looks right in one of those fonts only; what goes beyond their letters is Unicode in spite of it."""
    if isinstance(cell, MergedCell) or text.isascii() or max(text) > _LAST_LEGACY_LETTER:
        return False
    runs = cell.value if isinstance(cell.value, CellRichText) else ()
    fonts = [cell.font.name, *(run.font.rFont for run in runs if isinstance(run, TextBlock))]
    return any(name and name.casefold().startswith(_LEGACY) for name in fonts)


def _typed_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
