"""Moving a dossier through pages: the form, checking it once more, doing it."""

import pytest

from dossier_engine.commands.advance import Supplement
from tests.web.site import Site
from tests.web.steps import assessed, checked, entries, ready, registered, step, told

BLANK = {"on-day": "", "on-month": "", "on-year": ""}


def test_a_commune_moves_its_dossier_and_reads_what_was_done(site: Site):
    code, xa = ready(site.api.province), site.visitor("xa")
    address = step(code, "self_assess")

    dossier, form = xa.see(f"/ho-so/{code}"), xa.see(address)
    before = entries(site.api.province, code)
    check = xa.fill(form, address, {"reason": "Đã họp dân", "do": "check"})
    unchanged = entries(site.api.province, code)
    done = xa.fill(check, address, {"do": "take"})

    assert address in dossier.links
    assert form.forms[-2].fields["on-day"] == ["20"]
    assert check.title.startswith("Kiểm tra lại")
    assert "Chưa có gì được ghi" in check.text
    assert "Ủy ban nhân dân huyện Cẩm Giàng" in check.text
    assert "04/06/2024" in check.text
    assert "Đã họp dân" in check.text
    assert unchanged == before
    assert f"Hồ sơ {code}, mục lịch sử số {before + 1}" in done.text
    assert "Ủy ban nhân dân huyện Cẩm Giàng" in done.text
    assert "04/06/2024" in done.text
    assert told(xa.see(f"/ho-so/{code}/xong/{before + 1}")) == told(done)


def test_an_english_reader_is_led_in_english(site: Site):
    code, xa = ready(site.api.province), site.visitor("xa", language="en")
    address = step(code, "self_assess")

    check = checked(xa, address)
    done = xa.fill(check, address, {"do": "take"})

    assert check.title.startswith("Check your answers: Submit the self-assessment")
    assert "People's Committee of Cẩm Giàng District" in done.text


def test_what_was_confirmed_is_shown_the_same_when_the_dossier_has_moved_on(site: Site):
    province, xa = site.api.province, site.visitor("xa")
    code = assessed(province)
    seq = entries(province, code)
    before = xa.see(f"/ho-so/{code}/xong/{seq}")

    province.advance(
        code, "huyen", "return_to_commune", on="2024-04-20", supplements=(Supplement("commune_files", "Biên bản"),)
    )

    assert told(xa.see(f"/ho-so/{code}/xong/{seq}")) == told(before)
    assert "Ủy ban nhân dân xã Cẩm Hưng" in xa.see(f"/ho-so/{code}/xong/{seq + 1}").text
    xa.see(f"/ho-so/{code}/xong/{seq + 2}", 404)


def test_what_is_missing_is_told_with_the_place_where_it_is_recorded(site: Site):
    code, xa = registered(site.api.province), site.visitor("xa")
    address = step(code, "self_assess")

    form = xa.see(address)
    refused = xa.fill(form, address, {"reason": "Đã đủ", "do": "check"}, 422)

    assert "Chưa thực hiện được bước này vì còn thiếu" in form.text
    for page in (form, refused):
        assert f"/ho-so/{code}/yeu-cau#requirement-commune_vote" in page.links
    assert refused.title.startswith("Lỗi:")
    assert refused.forms[-2].fields["reason"] == ["Đã đủ"]


def test_without_a_day_the_error_comes_first_and_what_was_typed_is_kept(site: Site):
    code, xa = ready(site.api.province), site.visitor("xa")
    address = step(code, "self_assess")

    refused = xa.fill(xa.see(address), address, {**BLANK, "reason": "Đã họp dân", "do": "check"}, 422)

    assert refused.title.startswith("Lỗi:")
    assert refused.text.index("Có chỗ cần sửa") < refused.text.index("Ngày thực hiện")
    assert "#on-day" in refused.links
    assert refused.forms[-2].fields["reason"] == ["Đã họp dân"]


@pytest.mark.parametrize("day", ["21", "1"])
def test_a_day_that_cannot_be_is_told_at_its_field(site: Site, day: str):
    code, xa = ready(site.api.province), site.visitor("xa")
    address = step(code, "self_assess")

    refused = xa.fill(xa.see(address), address, {"on-day": day, "do": "check"}, 422)

    assert "#on-day" in refused.links
    assert refused.forms[-2].fields["on-day"] == [day]


def test_whoever_changes_their_mind_finds_everything_as_it_was(site: Site):
    code, huyen = assessed(site.api.province), site.visitor("huyen")
    address = step(code, "return_to_commune")

    check = checked(
        huyen, address, **{"1.requirement": "commune_files", "1.what": "Thiếu biên bản", "reason": "Chưa đủ"}
    )
    form = huyen.fill(check, address, {"do": "edit"})

    fields = form.forms[-2].fields
    assert (fields["1.requirement"], fields["1.what"]) == (["commune_files"], ["Thiếu biên bản"])
    assert (fields["reason"], fields["key"]) == (["Chưa đủ"], check.forms[-2].fields["key"])


def test_a_return_lists_what_to_supplement_in_as_many_rows_as_it_takes(site: Site):
    code, huyen = assessed(site.api.province), site.visitor("huyen")
    address = step(code, "return_to_commune")

    page = huyen.see(address)
    given = {"1.requirement": "commune_files", "1.what": "Thiếu biên bản", "reason": "Chưa đủ"}
    longer = huyen.fill(page, address, {**given, "do": "add"})
    check = huyen.fill(longer, address, {"2.requirement": "commune_vote", "2.what": "Biểu quyết lại", "do": "check"})
    done = huyen.fill(check, address, {"do": "take"})

    assert "Ghi đủ một lần. Trả lần thứ hai phải nêu lý do." in page.text
    assert longer.forms[-2].fields["1.what"] == ["Thiếu biên bản"]
    for shown in (check, done):
        assert "Thiếu biên bản" in shown.text
        assert "Biểu quyết lại" in shown.text
        assert "Ủy ban nhân dân xã Cẩm Hưng" in shown.text


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, "#supplements"),
        ({"1.requirement": "commune_files"}, "#1.what"),
        ({"1.what": "Thiếu biên bản"}, "#1.requirement"),
        ({"1.requirement": "decision_of_nobody", "1.what": "Thiếu"}, "#supplements"),
    ],
)
def test_a_list_of_supplements_that_says_too_little_is_refused_at_its_row(
    site: Site, given: dict[str, str], place: str
):
    code, huyen = assessed(site.api.province), site.visitor("huyen")
    address = step(code, "return_to_commune")

    refused = huyen.fill(huyen.see(address), address, {**given, "reason": "Chưa đủ", "do": "check"}, 422)

    assert place in refused.links
    assert refused.forms[-2].fields["reason"] == ["Chưa đủ"]


def test_a_second_return_must_say_why(site: Site):
    province, huyen = site.api.province, site.visitor("huyen")
    code = assessed(province)
    papers = Supplement("commune_files", "Biên bản")
    province.advance(code, "huyen", "return_to_commune", on="2024-04-19", supplements=(papers,))
    province.bring(code, "self_assess", on="2024-04-20", since="2024-04-08")
    province.advance(code, "xa", "self_assess", on="2024-04-20")
    address = step(code, "return_to_commune")

    page = huyen.see(address)
    refused = huyen.fill(
        page, address, {"1.requirement": "commune_files", "1.what": "Thiếu biên bản", "do": "check"}, 422
    )

    assert "Đây là lần trả thứ 2" in page.text
    assert "#reason" in refused.links
    assert refused.forms[-2].fields["1.what"] == ["Thiếu biên bản"]
