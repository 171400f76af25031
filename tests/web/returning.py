"""People whose session ended while they were typing, and who sign in again."""

from dossier_engine.api.caller import COOKIE
from tests.api.browsers import Browsers, secret_in
from tests.config.doors import PASSWORD
from tests.web.site import Read, Site, Visitor


def leave(visitor: Visitor) -> None:
    """The session ends; what is open in another tab stays open."""
    visitor.fill(visitor.see("/"), "/dang-xuat", {})


def come_back(site: Site, visitor: Visitor, asked: Read, handle: str) -> Read:
    """Sign in on the page that asks for it, and look at what was typed before."""
    Browsers(site.api).has_account(handle)
    [door] = [form for form in asked.forms if form.action == "/dang-nhap"]
    answer = visitor.send(door.action, {**door.fields, "handle": handle, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    visitor.client.cookies.clear()
    visitor.client.cookies.set(COOKIE, secret_in(answer), domain="127.0.0.1")  # which httpx keeps for https alone
    kept = Read(answer.text)
    [form] = [form for form in kept.forms if "shown_again" in form.fields]
    return Read(visitor.send(form.action, form.fields).text)
