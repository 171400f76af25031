"""Sessions, passwords and tokens over HTTP: what lets somebody in, until when, and from which pages."""

import logging
from datetime import timedelta

import pytest

from dossier_engine.api.caller import COOKIE, form_token
from dossier_engine.rules.sessions import ABSOLUTE
from tests.api.browsers import OURS, secret_in
from tests.api.serving import fresh, later
from tests.config.doors import PASSWORD

WRONG = "con trâu gặm bốn cái ghế"
CHOSEN = "mưa dầm thấm lâu ngoài ruộng"
UNKNOWN = "nobody"


@pytest.mark.asvs("V3.3.1")
@pytest.mark.asvs("V3.3.2")
@pytest.mark.asvs("V3.3.4")
def test_the_cookie_goes_to_this_host_alone_over_https_and_no_script_reads_it(people):
    answer = people.sign_in("xa")

    value, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert value.startswith(f"{COOKIE}=")
    assert {a.lower() for a in attributes} == {
        "secure", "httponly", "samesite=lax", "path=/", f"max-age={int(ABSOLUTE.total_seconds())}",
    }  # fmt: skip
    assert answer.json()["form_token"] == form_token(secret_in(answer))
    assert secret_in(answer) not in answer.text


def test_whoever_is_signed_in_is_told_who_they_are(people):
    secret = people.secret("xa")

    told = people.with_cookie(secret, **{"Accept-Language": "en"}).get("/session").json()

    assert (told["handle"], told["scopes"], told["form_token"]) == ("xa", ["read", "write"], form_token(secret))
    assert [(a["role"]["key"], a["office"]["key"]) for a in told["appointments"]] == [
        ("commune_officer", "ubnd-xa-10894")
    ]
    assert people.api.client("xa").get("/session").json()["form_token"] is None


@pytest.mark.asvs("V7.2.3")
@pytest.mark.asvs("V7.2.4")
def test_every_sign_in_gives_another_secret_and_ends_the_session_that_was_there(people):
    first = people.secret("xa")

    answer = people.with_cookie(first).post("/session", json={"handle": "xa", "password": PASSWORD})
    planted = people.with_cookie("planted" * 6, **OURS).post("/session", json={"handle": "xa", "password": PASSWORD})

    secrets = {first, secret_in(answer), secret_in(planted)}
    assert (len(secrets), {len(one) for one in secrets}) == (3, {43})
    assert people.with_cookie(first).get("/session").status_code == 401
    assert people.with_cookie("planted" * 6).get("/session").status_code == 401
    assert people.with_cookie(secret_in(answer)).get("/session").status_code == 200


@pytest.mark.asvs("V7.4.1")
def test_a_stolen_cookie_is_worth_nothing_once_its_owner_has_signed_out(people):
    secret = people.secret("xa")
    thief = people.with_cookie(secret)
    assert thief.get("/dossiers").status_code == 200

    out = people.with_cookie(secret).delete("/session")

    assert (out.status_code, out.content) == (204, b"")
    assert "max-age=0" in out.headers["Set-Cookie"].lower()
    assert "secure" in out.headers["Set-Cookie"].lower()
    assert (thief.get("/dossiers").status_code, thief.delete("/session").status_code) == (401, 401)


@pytest.mark.asvs("V7.3.1")
def test_a_session_that_nobody_uses_for_half_an_hour_is_over(people):
    browser = people.browser("xa")

    later(people.api, minutes=29)
    used = browser.get("/session")
    later(people.api, minutes=29)
    again = browser.get("/session")
    later(people.api, minutes=30)

    assert (used.status_code, again.status_code, browser.get("/session").status_code) == (200, 200, 401)


@pytest.mark.asvs("V7.3.2")
def test_after_twelve_hours_a_session_is_over_however_much_it_is_used(people):
    browser = people.browser("xa")

    seen = []
    for _ in range(30):
        later(people.api, minutes=24)
        seen.append(browser.get("/session").status_code)

    assert seen == [200] * 29 + [401]
    assert timedelta(minutes=24) * 30 == ABSOLUTE


@pytest.mark.asvs("V6.3.3")
@pytest.mark.asvs("V6.5.1")
def test_a_role_that_needs_a_second_factor_comes_in_with_a_code_and_with_each_code_once(people):
    without = people.sign_in("so")
    code = people.code("so")
    first = people.sign_in("so", code=code)
    again = people.sign_in("so", code=code)

    assert (without.status_code, without.json()["code"]) == (401, "second_factor_needed")
    assert first.status_code == 201
    assert (again.status_code, again.json()["code"]) == (401, "sign_in_failed")
    assert "Set-Cookie" not in {*without.headers, *again.headers}


@pytest.mark.asvs("V8.3.2")
def test_an_appointment_that_ends_between_form_and_submit_is_over_at_the_next_request(people):
    people.api.province.appoint("tam", "commune_officer", "ubnd-xa-10894", on="2024-04-20")
    people.has_account("tam")
    browser = people.browser("tam")
    assert browser.get("/session").json()["appointments"]

    order = {"role": "commune_officer", "office": "ubnd-xa-10894"}
    people.api.client("quantri").post("/people/tam/appointments/end", json=order).raise_for_status()
    answer = browser.post("/dossiers", json={"subject": "10894", "year": 2024}, headers=fresh())

    assert answer.status_code in {403, 404}
    assert browser.get("/session").json()["appointments"] == []


@pytest.mark.asvs("V6.3.1")
def test_who_guesses_is_made_to_wait_and_told_for_how_long(people):
    people.has_account("mattran")

    answers = [people.sign_in("mattran", WRONG) for _ in range(12)]
    right = people.sign_in("mattran")

    assert (answers[0].status_code, answers[-1].status_code) == (401, 429)
    assert (right.status_code, right.json()["code"]) == (429, "too_many_attempts")
    assert int(right.headers["Retry-After"]) == right.json()["facts"]["retry_after"] > 0


@pytest.mark.asvs("V6.3.8")
def test_a_wrong_name_and_a_wrong_password_have_the_same_answer(people):
    answers = [people.sign_in(handle, WRONG).json() for handle in ("xa", UNKNOWN, "bcd")]

    told = [{**answer, "request_id": ""} for answer in answers]
    assert told == [told[0]] * 3
    assert told[0]["code"] == "sign_in_failed"


def test_everybody_sees_and_ends_their_own_sessions_and_nobody_else_s(people):
    here, there, other = people.browser("xa"), people.browser("xa"), people.browser("xa2")
    mine = next(s for s in there.get("/sessions").json() if s["is_this"])["session"]

    foreign = other.delete(f"/sessions/{mine}")
    own = here.delete(f"/sessions/{mine}")

    assert (foreign.status_code, own.status_code) == (404, 204)
    assert (there.get("/session").status_code, here.get("/session").status_code) == (401, 200)
    assert here.delete("/sessions/%00").status_code == 422


@pytest.mark.asvs("V6.2.3")
@pytest.mark.asvs("V7.4.3")
def test_a_changed_password_lets_in_from_then_on_and_ends_the_other_sessions(people):
    people.has_account("huyen2")
    here, there = people.browser("huyen2"), people.browser("huyen2")

    wrong = here.put("/password", json={"password": WRONG, "chosen": CHOSEN})
    short = here.put("/password", json={"password": PASSWORD, "chosen": "ngắn"})
    by_token = people.api.client("huyen2").put("/password", json={"password": PASSWORD, "chosen": CHOSEN})
    right = here.put("/password", json={"password": PASSWORD, "chosen": CHOSEN})

    assert [a.status_code for a in (wrong, short, by_token, right)] == [401, 422, 401, 204]
    assert (here.get("/session").status_code, there.get("/session").status_code) == (200, 401)
    assert people.sign_in("huyen2", PASSWORD).status_code == 401
    assert people.sign_in("huyen2", CHOSEN).status_code == 201


def test_who_was_invited_sets_a_password_and_shows_that_the_phone_works(people):
    secret = people.invitation("vanthu")
    door = people.api.client()

    weak = door.post("/invitations/accept", json={"secret": secret, "password": "vanthu"})
    made = door.post("/invitations/accept", json={"secret": secret, "password": PASSWORD})
    again = door.post("/invitations/accept", json={"secret": secret, "password": CHOSEN})
    people.phones["vanthu"] = made.json()["totp_address"].partition("secret=")[2].partition("&")[0]
    code = people.code("vanthu")
    wrong = door.post("/invitations/confirm", json={"secret": secret, "code": str(999999 - int(code)).zfill(6)})
    right = door.post("/invitations/confirm", json={"secret": secret, "code": code})
    later(people.api, minutes=1)

    assert [a.status_code for a in (weak, made, again, wrong, right)] == [422, 201, 422, 401, 204]
    assert made.json()["handle"] == "vanthu"
    assert people.sign_in("vanthu", code=people.code("vanthu")).status_code == 201


def test_a_token_is_shown_once_lets_in_until_it_is_revoked_and_belongs_to_its_owner(people):
    browser, other = people.browser("xa"), people.browser("xa2")

    made = browser.post("/tokens", json={"name": "báo cáo", "scopes": ["read"], "days": 30})
    program = people.api.client(Authorization=f"Bearer {made.json()['secret']}")
    before = program.get("/dossiers")
    foreign = other.delete(f"/tokens/{made.json()['token']}")
    listed = browser.get("/tokens")
    revoked = browser.delete(f"/tokens/{made.json()['token']}")

    assert [a.status_code for a in (made, before, foreign, revoked)] == [201, 200, 404, 204]
    assert made.json()["token"] in {t["token"] for t in listed.json()}
    assert made.json()["secret"] not in listed.text
    assert (program.get("/dossiers").status_code, browser.delete("/tokens/%00").status_code) == (401, 422)


def test_a_token_is_over_when_its_days_are(people):
    made = people.browser("xa").post("/tokens", json={"name": "x", "scopes": ["read"], "days": 1}).json()
    program = people.api.client(Authorization=f"Bearer {made['secret']}")

    later(people.api, hours=23)
    before = program.get("/dossiers").status_code
    later(people.api, hours=1)

    assert (before, program.get("/dossiers").status_code) == (200, 401)


def test_a_token_for_reading_changes_nothing_not_even_who_may_come_in(people):
    reader, writer = people.api.client("xa", "read"), people.api.client("xa")
    order = {"name": "x", "scopes": ["read", "write"], "days": 1}

    answers = [
        reader.post("/dossiers", json={"subject": "10894", "year": 2024}, headers=fresh()),
        reader.post("/tokens", json=order),
        reader.delete(f"/tokens/{writer.get('/tokens').json()[0]['token']}"),
    ]

    assert {(a.status_code, a.json()["code"]) for a in answers} == {(403, "not_in_scopes")}
    assert writer.post("/tokens", json=order).status_code == 201


def test_auditors_who_change_nothing_still_see_to_their_own_access(people):
    browser = people.browser("thanhtra")

    made = browser.post("/tokens", json={"name": "x", "scopes": ["audit"], "days": 1})

    assert (made.status_code, made.json()["scopes"]) == (201, ["audit"])
    assert browser.delete("/session").status_code == 204


@pytest.mark.asvs("V16.2.5")
def test_no_secret_is_in_any_line_of_the_log_or_any_problem(people, caplog):
    caplog.set_level(logging.DEBUG)
    secret, invitation, huge = people.secret("xa"), people.invitation("xa2"), "lộ" * 200
    browser, door = people.with_cookie(secret), people.api.client()

    problems = [
        door.post("/session", json={"handle": "xa", "password": WRONG}),
        door.post("/session", json={"handle": "xa", "password": huge}),
        door.post("/session", json={"handle": "xa", "password": [PASSWORD], "code": "x" * 21, "secret": secret}),
        door.post("/session", content=f'{{"handle": "xa", "password": "{PASSWORD}'),
        door.post("/invitations/accept", json={"secret": invitation, "password": "short-pass"}),
        door.post("/invitations/accept", json={"secret": invitation + "x", "password": PASSWORD}),
        browser.put("/password", json={"password": WRONG, "chosen": CHOSEN}),
        browser.put("/password", json={"password": PASSWORD, "chosen": "short-pass"}),
    ]
    made = browser.post("/tokens", json={"name": "x", "scopes": ["read"], "days": 1}).json()
    revealed = [a.json()["detail"] for a in problems if a.status_code < 400]

    logged = "\n".join(str(vars(record)) for record in caplog.records if record.name.startswith("dossier"))
    told = "\n".join(answer.text for answer in problems)
    assert revealed == []
    assert logged
    for hidden in (PASSWORD, WRONG, CHOSEN, "lộlộ", "short-pass", "x" * 21, secret, invitation, made["secret"]):
        assert hidden not in logged
        assert hidden not in told
