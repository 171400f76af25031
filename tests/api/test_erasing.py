"""What is erased over HTTP is gone, by whom the law lets, and history still verifies."""

import pytest

from dossier_engine.queries.audit import verify
from tests.api.serving import fresh
from tests.makers import adopted_plan

GROUND = {"basis": "Nghị định 13/2023/NĐ-CP, Điều 16"}


@pytest.fixture
def code(api) -> str:
    """Cẩm Hưng's dossier, stopped for a reason in words."""
    made = api.client("huyen").post("/dossiers", json={"subject": "10894", "year": 2024}, headers=fresh()).json()
    order = {"clock": "paused", "reason": "Ông A đang ốm"}
    headers = fresh(**{"If-Match": '"1"'})
    api.client("huyen").post(f"/dossiers/{made['dossier']}/clock", json=order, headers=headers).raise_for_status()
    return str(made["dossier"])


def sound(api) -> bool:
    with api.province.database.reading() as session:
        return verify(session, api.province.law).findings == ()


def test_words_beside_an_entry_are_erased_by_an_administrator_with_a_ground(api, code):
    way = f"/dossiers/{code}/history/2/erasure"

    gone = api.client("quantri").post(way, json={**GROUND, "value": "reason"})

    assert (gone.status_code, gone.json()) == (200, [{"stream": f"dossier/{code}", "seq": 2, "erased": "reason"}])
    assert "Ông A" not in api.client("huyen").get(f"/dossiers/{code}/history").text
    assert api.client("quantri").post(way, json=GROUND).status_code == 404
    assert sound(api)


@pytest.mark.parametrize(("handle", "status"), [("huyen", 403), ("xa2", 403), ("thanhtra", 403)])
def test_nobody_else_erases(api, code, handle, status):
    words = api.client(handle).post(f"/dossiers/{code}/history/2/erasure", json=GROUND)
    person = api.client(handle).post("/people/xa/erasure", json=GROUND)

    assert (words.status_code, person.status_code) == (status, status)
    assert "Ông A" in api.client("huyen").get(f"/dossiers/{code}/history").text


def test_an_erased_person_is_nobody_and_their_token_lets_nobody_in(api):
    xa, quantri = api.client("xa"), api.client("quantri")
    xa.get("/session").raise_for_status()

    gone = quantri.post("/people/xa/erasure", json=GROUND)

    assert {"handle", "name"} <= {value["erased"] for value in gone.json()}
    assert xa.get("/session").status_code == 401
    assert quantri.post("/people/xa/erasure", json=GROUND).status_code == 404
    assert sound(api)


def test_a_ground_is_needed(api, code):
    answers = [api.client("quantri").post(f"/dossiers/{code}/history/2/erasure", json=b) for b in ({}, {"basis": " "})]

    assert {a.status_code for a in answers} == {422}


def test_what_a_plan_asks_of_offices_is_opened_once(api):
    adopted_plan(api.province)
    way = "/plans/2024/obligations"

    first, again = (api.client("so").post(way, json={"reason": "Triển khai kế hoạch"}) for _ in range(2))

    assert (first.status_code, len(first.json()["opened"]), first.json()["known"]) == (201, 16, 0)
    assert (again.json()["opened"], again.json()["known"]) == ([], 16)
    assert api.client("so").post("/plans/2019/obligations", json={}).status_code == 404
