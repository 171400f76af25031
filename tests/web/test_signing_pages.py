import httpx
import pytest

from config.signing_in import Visitor, enter_demonstration
from dossier_engine.errors import NotADemonstration
from tests.web.site import Site


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
        enter_demonstration(site.api.engine, "xa", Visitor.of("127.0.0.1"))
