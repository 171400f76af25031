"""One's own account: what it shows, the password, the sessions there are, and tokens for programs."""

import pytest

from config import signing_in
from tests.api.browsers import Browsers
from tests.config.doors import PASSWORD, QUICK
from tests.web.site import Site

CHOSEN = "bốn cây cầu qua sông Thái Bình"


def has_account(site: Site, monkeypatch: pytest.MonkeyPatch, handle: str) -> None:
    """Somebody has the usual password; hashing is quick from now on."""
    monkeypatch.setattr(signing_in.change_password, "__kwdefaults__", {"hasher": QUICK})
    Browsers(site.api).has_account(handle)


def test_it_shows_who_one_is_and_what_one_is_appointed_to(site: Site):
    page = site.visitor("xa").see("/tai-khoan")

    assert page.title.startswith("Tài khoản của tôi")
    assert "cán bộ xã" in page.text
    assert "Phiên này" in page.text
    assert "/tai-khoan" in site.visitor("xa").see("/").links


def test_a_password_that_breaks_a_rule_is_refused_in_words_and_is_never_shown_again(site: Site, monkeypatch):
    has_account(site, monkeypatch, "xa")
    visitor = site.visitor("xa")
    page = visitor.see("/tai-khoan/mat-khau")

    short = visitor.fill(page, "/mat-khau", {"former_password": PASSWORD, "password": "ngắn quá"}, 422)
    wrong = visitor.fill(page, "/mat-khau", {"former_password": "không phải", "password": CHOSEN}, 401)

    assert short.title.startswith("Lỗi: ")
    assert "12 ký tự" in short.text
    assert "#password" in short.links
    assert "#former_password" in wrong.links
    assert short.forms[-2].fields.get("password") in (None, [""])


def test_a_changed_password_ends_the_other_sessions(site: Site, monkeypatch):
    has_account(site, monkeypatch, "xa")
    here, elsewhere = site.visitor("xa"), site.visitor("xa")

    done = here.fill(here.see("/tai-khoan/mat-khau"), "/mat-khau", {"former_password": PASSWORD, "password": CHOSEN})

    assert done.title.startswith("Đã đổi mật khẩu")
    assert here.see("/").title.startswith("Việc của tôi")
    assert elsewhere.see("/").title.startswith("Đăng nhập")


def test_another_session_of_ones_own_is_ended_and_nobody_elses(site: Site):
    elsewhere, stranger = site.visitor("xa"), site.visitor("xa2")
    site.api.now = site.api.now.replace(minute=site.api.now.minute + 1)
    here = site.visitor("xa")
    page = here.see("/tai-khoan")
    theirs = [f for f in stranger.see("/tai-khoan").forms if "session" in f.fields]

    here.fill(page, "/tai-khoan/phien/ket-thuc", {})

    assert elsewhere.see("/").title.startswith("Đăng nhập")
    assert theirs == []
    token = page.forms[0].fields["form_token"]
    assert here.send("/tai-khoan/phien/ket-thuc", {"form_token": token, "session": "a" * 16}).status_code == 404


def test_a_token_is_shown_once_works_and_is_revoked(site: Site):
    visitor = site.visitor("xa")
    form = visitor.see("/tai-khoan/khoa")

    wrong = visitor.fill(form, "/tai-khoan/khoa", {"name": "báo cáo tuần", "days": "365", "scopes": "read"}, 422)
    made = visitor.fill(form, "/tai-khoan/khoa", {"name": "báo cáo tuần", "days": "30", "scopes": "read"})
    [text] = [word for word in made.text.split() if word.startswith("dsr_")]
    asked = site.api.client(Authorization=f"Bearer {text}")
    before = asked.get("/session").status_code
    page = visitor.see("/tai-khoan")
    visitor.fill(page, "/khoa/thu-hoi", {})

    assert wrong.title.startswith("Lỗi: ")
    assert [f.fields["name"] for f in wrong.forms if "name" in f.fields] == [["báo cáo tuần"]]
    assert "báo cáo tuần" in page.text
    assert "dsr_" not in page.text
    assert (before, asked.get("/session").status_code) == (200, 401)


def test_auditors_write_nothing_yet_look_after_their_own_account(site: Site):
    visitor = site.visitor("thanhtra")

    form = visitor.see("/tai-khoan/khoa")
    made = visitor.fill(form, "/tai-khoan/khoa", {"name": "sao lưu", "days": "5", "scopes": "audit"})
    refused = visitor.fill(form, "/tai-khoan/khoa", {"name": "ghi", "days": "5", "scopes": "write"}, 422)

    assert "dsr_" in made.text
    assert "thanh tra viên chỉ xem" in refused.text


def test_a_password_is_not_kept_for_whoever_signs_in_next(site: Site):
    """Other text is: a session that ended must cost nobody what they wrote."""
    address = "/tai-khoan/mat-khau"
    sent = {"former_password": "con trau gam ba cai ghe", "password": "thuyen giay noi lenh denh", "reason": "ghi chu"}

    page = site.visitor().send(address, sent)

    assert page.status_code == 401
    assert "ghi+chu" in page.text
    assert "trau" not in page.text
    assert "thuyen" not in page.text
