"""What is due when, and how a date was counted."""

from tests.api.serving import later
from tests.makers import LUONG_DIEN
from tests.web.site import Site


def assessed(site: Site) -> str:
    """Cẩm Hưng's dossier, sent to its district on 4 March, where 45 days ended on Giỗ Tổ."""
    province = site.api.province
    code = province.register(on="2024-01-10").dossier
    province.bring(code, "self_assess", on="2024-03-04", since="2024-02-20")
    province.advance(code, "xa", "self_assess", on="2024-03-04")
    return code


def test_what_is_overdue_stands_under_its_day_with_who_has_it(site: Site) -> None:
    code = assessed(site)
    later(site.api, days=2)  # a Monday

    page = site.visitor("huyen").see("/han")

    assert "Thứ Sáu, 19/04/2024 (đã quá hạn)" in page.text
    assert "Xã Cẩm Hưng, Huyện Cẩm Giàng Đã tự đánh giá Ủy ban nhân dân huyện Cẩm Giàng quá hạn 1 " in page.text
    assert {f"/ho-so/{code}", f"/ho-so/{code}/han/self_assessed"} <= set(page.links)


def test_on_a_day_off_after_the_last_day_nothing_is_due_today(site: Site) -> None:
    code, huyen = assessed(site), site.visitor("huyen")  # it is Saturday, and it was due on Friday

    line = "Xã Cẩm Hưng, Huyện Cẩm Giàng Đã tự đánh giá Ủy ban nhân dân huyện Cẩm Giàng đã quá hạn"
    assert line in huyen.see("/han").text
    assert "! 19/04/2024 đã quá hạn" in huyen.see("/ho-so?deadline_status=overdue").text
    assert "19/04/2024, đã quá hạn" in huyen.see(f"/ho-so/{code}").text
    told = site.api.client("huyen").get(f"/dossiers/{code}").json()
    assert told["days_left"] == {"key": 0, "label": "đã quá hạn"}


def test_what_is_due_later_than_thirty_working_days_from_now_is_not_there_yet(site: Site) -> None:
    code = site.api.province.register("xa2", LUONG_DIEN, on="2024-04-20").dossier
    before = site.visitor("xa2").see("/han")

    later(site.api, days=60)

    after = site.visitor("xa2").see("/han")
    assert "Không có hạn nào" in before.text
    assert f"/ho-so/{code}" in after.links
    assert "Thứ Tư, 31/07/2024 Đơn vị" in after.text


def test_deadlines_out_of_scope_are_not_there(site: Site) -> None:
    code = assessed(site)
    visitor = site.visitor("xa2")

    assert "Không có hạn nào" in visitor.see("/han").text
    visitor.see(f"/ho-so/{code}/han/self_assessed", 404)


def test_a_date_is_told_day_by_day_with_why_it_is_not_another(site: Site) -> None:
    code = assessed(site)

    text = site.visitor("xa").see(f"/ho-so/{code}/han/self_assessed").text

    assert "04/03/2024 Thứ Hai – ngày bắt đầu, không tính 05/03/2024 Thứ Ba 1 tính" in text
    assert "19/04/2024 Thứ Sáu – kết thúc vào ngày nghỉ nên chuyển sang ngày làm việc tiếp theo" in text
    assert "Ủy ban nhân dân huyện Cẩm Giàng" in text


def test_a_deadline_that_the_stage_does_not_have_is_not_there(site: Site) -> None:
    code = assessed(site)

    site.visitor("xa").see(f"/ho-so/{code}/han/registered", 404)


def test_a_place_in_the_list_that_makes_no_sense_is_refused(site: Site) -> None:
    site.visitor("xa").see("/han?tiep-theo=x", 422)
