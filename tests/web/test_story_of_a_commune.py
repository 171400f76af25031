"""The first ten minutes of a commune officer, on a phone."""

import pytest

from tests.makers import Province
from tests.web.reading_room import PHONE, Room, Way, each_way

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def almost_assessed(province: Province) -> str:
    """A dossier for which everything is there but the results of five criteria."""
    code = province.register(on="2024-04-01").dossier
    province.bring(code, "self_assess", on="2024-04-19", since="2024-04-08", skip=("commune_criteria",))
    met = {str(number): {"result": "met"} for number in range(1, 15)}
    province.record(code, "xa", "commune_criteria", met, on="2024-04-19")
    return code


@each_way
def test_a_commune_officer_finishes_the_self_assessment(people: Room, way: Way):
    code = almost_assessed(people.site.api.province)
    people.has_account("xa")
    officer = people.sits_down(way, PHONE)

    officer.open(f"/ho-so/{code}")
    people.signs_in(officer, "xa")
    officer.reads("Xã Cẩm Hưng, Huyện Cẩm Giàng", "Nộp tự đánh giá: chưa thực hiện được", "31/07/2024")

    officer.follow("Tiêu chí")
    officer.reads("14/19")
    officer.open(f"/ho-so/{code}/tieu-chi/17")
    officer.choose("Đạt")
    officer.press("Lưu và về danh sách")
    officer.reads("15/19")

    before = people.entries(code)
    officer.page.go_back()
    officer.choose("Đạt")
    officer.press("Lưu và về danh sách")
    officer.reads("15/19")
    assert people.entries(code) == before

    officer.open(f"/ho-so/{code}/tieu-chi/18")
    officer.choose("Đạt")
    people.ends_sessions("xa")
    officer.press("Lưu và về danh sách")
    officer.reads("vẫn còn")
    people.signs_in(officer, "xa")
    officer.press("Xem lại nội dung đã nhập")
    assert officer.page.get_by_label("Đạt", exact=True).is_checked()
    officer.press("Lưu và về danh sách")
    officer.reads("16/19")

    for number in (15, 16, 19):
        officer.open(f"/ho-so/{code}/tieu-chi/{number}")
        officer.choose("Đạt")
        officer.press("Lưu và về danh sách")
    officer.reads("19/19")

    officer.open(f"/ho-so/{code}/buoc/self_assess")
    for part in ("Ngày", "Tháng", "Năm"):
        officer.type(part, "")
    officer.press("Kiểm tra lại")
    assert officer.page.title().startswith("Lỗi:")
    if way != "no script":
        assert officer.page.locator(".govuk-error-summary").evaluate("e => e === document.activeElement")
    officer.type("Ngày", "20/04/2024")
    officer.press("Kiểm tra lại")
    officer.reads("Chưa có gì được ghi", "Ủy ban nhân dân huyện Cẩm Giàng", "04/06/2024")
    officer.press("Xác nhận: Nộp tự đánh giá")
    officer.reads(f"Hồ sơ {code}, mục lịch sử số {people.entries(code)}")


@each_way
def test_what_was_chosen_in_one_tab_survives_signing_in_anew_in_another(people: Room, way: Way):
    code = almost_assessed(people.site.api.province)
    people.has_account("xa")
    officer = people.comes("xa", way, f"/ho-so/{code}/tieu-chi/17")
    officer.choose("Đạt")
    before = people.entries(code)

    other = officer.another_tab()
    other.open("/tai-khoan")
    other.press("Đăng xuất")
    people.signs_in(other, "xa")
    officer.press("Lưu và về danh sách")
    officer.reads("Đã đăng nhập lại", "chưa có gì được ghi")
    officer.press("Xem lại nội dung đã nhập")
    assert officer.page.get_by_label("Đạt", exact=True).is_checked()
    assert people.entries(code) == before
    officer.press("Lưu và về danh sách")

    officer.reads("15/19")
