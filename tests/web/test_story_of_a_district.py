"""The first ten minutes of a district reviewer: what is new, what the commune found, two returns, and passing it on."""

import pytest

from tests.makers import LUONG_DIEN
from tests.web.reading_room import Person, Room, Way, each_way
from tests.web.steps import entries, step, submitted

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

NAME = "Xã Cẩm Hưng, Huyện Cẩm Giàng"
RETURN, SUBMIT, PASS = "Trả xã bổ sung hồ sơ", "Nộp tự đánh giá", "Thẩm tra đạt"


def opens_what_is_new(reviewer: Person) -> None:
    """The first of the queue, with the days that are left for it, and what the commune found beside each criterion."""
    first, second = (reviewer.page.get_by_role("row").nth(place).inner_text() for place in (1, 2))
    assert (NAME in first, "19/08/2024" in first, "30 ngày làm việc" in first) == (True, True, True)
    assert "Xã Lương Điền" in second
    reviewer.follow(NAME)
    reviewer.follow("Tiêu chí")
    reviewer.reads("Đã ghi 0/19", "Xã tự đánh giá đạt đủ các tiêu chí: đạt")
    reviewer.follow("Về hồ sơ")


def sends_back(reviewer: Person, *lacking: str, reason: str) -> None:
    """Fill in the form of a return and look at it once more."""
    for row, what in enumerate(lacking, 1):
        if row > 1:
            reviewer.press("Thêm một nội dung")
        reviewer.pick(f"Điều kiện {row}", "Hồ sơ xã trình huyện")
        reviewer.type(f"Cần bổ sung {row}", what)
    reviewer.type("Lý do", reason)
    reviewer.press("Kiểm tra lại")


def resubmits(people: Room, code: str, way: Way) -> Person:
    """The commune records its file again, and looks at what handing it in leads to."""
    on = people.site.api.now.date().isoformat()
    asked = ("commune_criteria", "commune_posting", "front_opinions", "commune_vote")
    people.site.api.province.bring(code, "self_assess", on=on, since=on, skip=asked)
    officer = people.comes("xa", way, f"/ho-so/{code}")
    officer.press(SUBMIT)
    officer.press("Kiểm tra lại")
    return officer


@each_way
def test_a_district_reviewer_returns_a_dossier_twice_and_passes_it_on(people: Room, way: Way):
    province = people.site.api.province
    province.appoint("xa", "commune_officer", f"ubnd-xa-{LUONG_DIEN}")
    other = submitted(province, LUONG_DIEN)
    province.extend(other, "so", "2024-10-01", on="2024-07-05")
    code = submitted(province)
    people.has_account("xa")
    people.has_account("huyen")
    people.day_is("2024-07-08")

    reviewer = people.comes("huyen", way, "/")
    opens_what_is_new(reviewer)
    reviewer.press(RETURN)
    sends_back(reviewer, "Biên bản chưa có chữ ký", "Thiếu hình ảnh minh họa", reason="")
    assert reviewer.page.title().startswith("Lỗi:")
    reviewer.type("Lý do", "Cần bổ sung hai nội dung")
    reviewer.press("Kiểm tra lại")
    reviewer.reads("Biên bản chưa có chữ ký", "Thiếu hình ảnh minh họa", "Ủy ban nhân dân xã Cẩm Hưng")
    reviewer.press(f"Xác nhận: {RETURN}")
    reviewer.reads(f"Hồ sơ {code}, mục lịch sử số {people.entries(code)}", "22/07/2024")
    reviewer.follow("Xem hồ sơ")
    reviewer.reads("Ủy ban nhân dân xã Cẩm Hưng", "22/07/2024, 10 ngày làm việc")  # its own time stands still meanwhile

    people.day_is("2024-07-17")
    officer = resubmits(people, code, way)
    officer.reads("Ủy ban nhân dân huyện Cẩm Giàng", "04/09/2024")  # 45 days end on 31 August; National Day follows
    officer.press(f"Xác nhận: {SUBMIT}")
    people.day_is("2024-07-18")
    reviewer.open(step(code, "return_to_commune"))
    people.signs_in(reviewer, "huyen")
    reviewer.reads("Trả lần thứ hai phải nêu lý do", "Đây là lần trả thứ 2")
    sends_back(reviewer, "Biên bản vẫn thiếu chữ ký", reason="")
    assert reviewer.page.title().startswith("Lỗi:")
    reviewer.reads("Lý do: chưa có, cần ghi")
    reviewer.type("Lý do", "Lần trước chưa bổ sung đủ")
    reviewer.press("Kiểm tra lại")
    reviewer.press(f"Xác nhận: {RETURN}")

    people.day_is("2024-07-19")
    resubmits(people, code, way).press(f"Xác nhận: {SUBMIT}")
    province.bring(code, "review", on="2024-08-01", since="2024-07-22", skip=("district_posting",))
    posted = {"period": {"from": "2024-08-02", "to": "2024-08-17"}}
    province.record(code, "huyen", "district_posting", posted, on="2024-08-17")
    people.day_is("2024-08-19")
    reviewer.open(f"/ho-so/{code}")
    people.signs_in(reviewer, "huyen")
    reviewer.press(PASS)
    reviewer.press("Kiểm tra lại")
    reviewer.reads("Sở Nông nghiệp và Phát triển nông thôn")
    reviewer.press(f"Xác nhận: {PASS}")
    reviewer.reads(f"Hồ sơ {code}, mục lịch sử số {people.entries(code)}", "Huyện đã thẩm tra")


@each_way
def test_a_clock_that_stood_still_over_a_holiday_gives_back_the_days_it_stood(people: Room, way: Way):
    code = submitted(people.site.api.province)
    people.has_account("huyen")
    people.day_is("2024-07-08")

    reviewer = people.comes("huyen", way, f"/ho-so/{code}")
    reviewer.follow("Tạm dừng tính hạn")
    reviewer.type("Lý do", "Chờ sắp xếp đơn vị hành chính")
    reviewer.press("Tạm dừng tính hạn")
    reviewer.reads("tạm dừng tính hạn")
    people.day_is("2024-07-20")
    reviewer.open(f"/ho-so/{code}/dong-ho")
    people.signs_in(reviewer, "huyen")
    reviewer.type("Lý do", "Đã có hướng dẫn")
    reviewer.press("Tính hạn trở lại")

    reviewer.reads("04/09/2024")  # 19 August and twelve days is 31 August, and National Day follows


@each_way
def test_the_second_of_two_tabs_is_told_who_was_first_and_keeps_its_text(people: Room, way: Way):
    province = people.site.api.province
    code = submitted(province)
    people.has_account("huyen")
    people.day_is("2024-07-08")

    first = people.comes("huyen", way, step(code, "return_to_commune"))
    second = first.another_tab()
    second.open(step(code, "return_to_commune"))
    sends_back(first, "Biên bản chưa có chữ ký", reason="Cần bổ sung")
    first.press(f"Xác nhận: {RETURN}")
    before = entries(province, code)
    sends_back(second, "Thiếu hình ảnh minh họa", reason="Viết ở cửa sổ thứ hai")

    assert second.page.title().startswith("Lỗi:")
    second.reads("Trong lúc ông/bà nhập, hồ sơ đã thay đổi", "huyen (minh họa)", "09:00 08/07/2024")
    assert second.page.get_by_label("Cần bổ sung 1", exact=True).input_value() == "Thiếu hình ảnh minh họa"
    assert second.page.get_by_label("Lý do", exact=True).input_value() == "Viết ở cửa sổ thứ hai"
    assert entries(province, code) == before
