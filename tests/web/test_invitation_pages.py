"""Coming in by an invitation: once, with a password by the rules, and with a second factor where one is asked for."""

import re

import pyotp
import pytest

from config import signing_in
from tests.api.browsers import Browsers
from tests.config.doors import PASSWORD, QUICK
from tests.web.site import Read, Site


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing as slow as for real doors would take most of the time."""
    monkeypatch.setattr(signing_in.accept_invitation, "__kwdefaults__", {"hasher": QUICK})


def link(site: Site, handle: str) -> str:
    """The address that somebody was given."""
    return f"/moi?ma={Browsers(site.api).invitation(handle)}"


def test_an_invitation_works_once(site: Site):
    visitor, path = site.visitor(), link(site, "xa")
    page = visitor.see(path)

    done = visitor.fill(page, "/moi", {"password": PASSWORD})
    again = visitor.fill(page, "/moi", {"password": PASSWORD}, 422)

    assert "xa (minh họa)" in page.text
    assert done.title.startswith("Đã xong")
    assert "đã dùng" in again.text
    assert all("password" not in form.fields for form in again.forms)
    assert "đã dùng" in visitor.see(path, 410).text
    visitor.see("/moi", 410)


def test_a_password_that_breaks_a_rule_is_refused_in_words_and_the_invitation_still_works(site: Site):
    visitor = site.visitor()
    page = visitor.see(link(site, "xa"))

    refused = visitor.fill(page, "/moi", {"password": "mật khẩu"}, 422)
    done = visitor.fill(refused, "/moi", {"password": PASSWORD})

    assert refused.title.startswith("Lỗi: ")
    assert "12 ký tự" in refused.text
    assert done.title.startswith("Đã xong")


def test_whoever_needs_a_second_factor_sets_up_the_phone(site: Site):
    visitor = site.visitor()
    phone = visitor.fill(visitor.see(link(site, "so")), "/moi", {"password": PASSWORD})
    [totp] = next(form.fields["totp"] for form in phone.forms if "totp" in form.fields)

    wrong = visitor.fill(phone, "/moi/ma", {"code": "000000"}, 401)
    done = visitor.fill(wrong, "/moi/ma", {"code": pyotp.TOTP(totp).at(site.api.now)})

    assert any(address.startswith("otpauth://totp/") for address in phone.links)
    assert totp in phone.text.replace(" ", "")
    assert wrong.title.startswith("Lỗi: ")
    assert done.title.startswith("Đã xong")


def test_the_secret_is_in_no_later_address_and_not_in_the_log(site: Site, caplog):
    caplog.set_level("INFO", "dossier.api")
    visitor, path = site.visitor(), link(site, "xa")
    secret = path.removeprefix("/moi?ma=")

    page = visitor.see(path)
    answer = visitor.send("/moi", {"secret": secret, "password": PASSWORD})

    assert answer.url.path == "/moi"
    assert not answer.url.query
    assert secret not in answer.text
    assert secret not in page.text
    assert secret not in caplog.text + str([record.__dict__ for record in caplog.records])
    assert any(getattr(record, "facts", {}).get("route") == "/moi" for record in caplog.records)


def test_the_picture_is_drawn_on_the_page(site: Site):
    visitor = site.visitor()

    answer = visitor.send("/moi", {"secret": link(site, "so").removeprefix("/moi?ma="), "password": PASSWORD})

    assert re.search(r"<svg [^>]*>\s*<path ", answer.text)
    assert "style=" not in answer.text.split("<svg ")[1].split("</svg>")[0]
    assert Read(answer.text).title.startswith("Cài mã trên điện thoại")


def test_nobody_is_brought_in_from_another_site(site: Site):
    page = site.visitor().see(link(site, "xa"))
    fields = next(form.fields for form in page.forms if form.action == "/moi")

    answer = site.visitor().client.post(
        "/moi", data={**fields, "password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
