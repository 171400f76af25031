"""Registrations from a workbook in a browser: tried first, every fault told, opened once and kept nowhere meanwhile."""

import io

import httpx
import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from config.registration_sheets import MOST_ROWS, read
from config.workbooks import MOST_BYTES
from tests.commands.looking import rows
from tests.files.making import MACRO_XLSX, a_pdf, an_office_file
from tests.files.sheets import HEADINGS, a_row, a_sheet
from tests.web.returning import come_back, leave
from tests.web.site import Form, Read, Site, Visitor

PAGE, OPEN, BACK = "/nhap", "/nhap/dang-ky", "/nhap/loi.xlsx"
TWO = a_row(note="đợt 1"), a_row("Cẩm  Hoàng")


def form_on(page: Read, action: str) -> Form:
    [form] = [form for form in page.forms if form.action == action]
    return form


def bring(visitor: Visitor, content: bytes, name: str = "danh sách.xlsx", **fields: str) -> httpx.Response:
    """What is answered to a file that is chosen on the page."""
    form = form_on(visitor.see(PAGE), PAGE)
    told = {field: values[0] for field, values in form.fields.items() if field != "file"} | fields
    origin = str(visitor.client.base_url).rstrip("/")
    return visitor.client.post(PAGE, data=told, files={"file": (name, content)}, headers={"Origin": origin})


def tried(visitor: Visitor, content: bytes, status: int = 200) -> Read:
    answer = bring(visitor, content)
    assert answer.status_code == status, Read(answer.text).text[:2000]
    return Read(answer.text)


def count(site: Site) -> int:
    return len(rows(site.api.province, "dossier"))


def test_a_list_is_tried_first_and_opened_when_it_is_confirmed(site: Site):
    huyen = site.visitor("huyen")

    page = tried(huyen, a_sheet(*TWO))
    before = count(site)
    done = huyen.fill(page, OPEN, {})

    assert before == 0
    assert "Khi xác nhận, 2 hồ sơ dưới đây được mở" in page.text
    assert "Xã Cẩm Hưng, Huyện Cẩm Giàng nâng cao 2024 31/07/2024 đợt 1" in page.text
    assert "Đã tự sửa 1 ô (dòng 5)" in page.text
    assert "2 hồ sơ đã được đăng ký" in done.text
    assert {"/ho-so/HD-2024-NC-0001", "/ho-so/HD-2024-NC-0002"} <= set(done.links)
    assert count(site) == 2
    assert "đợt 1" in huyen.see("/ho-so/HD-2024-NC-0001/lich-su").text


def test_confirmed_twice_it_is_opened_once_and_brought_again_it_is_registered_already(site: Site):
    huyen = site.visitor("huyen")
    page = tried(huyen, a_sheet(*TWO))

    first, again = huyen.fill(page, OPEN, {}), huyen.fill(page, OPEN, {})
    anew = tried(huyen, a_sheet(*TWO), 422)

    assert (first.text, count(site)) == (again.text, 2)
    assert anew.text.count("đã đăng ký") == 2
    assert "/ho-so/HD-2024-NC-0002" in anew.links


def test_every_fault_is_told_at_its_row_and_column_and_nothing_is_opened(site: Site):
    def spoil(sheet: Worksheet) -> None:
        sheet["C5"] = "Cẩm Hoan"
        sheet["B6"], sheet["C6"] = None, "Hồng Phong"
        sheet["C7"], sheet["C7"].font = "Ngäc Liªn", Font(name=".VnTime")
        sheet["F8"] = "=2000+24"

    sheet = a_sheet(*[a_row()] * 5, a_row("Lai Cách"), a_row(level="model"), a_row(year=2019), spoilt=spoil)
    page = tried(site.visitor("huyen"), sheet, 422)

    assert page.title.startswith("Lỗi:")
    assert "Có 7 chỗ cần sửa. Chưa hồ sơ nào được mở." in page.text
    for told in (
        "5 Xã Cẩm Hoan không có đơn vị này",
        "Có phải là: Xã Cẩm Hoàng (Huyện Cẩm Giàng)",
        "6 Xã Hồng Phong có nhiều đơn vị",
        "Xã Hồng Phong (Huyện Ninh Giang)",
        "7 Xã Ngäc Liªn chữ gõ bằng phông cũ",
        "8 Năm =2000+24 ô là công thức",
        "9 Xã Lai Cách loại đơn vị này không thể mở hồ sơ như vậy",
        "10 Xã Cẩm Hưng chưa đạt một điều kiện",
        "11 Năm 2019 năm mục tiêu",
    ):
        assert told in page.text
    assert count(site) == 0


def test_a_row_twice_is_told_with_the_row_that_it_repeats(site: Site):
    page = tried(site.visitor("huyen"), a_sheet(a_row(), a_row("Cẩm Hoàng"), a_row("Xã Cẩm Hưng", "")), 422)

    assert "6 Xã Xã Cẩm Hưng trùng với dòng ghi ngay sau đó Dòng 4" in page.text


def test_the_first_twenty_faults_are_shown_and_the_file_tells_all(site: Site):
    huyen = site.visitor("huyen")

    page = tried(huyen, a_sheet(*[a_row("Không Có")] * 23), 422)
    form = form_on(page, BACK)
    answer = huyen.send(BACK, form.fields)

    assert "Còn 3 chỗ cần sửa nữa" in page.text
    assert page.text.count("Không Có") == 20
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert len([row for row in range(4, 30) if sheet.cell(row, 10).value]) == 23


def test_their_own_file_comes_back_with_its_faults_and_no_text_in_it_runs(site: Site):
    def spoil(sheet: Worksheet) -> None:
        sheet["C5"], sheet["C5"].data_type = "=1+1", "s"
        sheet["I4"], sheet["I4"].font = "giữ nguyên", Font(name="Arial", bold=True)
        sheet.merge_cells("B7:B8")
        sheet.merge_cells("J1:L4")
        sheet.row_dimensions[9].hidden = True

    huyen = site.visitor("huyen")
    page = tried(huyen, a_sheet(*[a_row()] * 6, spoilt=spoil), 422)
    answer = huyen.send(BACK, form_on(page, BACK).fields)

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert "danh%20s%C3%A1ch%20-%20l%E1%BB%97i.xlsx" in answer.headers["Content-Disposition"]
    assert [sheet.cell(row, 10).value is not None for row in range(3, 10)] == [True, False, *[True] * 3, False, True]
    assert sheet["J3"].value == "Lỗi"
    assert sheet["J5"].value.startswith("Xã: không có đơn vị này")
    assert sheet["J7"].value.startswith("Huyện/TX/TP: ô bị gộp")
    assert [sheet[cell].fill.fill_type for cell in ("C5", "J5", "C4", "B7")] == ["solid", "solid", None, "solid"]
    assert (sheet["C5"].value, sheet["C5"].data_type) == ("=1+1", "s")
    assert (sheet["I4"].value, sheet["I4"].font.bold) == ("giữ nguyên", True)
    assert not sheet.row_dimensions[9].hidden


def test_a_list_without_headings_has_no_place_for_its_faults(site: Site):
    huyen = site.visitor("huyen")

    page = tried(huyen, a_sheet(a_row(), headings=("a", "b")), 422)

    assert "không thấy dòng tiêu đề" in page.text
    assert BACK not in [form.action for form in page.forms]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (a_pdf(), "không phải Excel .xlsx"),
        (an_office_file(MACRO_XLSX), "tệp có macro"),
        (b"", "tệp rỗng"),
        (bytes(MOST_BYTES + 1), "tệp lớn hơn 512 KB"),
        (bytes(3 * 2**20), "tệp lớn hơn 512 KB"),
        (a_sheet(), "không có dòng nào dưới dòng tiêu đề"),
    ],
)
def test_a_file_that_is_no_list_is_told_on_the_form(site: Site, content: bytes, why: str):
    page = tried(site.visitor("huyen"), content, 422)

    assert page.title.startswith("Lỗi:")
    assert why in page.text
    assert "#file" in page.links
    form_on(page, PAGE)


def test_without_a_file_it_is_asked_for(site: Site):
    huyen = site.visitor("huyen")

    chosen = Read(bring(huyen, b"", name="").text)
    forged = huyen.send(OPEN, {**form_on(huyen.see(PAGE), PAGE).fields, "name": "a.xlsx", "content": "không"})

    assert "Tệp: chưa có, cần ghi" in chosen.text
    assert (forged.status_code, "tệp hỏng" in forged.text) == (422, True)


def test_the_template_is_a_list_that_its_example_is_no_part_of(site: Site):
    huyen = site.visitor("huyen")
    content = huyen.client.get("/nhap/mau.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active

    empty = read(content, "mau.xlsx")
    for place, value in enumerate(a_row(code="10894", day="15/04/2024"), 1):
        sheet.cell(5, place).value = value
    written = io.BytesIO()
    book.save(written)
    filled = tried(huyen, written.getvalue())

    assert (empty.header, empty.rows, empty.problems) == (4, (), ())
    assert [cell.value for cell in sheet[4]] == list(HEADINGS)
    assert [cell.value for cell in sheet[3]][1:6] == ["Cẩm Giàng", "Cẩm Hưng", "10894", "nâng cao", "2024"]
    [choice] = sheet.data_validations.dataValidation
    assert (choice.formula1, str(choice.sqref)) == ('"nâng cao,kiểu mẫu"', f"E5:E{MOST_ROWS + 4}")
    assert "1 hồ sơ dưới đây" in filled.text


def test_what_was_brought_outlives_the_session(site: Site):
    huyen = site.visitor("huyen")
    page = tried(huyen, a_sheet(*TWO))
    leave(huyen)

    lost = huyen.send(OPEN, form_on(page, OPEN).fields)
    shown = come_back(site, huyen, Read(lost.text), "huyen")
    before = count(site)
    done = huyen.fill(shown, OPEN, {})

    assert (lost.status_code, before) == (401, 0)
    assert "Khi xác nhận, 2 hồ sơ" in shown.text
    assert "2 hồ sơ đã được đăng ký" in done.text


@pytest.mark.parametrize("handle", ["so", "vanthu", "thanhtra", "quantri"])
def test_whoever_registers_no_commune_is_not_offered_it_and_is_refused(site: Site, handle: str):
    visitor, huyen = site.visitor(handle), site.visitor("huyen")
    carried = form_on(tried(huyen, a_sheet(a_row())), OPEN).fields
    token = visitor.see("/").forms[0].fields["form_token"]

    visitor.see(PAGE, 403)
    answers = [visitor.send(path, {**carried, "form_token": token}).status_code for path in (PAGE, OPEN, BACK)]

    assert PAGE not in visitor.see("/ho-so").links
    assert visitor.client.get("/nhap/mau.xlsx").status_code == 403
    assert answers == [403, 403, 403]
    assert count(site) == 0


def test_it_is_offered_where_dossiers_are_registered(site: Site):
    huyen = site.visitor("huyen")

    assert PAGE in huyen.see("/ho-so").links
    assert PAGE in huyen.see("/ho-so/moi").links
    assert PAGE not in site.visitor("so").see("/ho-so/moi").links


def test_a_commune_opens_its_own_and_no_other(site: Site):
    xa = site.visitor("xa")

    foreign = tried(xa, a_sheet(a_row(), a_row("Lương Điền")), 422)
    own = xa.fill(tried(xa, a_sheet(a_row())), OPEN, {})

    assert "5 Xã Lương Điền không có đơn vị này" in foreign.text
    assert "1 hồ sơ đã được đăng ký" in own.text


@pytest.mark.parametrize("token", ["", "of-somebody-else"])
def test_of_a_form_that_is_none_of_ours_no_file_is_read(site: Site, token: str):
    assert bring(site.visitor("huyen"), a_sheet(a_row()), form_token=token).status_code == 403


def test_the_pages_are_in_english_too(site: Site):
    huyen = site.visitor("huyen", language="en")

    faulty = tried(huyen, a_sheet(a_row("Cẩm Hoan"), headings=[*HEADINGS[:4], "Level", "YEAR"]), 422)
    sound = tried(huyen, a_sheet(a_row(level="advanced")))

    assert "4 Commune Cẩm Hoan no locality is called that" in faulty.text
    assert "Open 1 dossiers" in sound.text
