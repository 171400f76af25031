"""Difficulties, escalations and incidents over HTTP: raised, answered and closed by whoever may."""

import pytest

from dossier_engine.records import reminders
from tests.api.serving import NOW, Served, seen

OPINION = {"reason": "Cho gia hạn", "number": "9/BCĐ", "date": "2024-04-20"}


@pytest.fixture
def code(api) -> str:
    """Cẩm Hưng's dossier."""
    return api.province.register(on="2024-04-15").dossier


def an_incident(api: Served) -> int:
    """Nobody is appointed at the committee of Cẩm Giàng."""
    found = reminders.incident("nobody_appointed", "district_reviewer 30/295/", "30/295/", {}, NOW, api.province.rng)
    with api.province.writing() as session:
        reminders.report(session.connection(), [found])
    return int(found["id"])


def test_a_difficulty_is_raised_listed_and_answered(api, code):
    raised = api.client("xa").post(f"/dossiers/{code}/difficulties", json={"reason": "Thiếu hướng dẫn"}, headers=seen())
    assert raised.status_code == 201, raised.text
    so = api.client("so")
    [waiting] = so.get("/escalations").json()

    url = f"/dossiers/{code}/escalations/{waiting['escalation']}/answer"
    answer = so.post(url, json={**OPINION, "until": "2024-12-20"}, headers=seen(raised.json()["version"]))

    assert (waiting["code"], waiting["cause"]["key"], waiting["addressee"]["key"]) == (code, "raised", "dard_appraiser")
    assert (answer.status_code, answer.json()["due_on"]) == (201, "2024-12-20"), answer.text
    assert so.get("/escalations").json() == []


def test_without_the_right_none_is_raised_or_answered_and_out_of_scope_there_is_none(api, code):
    seq = api.province.difficulty(code, "xa", on="2024-04-20").seq
    version = int(api.client("xa").get(f"/dossiers/{code}").json()["version"])
    difficulties, answer = f"/dossiers/{code}/difficulties", f"/dossiers/{code}/escalations/{seq}/answer"

    answers = {
        handle: [
            api.client(handle).post(difficulties, json={"reason": "x"}, headers=seen(version)),
            api.client(handle).post(answer, json=OPINION, headers=seen(version)),
        ]
        for handle in ("quantri", "xa2")
    }

    assert {h: [(a.status_code, a.json()["code"]) for a in found] for h, found in answers.items()} == {
        "quantri": [(403, "not_allowed")] * 2, "xa2": [(404, "not_found")] * 2,
    }  # fmt: skip
    assert api.client("xa2").get("/escalations").json() == []
    assert api.client("so").post(
        f"/dossiers/{code}/escalations/99/answer", json=OPINION, headers=seen(version)
    ).status_code == 404  # fmt: skip


def test_an_incident_is_closed_once_with_a_reason(api):
    key = an_incident(api)
    huyen = api.client("huyen")
    [listed] = huyen.get("/incidents").json()

    first, again = (huyen.post(f"/incidents/{key}/close", json={"reason": "Đã phân công"}) for _ in range(2))

    assert (listed["incident"], listed["kind"]["key"], listed["count"]) == (str(key), "nobody_appointed", 1)
    assert (first.status_code, first.json(), again.status_code) == (200, {"closed": str(key)}, 404)
    assert huyen.get("/incidents").json() == []
    assert [i["reason"] for i in huyen.get("/incidents?closed=true").json()] == ["Đã phân công"]


def test_an_incident_is_nothing_to_others_and_not_to_be_closed_by_an_auditor(api):
    key = an_incident(api)
    order = {"reason": "x"}

    elsewhere = api.client("huyen2").post(f"/incidents/{key}/close", json=order)
    looking_on = api.client("thanhtra").post(f"/incidents/{key}/close", json=order)

    assert (elsewhere.status_code, looking_on.status_code) == (404, 403)
    assert api.client("huyen2").get("/incidents").json() == []
    assert len(api.client("thanhtra").get("/incidents").json()) == 1


@pytest.mark.parametrize("key", [str(2**63), "-1", "x", "1e3"])
def test_what_is_no_number_of_an_incident_is_refused(api, key):
    answer = api.client("huyen").post(f"/incidents/{key}/close", json={"reason": "x"})

    assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed")
