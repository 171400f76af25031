"""Moving a dossier through pages: the form, checking it once more, doing it, and what two people do at once."""

import pytest

from dossier_engine.api.caller import COOKIE
from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.desk import stream_of
from dossier_engine.queries.trail import trail
from tests.makers import CAM_HUNG, Province
from tests.web.site import Read, Site, Visitor

BLANK = {"on-day": "", "on-month": "", "on-year": ""}


def registered(province: Province) -> str:
    return province.register(on="2024-04-01").dossier


def ready(province: Province) -> str:
    code = registered(province)
    province.bring(code, "self_assess", on="2024-04-19", since="2024-04-08")
    return code


def assessed(province: Province) -> str:
    code = ready(province)
    province.advance(code, "xa", "self_assess", on="2024-04-19")
    return code


def step(code: str, transition: str) -> str:
    return f"/ho-so/{code}/buoc/{transition}"


def entries(province: Province, code: str) -> int:
    with province.database.reading() as session:
        return len(trail(session, stream_of(code)))


def told(page: Read) -> str:
    return page.text.partition("English")[0]


def checked(visitor: Visitor, address: str, **given: str) -> Read:
    return visitor.fill(visitor.see(address), address, {**given, "do": "check"})


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


def test_the_second_of_two_tabs_is_told_who_was_first_and_keeps_its_text(site: Site):
    province, huyen = site.api.province, site.visitor("huyen")
    code = assessed(province)
    address = step(code, "return_to_commune")
    page = huyen.see(address)
    given = {"1.requirement": "commune_files", "1.what": "Thiếu biên bản", "reason": "Chưa đủ", "do": "check"}
    province.record(code, "huyen", "district_receipt", {"receipt": {"on": "2024-04-20"}}, on="2024-04-20")

    stale = huyen.fill(page, address, given, 412)
    again = huyen.fill(stale, address, {"do": "check"})
    province.extend(code, "so", "2024-07-01", on="2024-04-20")
    late = huyen.fill(again, address, {"do": "take"}, 412)

    assert stale.title.startswith("Lỗi:")
    assert "Trong lúc ông/bà nhập, hồ sơ đã thay đổi: Ghi nhận: Huyện nhận đủ hồ sơ (huyen (minh họa)" in stale.text
    assert "09:00 20/04/2024" in stale.text
    for form in (stale, late):
        assert form.forms[-2].fields["1.what"] == ["Thiếu biên bản"]
    assert again.title.startswith("Kiểm tra lại")


def test_a_step_that_a_colleague_has_taken_meanwhile_is_not_taken_again(site: Site):
    province, xa = site.api.province, site.visitor("xa")
    code = ready(province)
    address = step(code, "self_assess")
    page = xa.see(address)
    province.advance(code, "xa", "self_assess", on="2024-04-20")

    stale = xa.fill(page, address, {"reason": "Đã họp dân", "do": "check"}, 412)
    refused = xa.fill(stale, address, {"do": "check"}, 409)

    assert "Nộp tự đánh giá (xa (minh họa), Ủy ban nhân dân xã Cẩm Hưng, 09:00 20/04/2024)" in stale.text
    assert "Không thể thực hiện “Nộp tự đánh giá” khi hồ sơ đang ở “Đã tự đánh giá”" in refused.text
    assert refused.forms[-2].fields["reason"] == ["Đã họp dân"]


def test_sent_twice_it_is_done_once(site: Site):
    province, xa = site.api.province, site.visitor("xa")
    code = ready(province)
    address = step(code, "self_assess")
    form = xa.see(address)
    check = xa.fill(form, address, {"do": "check"})

    first = xa.fill(check, address, {"do": "take"})
    written = entries(province, code)
    second = xa.fill(check, address, {"do": "take"})
    back = xa.fill(form, address, {"do": "check"})
    other = xa.fill(form, address, {"reason": "Viết lại", "do": "check"}, 422)

    assert told(second) == told(first) == told(back)
    assert entries(province, code) == written
    assert "đã được gửi một lần với nội dung khác" in other.text
    assert other.forms[-2].fields["key"] != form.forms[-2].fields["key"]


def test_whose_appointment_has_ended_meanwhile_is_told_so(site: Site):
    province, xa = site.api.province, site.visitor("xa")
    code = ready(province)
    address = step(code, "self_assess")
    form = xa.see(address)
    province.end("xa", "commune_officer", f"ubnd-xa-{CAM_HUNG}", on="2024-04-20", hour=8)

    answer = xa.send(address, {**form.forms[-2].fields, "do": "check"})

    assert answer.status_code == 403
    assert "Phân công của ông/bà cho việc này có hiệu lực" in Read(answer.text).text


def test_whose_session_ended_meanwhile_signs_in_and_finds_their_words(site: Site):
    province, huyen = site.api.province, site.visitor("huyen")
    code = assessed(province)
    address = step(code, "return_to_commune")
    form = huyen.see(address)
    given = {**form.forms[-2].fields, "1.what": "Thiếu biên bản", "reason": "Chưa đủ", "do": "check"}
    huyen.client.cookies.delete(COOKIE)

    lost = Read(huyen.send(address, given).text)

    assert "Nội dung ông/bà vừa nhập vẫn còn" in lost.text
    assert "1.what=Thi%E1%BA%BFu" in lost.forms[0].fields["kept"][0]
    anew = site.visitor("huyen")
    token = anew.see(address).forms[-2].fields["form_token"]
    shown = Read(anew.send(address, {**given, "form_token": token, "shown_again": "1"}).text)
    assert shown.forms[-2].fields["1.what"] == ["Thiếu biên bản"]
    assert shown.forms[-2].fields["reason"] == ["Chưa đủ"]


def test_a_role_that_may_not_sees_no_button_and_is_refused(site: Site):
    code, so = ready(site.api.province), site.visitor("so")
    address = step(code, "self_assess")

    assert address not in so.see(f"/ho-so/{code}").links
    assert "cán bộ xã" in so.see(address, 403).text
    token = so.see("/").forms[0].fields["form_token"]
    sent = {"form_token": token, "key": "k" * 12, "on-day": "20/04/2024"}
    assert so.send(address, {**sent, "do": "take"}).status_code == 403


def test_out_of_scope_there_is_nothing(site: Site):
    code, other = ready(site.api.province), site.visitor("xa2")
    address = step(code, "self_assess")

    other.see(address, 404)
    token = other.see("/").forms[0].fields["form_token"]
    for asked in ("take", "check", "add"):
        sent = {"form_token": token, "do": asked, "on-day": "20/04/2024"}
        assert other.send(address, sent).status_code == 404
    other.see(f"/ho-so/{code}/xong/1", 404)


def test_a_step_from_elsewhere_is_refused_in_words_and_one_of_nowhere_is_not_there(site: Site):
    code = registered(site.api.province)

    page = site.visitor("huyen").see(step(code, "review"), 409)
    site.visitor("xa").see(step(code, "fly"), 404)

    assert "Thẩm tra đạt" in page.text


def test_a_successor_that_is_not_there_is_told_at_its_field(site: Site):
    province, so = site.api.province, site.visitor("so")
    code = registered(province)
    address = step(code, "succeed")
    page = so.see(address)

    for typed in ("HD-2024-NC-0999", "xa khac"):
        refused = so.fill(page, address, {"successor": typed, "do": "check"}, 422)
        assert "#successor" in refused.links
        assert refused.forms[-2].fields["successor"] == [typed]
