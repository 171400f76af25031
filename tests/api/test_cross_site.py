"""Other sites cannot act for somebody who is signed in here."""

import pytest
from sqlalchemy import func, select

from dossier_engine.api.caller import form_token
from dossier_engine.records.tables import TABLES
from tests.api.browsers import Browsers
from tests.api.serving import fresh
from tests.config.doors import PASSWORD

WRONG = "con trâu gặm bốn cái ghế"
CHOSEN = "mưa dầm thấm lâu ngoài ruộng"
UNKNOWN = "nobody"

# Where a page may stand that is none of ours, as browsers say it; the last is one that says nothing.
ELSEWHERE = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sister site": {"Sec-Fetch-Site": "same-site"},
    "another host": {"Origin": "http://evil.example"},
    "nowhere": {"Origin": "null"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "another scheme": {"Origin": "https://{host}"},
    "silent": {"Accept": "*/*"},
}
UNSAFE = [
    ("POST", "/session", {"handle": "xa", "password": PASSWORD}),
    ("DELETE", "/session", None),
    ("DELETE", "/sessions/{session}", None),
    ("PUT", "/password", {"password": PASSWORD, "chosen": CHOSEN}),
    ("POST", "/invitations/accept", {"secret": "x", "password": CHOSEN}),
    ("POST", "/invitations/confirm", {"secret": "x", "code": "123456"}),
    ("POST", "/tokens", {"name": "x", "scopes": ["read"], "days": 3}),
    ("DELETE", "/tokens/{token}", None),
    ("POST", "/dossiers", {"subject": "10894", "year": 2024}),
    ("POST", "/people", {"handle": "moi", "name": "Mới"}),
    ("PUT", "/people/xa/address", {"email": None}),
    ("DELETE", "/people/xa/sessions", None),
]


def counts(people: Browsers) -> dict[str, int]:
    """How much is written in every table."""
    with people.api.province.database.reading() as session:
        return {name: session.execute(select(func.count()).select_from(t)).scalar_one() for name, t in TABLES.items()}


@pytest.mark.asvs("V3.5.1")
@pytest.mark.parametrize("place", ELSEWHERE)
def test_what_another_site_s_page_makes_a_browser_ask_is_refused_and_writes_nothing(people, place):
    secret = people.secret("xa")
    session = people.with_cookie(secret).get("/sessions").json()[0]["session"]
    made = people.with_cookie(secret).post("/tokens", json={"name": "x", "scopes": ["read"], "days": 1}).json()
    host = people.api.url.partition("//")[2]
    browser = people.with_cookie(secret, **{k: v.format(host=host) for k, v in ELSEWHERE[place].items()})
    before = counts(people)

    answers = [
        browser.request(method, path.format(session=session, token=made["token"]), json=body, headers=fresh())
        for method, path, body in UNSAFE
    ]

    assert {(a.status_code, a.json()["code"]) for a in answers} == {(403, "cross_site")}
    assert counts(people) == before
    assert people.with_cookie(secret).get("/session").status_code == 200


def test_a_browser_that_names_no_page_must_know_the_word_of_its_session(people):
    secret, other = people.secret("xa"), people.secret("xa2")
    silent = people.with_cookie(secret, Accept="*/*")
    order = {"name": "x", "scopes": ["read"], "days": 1}

    told = silent.post("/tokens", json=order, headers={"X-CSRF-Token": form_token(secret)})
    wrong = silent.post("/tokens", json=order, headers={"X-CSRF-Token": form_token(other)})

    assert (told.status_code, wrong.status_code) == (201, 403)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"Cookie": "a=b"}]
)
def test_nobody_is_signed_in_by_somebody_else_s_page(people, headers):
    answer = people.sign_in("xa", **headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert "Set-Cookie" not in answer.headers
