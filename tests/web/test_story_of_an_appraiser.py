"""The first ten minutes of an appraiser of the department: finding, filtering, mending what is missing, appraising."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.makers import LUONG_DIEN, Province
from tests.web.reading_room import Person, Room
from tests.web.steps import submitted

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

NAM_HUNG = "10609"  # Xã Nam Hưng, huyện Nam Sách
LATE = "Xã Lương Điền, Huyện Cẩm Giàng"


def brought_before_the_department(province: Province) -> str:
    """A dossier of Cẩm Hưng that lacks nothing for its appraisal but the council's vote."""
    code = submitted(province)
    province.bring(code, "review", on="2024-08-01", since="2024-07-08", skip=("district_posting",))
    posted = {"period": {"from": "2024-08-02", "to": "2024-08-17"}}
    province.record(code, "huyen", "district_posting", posted, on="2024-08-17")
    province.advance(code, "huyen", "review", on="2024-08-19")
    province.bring(code, "appraise", on="2024-09-09", since="2024-08-19", skip=("council_vote",))
    return code


def listed(person: Person) -> list[str]:
    """The dossiers of the list that is shown, each by its unit."""
    return [link.inner_text() for link in person.page.locator("main table").get_by_role("link").all()]


def test_an_appraiser_finds_what_is_late_mends_what_is_missing_and_appraises(people: Room, tmp_path: Path):
    province = people.site.api.province
    code = brought_before_the_department(province)
    province.appoint("xa", "commune_officer", f"ubnd-xa-{LUONG_DIEN}")
    late = submitted(province, LUONG_DIEN)
    province.register("huyen2", NAM_HUNG, on="2024-06-03")
    people.has_account("so")
    people.day_is("2024-09-10")

    appraiser = people.comes("so", "mouse", "/ho-so")
    appraiser.type("Tên xã, huyện (không cần dấu)", "cam hung")
    appraiser.press("Tìm")
    assert listed(appraiser) == ["Xã Cẩm Hưng, Huyện Cẩm Giàng"]

    appraiser.follow_in_navigation("Hồ sơ")
    assert len(listed(appraiser)) == 3
    appraiser.pick("Hạn", "Quá hạn")
    appraiser.type("Huyện", "cam giang")
    appraiser.press("Tìm")
    assert listed(appraiser) == [LATE]
    kept = appraiser.another_tab()
    kept.open(appraiser.page.url)
    assert listed(kept) == [LATE]

    sheet = load_workbook(appraiser.takes("Tải danh sách này về Excel", tmp_path)).active
    heads, row = sheet.iter_rows(max_row=2)
    found = {head.value: cell for head, cell in zip(heads, row, strict=True)}
    assert sheet.max_row == 2
    assert (found["Mã"].value, found["Hạn"].value.date()) == (late, date(2024, 8, 19))
    assert (found["Hạn"].is_date, found["Hạn"].number_format) == (True, "dd/mm/yyyy")

    appraiser.open(f"/ho-so/{code}")
    appraiser.reads("Thẩm định đạt: chưa thực hiện được")
    appraiser.follow("Hội đồng thẩm định cấp tỉnh bỏ phiếu: chưa ghi kết quả biểu quyết")
    assert appraiser.page.url.endswith("/yeu-cau#requirement-council_vote")
    assert appraiser.page.locator("#requirement-council_vote").is_visible()
    appraiser.follow("Ghi nhận : Hội đồng thẩm định cấp tỉnh bỏ phiếu")
    for label, count in (("Số người có mặt", "19"), ("Số người đồng ý", "18"), ("Tổng số thành viên", "20")):
        appraiser.type(label, count)
    appraiser.press("Lưu")
    appraiser.open(f"/ho-so/{code}")
    appraiser.press("Thẩm định đạt")
    appraiser.press("Kiểm tra lại")
    appraiser.press("Xác nhận: Thẩm định đạt")
    appraiser.reads(f"Hồ sơ {code}, mục lịch sử số {people.entries(code)}", "Sở đã thẩm định")


def test_an_appraiser_gives_the_district_a_later_date_by_a_document(people: Room):
    code = submitted(people.site.api.province)
    people.has_account("so")
    people.day_is("2024-09-10")

    appraiser = people.comes("so", "mouse", f"/ho-so/{code}")
    appraiser.follow("Gia hạn")
    appraiser.type("Lý do", "Mưa bão số 3")
    appraiser.press("Ghi gia hạn")
    assert appraiser.page.title().startswith("Lỗi:")
    appraiser.types_day("Hạn mới", "30/9/2024")
    appraiser.type("Số, ký hiệu văn bản cho gia hạn", "12/UBND-NN")
    appraiser.types_day("Ngày của văn bản", "9/9/2024")
    appraiser.press("Ghi gia hạn")
    appraiser.reads("30/09/2024")

    appraiser.open(f"/ho-so/{code}/lich-su")
    newest = appraiser.page.locator(".timeline__event").first
    for told in ("Gia hạn", "so (minh họa), Sở Nông nghiệp", "văn bản số 12/UBND-NN, ngày 09/09/2024", "Mưa bão số 3"):
        assert told in newest.inner_text()
