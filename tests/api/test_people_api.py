"""People over HTTP: whom an administrator may know of, invite, appoint, and whose appointments end."""

import pytest

from dossier_engine.api.shapes import cursor
from tests.api.serving import fresh
from tests.config.doors import PASSWORD
from tests.makers import CAM_HUNG

IT = "bo-phan-cong-nghe-thong-tin"
COMMITTEE = f"ubnd-xa-{CAM_HUNG}"
OFFICER = {"role": "commune_officer", "office": COMMITTEE, "valid_from": "2024-04-01"}


def known(client) -> list[str]:
    """The handles of everybody in the list."""
    return [person["handle"] for person in client.get("/people?limit=200").json()["items"]]


def test_a_person_is_added_appointed_and_listed_with_what_they_are_appointed_to(api):
    quantri = api.client("quantri", **{"Accept-Language": "en"})

    added = quantri.post("/people", json={"handle": "moi", "name": "Nguyễn Văn Mới", "email": "moi@example.vn"})
    before = quantri.get(added.headers["Location"].removeprefix("/api/v1")).json()
    made = quantri.post("/people/moi/appointments", json=OFFICER)
    again = quantri.post("/people/moi/appointments", json=OFFICER)
    twice = quantri.post("/people", json={"handle": "moi", "name": "Người khác"})

    assert [a.status_code for a in (added, made, again, twice)] == [201, 201, 409, 409]
    assert (added.json(), before) == ({"handle": "moi", "email": "moi@example.vn"}, [])
    person = next(p for p in quantri.get("/people?limit=200").json()["items"] if p["handle"] == "moi")
    assert person["name"] == "Nguyễn Văn Mới"
    assert person["appointments"] == quantri.get("/people/moi/appointments").json()
    held = person["appointments"][0]
    assert (held["role"]["key"], held["office"]["key"], held["valid_from"]) == tuple(OFFICER.values())


def test_the_list_goes_on_page_by_page_with_whole_people(api):
    api.province.appoint("xa", "commune_officer", COMMITTEE, since="2023-01-01", until="2023-12-31")
    quantri = api.client("quantri")
    whole = known(quantri)

    pages, after = [], ""
    while after is not None:
        page = quantri.get(f"/people?limit=3{after and f'&cursor={after}'}").json()
        pages += [(p["handle"], len(p["appointments"])) for p in page["items"]]
        after = page["next_cursor"]

    assert [handle for handle, _ in pages] == whole == sorted(whole)
    assert dict(pages)["xa"] == 2


def test_only_administrators_see_people_without_an_office_and_only_they_and_auditors_see_people(api):
    api.client("quantri").post("/people", json={"handle": "moi", "name": "Mới"}).raise_for_status()

    assert set(known(api.client("quantri"))) - set(known(api.client("thanhtra"))) == {"moi"}
    assert api.client("thanhtra").get("/people/moi/appointments").status_code == 404
    for handle in ("xa", "huyen", "so", "vanthu"):
        answer = api.client(handle).get("/people")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.asvs("V8.2.1")
def test_nobody_but_an_administrator_changes_anything_about_people(api):
    requests = [
        ("POST", "/people", {"handle": "moi", "name": "Mới"}),
        ("PUT", "/people/xa2/address", {"email": "x@example.vn"}),
        ("POST", "/people/xa2/invitation", None),
        ("DELETE", "/people/xa2/sessions", None),
        ("POST", "/people/xa2/appointments", OFFICER),
        ("POST", "/people/xa2/appointments/end", {"role": "commune_officer", "office": COMMITTEE}),
        ("POST", "/people/nobody/invitation", None),
    ]

    for handle in ("xa", "huyen", "thanhtra"):
        answers = [api.client(handle).request(method, path, json=body) for method, path, body in requests]
        assert {a.status_code for a in answers} == {403}


def test_of_somebody_who_is_not_there_nothing_is_told_not_even_who_is_near(api):
    quantri = api.client("quantri")

    answers = [
        quantri.get("/people/xaa/appointments"),
        quantri.post("/people/xaa/invitation"),
        quantri.post("/people/%00/invitation"),
        quantri.put("/people/xaa/address", json={"email": None}),
        quantri.post("/people/xa/appointments", json={**OFFICER, "on_behalf_of": "xaa"}),
    ]

    assert {a.status_code for a in answers} == {404}
    assert all(a.json()["facts"]["suggestions"] == [] for a in answers)


def test_mails_go_to_the_address_that_was_put_or_nowhere(api):
    quantri = api.client("quantri")

    put = quantri.put("/people/xa/address", json={"email": "xa@example.vn"})
    removed = quantri.put("/people/xa/address", json={"email": None})
    wrong = quantri.put("/people/xa/address", json={"email": "xa@example.vn\nBcc: x@example.vn"})
    silent = quantri.put("/people/xa/address", json={})

    assert [a.json() for a in (put, removed)] == [{"handle": "xa", "email": e} for e in ("xa@example.vn", None)]
    assert [(a.status_code, a.json()["code"]) for a in (wrong, silent)] == [
        (422, "bad_input"), (422, "request_malformed"),
    ]  # fmt: skip


def test_an_invitation_lets_in_and_its_secret_is_shown_this_once(api):
    quantri = api.client("quantri")

    made = quantri.post("/people/xa/invitation")
    accepted = api.client().post("/invitations/accept", json={"secret": made.json()["secret"], "password": PASSWORD})
    entered = api.client().post("/session", json={"handle": "xa", "password": PASSWORD})
    ended = quantri.delete("/people/xa/sessions")
    cookie = entered.headers["Set-Cookie"].partition(";")[0]

    assert [a.status_code for a in (made, accepted, entered, ended)] == [201, 201, 201, 204]
    assert accepted.json() == {"handle": "xa", "totp_address": None}
    assert api.client(Cookie=cookie).get("/session").status_code == 401


def test_who_stands_in_is_appointed_by_handle_and_goes_with_whom_they_stand_in_for(api):
    quantri = api.client("quantri")
    delegation = {**OFFICER, "valid_to": "2024-12-31", "on_behalf_of": "xa"}

    made = quantri.post("/people/xa2/appointments", json=delegation)
    held = quantri.get("/people/xa2/appointments").json()
    ended = quantri.post("/people/xa/appointments/end", json={"role": "commune_officer", "office": COMMITTEE})
    again = quantri.post("/people/xa/appointments/end", json={"role": "commune_officer", "office": COMMITTEE})

    assert [a.status_code for a in (made, ended, again)] == [201, 200, 404]
    assert [a["on_behalf_of"] for a in held] == [None, "xa"]
    assert ended.json()["delegations"] == ["xa2"]
    for handle in ("xa", "xa2"):
        refused = api.client(handle).post("/dossiers", json={"subject": CAM_HUNG, "year": 2024}, headers=fresh())
        assert refused.status_code in {403, 404}


def test_the_last_administrator_stays(api):
    order = {"role": "administrator", "office": IT}

    answer = api.client("quantri").post("/people/quantri/appointments/end", json=order)

    assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    assert api.client("quantri").get("/people").status_code == 200


def test_coverage_tells_who_could_act_on_what_is_in_scope_page_by_page(api):
    codes = [api.province.register(handle, unit, on="2024-04-15").dossier for handle, unit in
             (("xa", CAM_HUNG), ("xa2", "10924"))]  # fmt: skip
    api.province.end("xa2", "commune_officer", "ubnd-xa-10924", on="2024-04-19")
    quantri = api.client("quantri")

    whole = quantri.get("/coverage").json()["items"]
    first = quantri.get("/coverage?limit=1").json()
    second = quantri.get(f"/coverage?limit=1&cursor={first['next_cursor']}").json()
    nobody = quantri.get("/coverage?nobody=true").json()["items"]
    own = api.client("xa").get("/coverage").json()["items"]

    assert first["items"] + second["items"] == whole
    assert second["next_cursor"] is None
    assert {one["code"]: one["is_covered"] for one in whole} == {codes[0]: True, codes[1]: False}
    assert [one["code"] for one in nobody] == [codes[1]]
    assert [one["code"] for one in own] == [codes[0]]
    assert "xa" in {handle for handles in own[0]["able"]["key"].values() for handle in handles}


def test_what_no_database_takes_is_refused_before_it_is_asked(api):
    quantri = api.client("quantri")

    answers = [
        quantri.get(f"/people?cursor={cursor([chr(0)])}"),
        quantri.get(f"/coverage?cursor={cursor(['', chr(0)])}"),
        quantri.post("/people/xa/appointments", json={**OFFICER, "office": "x\0"}),
        quantri.post("/people/xa/appointments/end", json={"role": "x\0", "office": COMMITTEE}),
        quantri.post("/people", json={"handle": "x\0", "name": "X"}),
        quantri.post("/people", json={"handle": "x", "name": "X\0"}),
        quantri.post("/tokens", json={"name": "x\0", "scopes": ["read"], "days": 1}),
    ]

    assert {a.status_code for a in answers} == {422}
