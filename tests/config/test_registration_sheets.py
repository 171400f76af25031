"""Lists of registrations in Excel: found where people put them, each fault at its row and column."""

from datetime import datetime
from unicodedata import normalize

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from config.registration_sheets import MOST_ROWS, Sheet, read
from dossier_engine.commands.import_registrations import Registration, import_registrations
from dossier_engine.errors import FileProblems
from tests.commands.looking import rows, told
from tests.files.sheets import EIGHT, FIRST, HEADINGS, Spoiling, a_row, a_sheet, spoil_eight
from tests.makers import CAM_HUNG, Province, at

LEGACY = "CÈm H\xadng"  # Cẩm Hưng, as .VnTime has it


def of(*cells: object, headings: tuple[str, ...] = HEADINGS, spoilt: Spoiling | None = None) -> Sheet:
    return read(a_sheet(*cells, headings=headings, spoilt=spoilt), "r.xlsx")


def faults(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.code) for problem in sheet.problems]


def written(place: str, value: object, font: str | None = None) -> Spoiling:
    def spoil(sheet: Worksheet) -> None:
        sheet[place] = value
        if font:
            sheet[place].font = Font(name=font)

    return spoil


def test_rows_keep_their_numbers_and_everything_that_a_registration_needs():
    full = a_row(code="10897", number="12/TTr-UBND", day=datetime(2024, 4, 15), note="đợt 1")  # noqa: DTZ001

    sheet = of(a_row(), full, a_row("Cẩm Văn", level="MODEL", year="2025", day="1/4/2024"))

    assert sheet.rows == (
        Registration(4, "", "Cẩm Hưng", "Cẩm Giàng", "advanced", 2024),
        Registration(5, "10897", "Cẩm Hưng", "Cẩm Giàng", "advanced", 2024, "12/TTr-UBND, 15/04/2024; đợt 1"),
        Registration(6, "", "Cẩm Văn", "Cẩm Giàng", "model", 2025, "01/04/2024"),
    )
    assert (sheet.problems, sheet.mended, sheet.header) == ((), (), FIRST - 1)


def test_headings_are_known_without_marks_and_capitals_in_any_order_and_some_may_lack():
    sheet = of((None, "Cẩm Hưng", "kieu mau", 2024), headings=("Thứ tự", "XA/PHƯỜNG", "cap  do", "Năm"))

    assert sheet.rows == (Registration(4, "", "Cẩm Hưng", "", "model", 2024),)


def test_headings_may_be_merged_over_two_rows_with_others_below_them():
    def below(sheet: Worksheet) -> None:
        sheet["G4"], sheet["H4"] = "Số", "Ngày"
        for letter in "BCDEF":
            sheet.merge_cells(f"{letter}3:{letter}4")
        sheet.merge_cells("G3:H3")

    sheet = of((None,) * 9, a_row(), spoilt=below)

    assert (faults(sheet), [row.line for row in sheet.rows]) == ([], [5])


def test_a_row_beside_a_merged_heading_is_not_passed_over():
    sheet = of(a_row(), a_row("Cẩm Văn"), spoilt=lambda sheet: sheet.merge_cells("I3:I4"))

    assert (faults(sheet), [row.line for row in sheet.rows]) == ([(4, "level", "merged_cell")], [5])


def test_an_empty_row_is_none_and_a_number_before_it_does_not_make_it_one():
    sheet = of(a_row(), (None,) * 9, a_row("Cẩm Văn"))

    assert [row.line for row in sheet.rows] == [4, 6]


def test_a_code_that_excel_took_for_a_number_has_its_zeros_again():
    assert [row.code for row in of(a_row("", code=10897), a_row("", code=97.0)).rows] == ["10897", "00097"]


def test_the_list_is_on_the_first_visible_sheet_that_has_its_headings():
    def behind(sheet: Worksheet) -> None:
        book: Workbook = sheet.parent
        book.create_sheet("Bìa", 0)["A1"] = "Kính gửi"
        book.copy_worksheet(sheet).title = "Sau"
        hidden = book.copy_worksheet(sheet)
        book.move_sheet(hidden, -3)
        hidden.sheet_state, hidden["C4"] = "hidden", "Ẩn"

    sheet = of(a_row(), spoilt=behind)

    assert (sheet.title, [row.name for row in sheet.rows]) == ("Sheet", ["Cẩm Hưng"])


@pytest.mark.parametrize("headings", [("a", "b", "c"), ("STT", "Xã"), ()])
def test_a_list_without_headings_is_told_as_such(headings):
    sheet = of(a_row(), headings=headings)

    assert (faults(sheet), sheet.header, sheet.rows) == ([(1, "", "header_not_found")], 0, ())


def test_headings_far_below_are_not_looked_for():
    assert of(a_row(), spoilt=lambda sheet: sheet.insert_rows(1, 8)).problems[0].code == "header_not_found"
    assert of(a_row(), spoilt=lambda sheet: sheet.insert_rows(1, 7)).rows[0].line == 11


def test_columns_that_are_needed_are_told_where_they_lack():
    sheet = of(a_row(), headings=("STT", "Huyện", "Ghi chú"))

    assert faults(sheet) == [(3, "level", "column_missing"), (3, "target_year", "column_missing"),
                             (3, "name", "column_missing")]  # fmt: skip
    assert sheet.rows == ()


@pytest.mark.parametrize(
    ("spoilt", "column", "code"),
    [
        (written("C4", None), "name", "missing"),
        (written("C4", LEGACY, ".VnTime"), "name", "legacy_font"),
        (written("C4", LEGACY, "VNI-Times"), "name", "legacy_font"),
        (written("B4", CellRichText("Huy", TextBlock(InlineFont(rFont=".VnArial"), "Ön"))), "district", "legacy_font"),
        (written("C4", "=A4"), "name", "formula_cell"),
        (written("F4", "=YEAR(TODAY())"), "target_year", "formula_cell"),
        (written("C4", "Cẩm\u200bHưng"), "name", "not_printable"),
        (written("I4", "x" * 301), "note", "too_long"),
        (written("E4", "cấp xã"), "level", "level_unknown"),
        (written("E4", None), "level", "missing"),
        (written("F4", 2019), "target_year", "year_out_of_range"),
        (written("F4", "hai nghìn"), "target_year", "year_out_of_range"),
        (written("F4", 2024.5), "target_year", "year_out_of_range"),
        (written("F4", True), "target_year", "year_out_of_range"),
        (written("F4", None), "target_year", "missing"),
        (written("H4", "31/02/2024"), "document_date", "date_invalid"),
        (written("H4", "2024-04-15"), "document_date", "date_invalid"),
        (written("H4", "04/15/2024"), "document_date", "date_invalid"),
        (written("H4", 45397), "document_date", "date_invalid"),
        (written("H4", datetime(1924, 4, 15)), "document_date", "date_invalid"),  # noqa: DTZ001
        (lambda sheet: sheet.merge_cells("B4:B6"), "district", "merged_cell"),
        (lambda sheet: sheet.row_dimensions.__getitem__(4).__setattr__("hidden", True), "", "hidden_rows"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_row_and_column_once_and_the_other_rows_are_read(spoilt, column, code):
    sheet = of(a_row(), a_row("Cẩm Hoàng", ""), a_row("Cẩm Văn", ""), a_row("Đức Chính"), spoilt=spoilt)

    assert faults(sheet) == [(4, column, code)]
    assert "Đức Chính" in [row.name for row in sheet.rows]


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda sheet: sheet.merge_cells("A1:I1"),
        lambda sheet: sheet.merge_cells("A2:A3"),
        written("A4", "=ROW()-3"),
        written("C4", "Cẩm Hưng", ".VnTime"),
        written("C4", "Cam Hung", ".VnTime"),
        written("K4", "=A1"),
        lambda sheet: sheet.row_dimensions.__getitem__(2).__setattr__("hidden", True),
    ],
)
def test_what_says_nothing_of_a_registration_may_look_as_it_likes(spoilt):
    assert of(a_row(), spoilt=spoilt).problems == ()


def test_marks_typed_apart_and_double_spaces_are_mended_and_counted():
    sheet = of(a_row(normalize("NFD", "Cẩm Hưng")), a_row("Cẩm  Văn", note="hai\nchỗ"), a_row(" Cẩm Hoàng "))

    assert [row.name for row in sheet.rows] == ["Cẩm Hưng", "Cẩm Văn", "Cẩm Hoàng"]
    assert sheet.mended == (4, 5, 5)


def test_a_list_that_is_too_long_is_told_where_it_is():
    sheet = of(*[a_row()] * (MOST_ROWS + 1))
    far = of(a_row(), spoilt=written("A9000", " "))

    assert faults(sheet) == [(FIRST + MOST_ROWS, "", "too_many_rows")]
    assert [problem.code for problem in far.problems] == ["too_many_rows"]


def bring_in(province: Province, content: bytes) -> list[str]:
    """The codes of what is opened."""
    sheet = read(content, "r.xlsx")
    with province.writing() as session:
        done = import_registrations(
            session, province.law, "r.xlsx", sheet.rows, province.act("huyen"), now=at("2024-04-15"), rng=province.rng,
            faults=sheet.problems,
        )  # fmt: skip
    return [receipt.dossier for receipt in done]


def refused(province: Province, content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(FileProblems) as refusal:
        bring_in(province, content)
    return [(problem.line, problem.column, problem.code) for problem in refusal.value.problems]


def test_eight_faults_are_told_at_their_rows_and_nothing_is_written_until_all_are_mended(province):
    told_of = refused(province, a_sheet(*EIGHT, spoilt=spoil_eight))
    left = (rows(province, "dossier"), [row for row in rows(province, "history") if "dossier/" in row["stream"]])
    opened = bring_in(province, a_sheet(*EIGHT))
    again = refused(province, a_sheet(*EIGHT))

    assert told_of == [
        (5, "name", "unit_unknown"),
        (6, "name", "unit_ambiguous"),
        (7, "name", "legacy_font"),
        (8, "level", "level_unknown"),
        (9, "document_date", "date_invalid"),
        (10, "district", "merged_cell"),
        (12, "name", "duplicate_in_file"),
    ]
    assert read(a_sheet(*EIGHT, spoilt=spoil_eight), "r.xlsx").mended == (4,)
    assert left == ([], [])
    assert len(opened) == 8
    assert again == [(line, "name", "already_open") for line in range(4, 12)]


def test_the_document_and_the_note_of_a_row_are_the_reason_of_its_registration(province):
    [code] = bring_in(province, a_sheet(a_row(code=CAM_HUNG, number="12/TTr", day="15/04/2024", note="đợt 1")))

    assert told(province, f"dossier/{code}", 1)["reason"] == "12/TTr, 15/04/2024; đợt 1"
