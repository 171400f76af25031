import httpx
import pytest

from config import signing_in
from dossier_engine.api.caller import COOKIE
from dossier_engine.errors import NotADemonstration
from tests.api.test_cross_site import ELSEWHERE
from tests.web.returning import leave
from tests.web.site import Read, Site, Visitor
from tests.web.steps import entries


def test_whoever_is_not_signed_in_is_asked_to_and_then_sees_what_they_wanted(site: Site):
    page = site.visitor().see("/ho-so?q=cam+hung")

    assert page.title.startswith("Đăng nhập")
    assert page.forms[-2].fields["path"] == ["/ho-so?q=cam+hung"] or page.forms[0].fields["path"] == [
        "/ho-so?q=cam+hung"
    ]


def test_nobody_is_sent_away_from_here(site: Site):
    for path in ("//evil.example", "https://evil.example/", "/\\evil.example", "/a\nb"):
        page = site.visitor().see("/dang-nhap?" + str(httpx.QueryParams(tiep=path)))

        assert page.forms[0].fields["path"] == ["/"]


def test_the_list_holds_what_the_person_may_see(site: Site):
    code = site.api.province.register().dossier

    assert f"/ho-so/{code}" in site.visitor("xa").see("/ho-so").links
    assert f"/ho-so/{code}" in site.visitor("huyen").see("/ho-so").links
    assert f"/ho-so/{code}" not in site.visitor("xa2").see("/ho-so").links
    site.visitor("xa2").see(f"/ho-so/{code}", 404)


def test_a_language_is_chosen_and_kept(site: Site):
    visitor = site.visitor("xa")

    answer = visitor.send("/ngon-ngu", {"language": "en", "back": "/ho-so"})

    assert "dossier-language=en" in answer.history[0].headers["set-cookie"]
    assert answer.url.path == "/ho-so"


def test_whoever_signs_out_is_out(site: Site):
    visitor = site.visitor("xa")
    page = visitor.see("/")

    left = visitor.fill(page, "/dang-xuat", {})

    assert left.title.startswith("Đăng nhập")
    assert visitor.see("/").title.startswith("Đăng nhập")


@pytest.mark.parametrize("token", ["", "of-somebody-else"])
def test_a_form_that_is_none_of_ours_is_refused(site: Site, token: str):
    visitor = site.visitor("xa")

    answer = visitor.send("/dang-xuat", {"form_token": token})

    assert answer.status_code == 403
    assert visitor.see("/").title.startswith("Việc của tôi")


def test_where_work_is_real_nobody_comes_in_without_a_password(site: Site):
    visitor = site.visitor()

    answer = visitor.send("/dang-nhap/minh-hoa", {"handle": "xa"})

    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert visitor.see("/dang-nhap").forms[-1].action == "/ngon-ngu"
    assert not [form for form in visitor.see("/dang-nhap").forms if "minh-hoa" in form.action]
    with pytest.raises(NotADemonstration):
        signing_in.enter_demonstration(site.api.engine, "xa", signing_in.Visitor.of("127.0.0.1"))


def old_tab(site: Site, handle: str = "huyen") -> tuple[Visitor, str, dict[str, list[str]]]:
    """Somebody who signed in anew in another tab, and what the form of the first one sends: to where, and what."""
    code = site.api.province.register(on="2024-04-01").dossier
    visitor, address = site.visitor(handle), f"/ho-so/{code}/dong-ho"
    [form] = [form for form in visitor.see(address).forms if form.action == address]
    visitor.client.cookies.clear()
    visitor.client.cookies.set(COOKIE, site.secret("huyen"), domain="127.0.0.1")
    return visitor, address, {**form.fields, "reason": ["Chờ sắp xếp đơn vị"]}


def test_what_was_typed_before_signing_in_anew_in_another_tab_is_shown_again_and_done_when_it_is_sent_again(site: Site):
    visitor, address, sent = old_tab(site)
    code = address.split("/")[2]

    kept = visitor.send(address, sent)
    [form] = [form for form in Read(kept.text).forms if "shown_again" in form.fields]
    again = Read(visitor.send(form.action, form.fields).text)
    before = entries(site.api.province, code)
    done = visitor.fill(again, address, {})

    assert kept.status_code == 403
    assert "chưa có gì được ghi" in Read(kept.text).text
    assert next(form for form in again.forms if form.action == address).fields["reason"] == ["Chờ sắp xếp đơn vị"]
    assert before == 1
    assert entries(site.api.province, code) == 2
    assert "Tạm dừng tính hạn" in done.title


def test_what_somebody_else_typed_there_before_is_shown_to_nobody(site: Site):
    visitor, address, sent = old_tab(site, "so")

    answer = visitor.send(address, sent)

    assert answer.status_code == 403
    assert "Chờ sắp xếp" not in answer.text


@pytest.mark.asvs("V3.5.1")
@pytest.mark.parametrize("place", ELSEWHERE)
def test_what_another_site_sends_with_the_word_of_the_person_is_shown_to_nobody(site: Site, place: str):
    visitor, address, sent = old_tab(site)
    host = site.api.url.partition("//")[2]
    headers = {name: value.format(host=host) for name, value in ELSEWHERE[place].items()}

    answer = visitor.client.post(address, data=sent, headers=headers)
    assert answer.status_code == 403
    assert "Chờ sắp xếp" not in answer.text


def test_where_the_newer_session_has_ended_too_one_signs_in_and_the_text_is_still_there(site: Site):
    visitor, address, sent = old_tab(site)
    visitor.client.cookies.set(COOKIE, "of-a-session-that-ended", domain="127.0.0.1")

    asked = Read(visitor.send(address, sent).text)

    assert asked.title.startswith("Đăng nhập")
    [door] = [form for form in asked.forms if form.action == "/dang-nhap"]
    assert "reason=Ch" in door.fields["kept"][0]


def test_a_button_of_an_older_session_with_nothing_typed_is_refused(site: Site):
    visitor = site.visitor("huyen")
    page = visitor.see("/")
    visitor.client.cookies.set(COOKIE, site.secret("huyen"), domain="127.0.0.1")

    visitor.fill(page, "/dang-xuat", {}, 403)

    assert visitor.see("/").title.startswith("Việc của tôi")


def test_after_a_button_without_a_session_one_comes_to_ones_work_not_to_an_address_without_a_page(site: Site):
    visitor = site.visitor("xa")
    page = visitor.see("/")
    [button] = [form for form in page.forms if form.action == "/dang-xuat"]
    leave(visitor)

    asked = Read(visitor.send(button.action, button.fields).text)

    [door] = [form for form in asked.forms if form.action == "/dang-nhap"]
    assert (door.fields["path"], door.fields["kept"]) == (["/"], [""])
