"""Steps that somebody else, or the same person, has taken meanwhile; and those who may not take them."""

from dossier_engine.api.caller import COOKIE
from tests.makers import CAM_HUNG
from tests.web.site import Read, Site
from tests.web.steps import assessed, entries, ready, registered, step, told


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
