"""Recording over HTTP: what a state asks for, items of a requirement, the results of criteria."""

import json

import pytest

from tests.api.serving import seen

VOTE = {"requirement": "commune_vote", "items": {"vote": {"agree": 20, "present": 20, "members": 21}}}


@pytest.fixture
def code(api) -> str:
    """Cẩm Hưng's dossier."""
    return api.province.register(on="2024-04-15").dossier


def test_what_is_recorded_stands_with_its_entry_and_is_lacking_no_more(api, code):
    xa = api.client("xa", **{"Accept-Language": "en"})
    before = {r["key"]: r for r in xa.get(f"/dossiers/{code}/requirements").json()}

    answer = xa.post(f"/dossiers/{code}/records", json=VOTE, headers=seen())

    assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"'), answer.text
    after = {r["key"]: r for r in xa.get(f"/dossiers/{code}/requirements").json()}
    assert (before["commune_vote"]["items"], before["commune_vote"]["lacking"]["key"]) == ({}, "vote_missing")
    assert after["commune_vote"]["items"] == {"vote": {"value": VOTE["items"]["vote"], "seq": 2}}
    assert (after["commune_vote"]["lacking"]["key"], after["commune_vote"]["by"]["key"]) == (None, ["commune_officer"])
    assert after["commune_criteria"]["status"]["key"] == "verified"


def test_what_is_looked_up_is_recorded_by_nobody(api):
    api.province.appoint("lap-ho-so", "district_officer", "ubnd-huyen-295")
    api.province.recognised("ntm", ("295", "Huyện Cẩm Giàng"))
    code = api.province.register("lap-ho-so", "295", workflow="district-advanced", on="2024-03-01").dossier
    api.province.bring(code, "self_assess", on="2024-03-05", since="2024-03-01", skip=("district_posting",))
    shown = {"period": {"from": "2024-03-05", "to": "2024-04-10"}}
    api.province.record(code, "lap-ho-so", "district_posting", shown, on="2024-04-18")
    api.province.advance(code, "lap-ho-so", "self_assess", on="2024-04-19")

    asked = api.client("huyen").get(f"/dossiers/{code}/requirements").json()

    [looked_up] = [r for r in asked if r["by"]["key"] == []]
    assert (looked_up["key"], looked_up["lacking"]["key"]) == ("advanced_communes", "too_few_communes")


def test_a_repeated_record_gives_the_first_answer_again(api, code):
    headers, xa = seen(), api.client("xa")

    first, again = (xa.post(f"/dossiers/{code}/records", json=VOTE, headers=headers) for _ in range(2))

    assert again.json() == {**first.json(), "replayed": True}


def test_criteria_show_what_was_last_recorded_for_them(api, code):
    xa = api.client("xa")
    url = f"/dossiers/{code}/criteria"
    assert {c["result"]["key"] for c in xa.get(url).json()} == {None}

    first = xa.put(f"{url}/7", json={"result": "not_met"}, headers=seen())
    second = xa.put(f"{url}/7", json={"result": "met"}, headers=seen(2))

    assert (first.status_code, second.status_code) == (200, 200), first.text
    [seventh] = [c for c in xa.get(url).json() if c["result"]["key"]]
    assert (seventh["number"], seventh["result"]["key"], seventh["seq"]) == ("7", "met", 3)
    assert seventh["requirement"] == "commune_criteria"


def test_a_state_that_asks_for_no_criteria_shows_the_last_results_and_takes_none(api, code):
    api.client("xa").put(f"/dossiers/{code}/criteria/7", json={"result": "met"}, headers=seen()).raise_for_status()
    api.province.advance(code, "xa", "withdraw", on="2024-04-20")
    xa = api.client("xa")

    answer = xa.put(f"/dossiers/{code}/criteria/7", json={"result": "met"}, headers=seen(3))

    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]["why"]) == (
        422, "bad_input", "no_requirement",
    )  # fmt: skip
    assert [c["seq"] for c in xa.get(f"/dossiers/{code}/criteria").json() if c["seq"]] == [2]


@pytest.mark.parametrize(
    ("order", "status"),
    [({**VOTE, "items": {}}, 422), ({**VOTE, "items": {"vote": {}}}, 422), ({**VOTE, "requirement": "nothing"}, 409),
     ({**VOTE, "items": {"vote": {"agree": True, "present": 20}}}, 422), ({**VOTE, "more": 1}, 422),
     ({**VOTE, "items": {"vote": {"agree": 2**53, "present": 20}}}, 422),
     ({**VOTE, "items": {"vote": {"agree": 21, "present": 20}}}, 422),
     ({**VOTE, "items": {"vote": {"agree": "\ud800", "present": 20}}}, 422)],
)  # fmt: skip
def test_what_could_never_count_is_refused(api, code, order, status):
    answer = api.client("xa").post(
        f"/dossiers/{code}/records",
        content=json.dumps(order),
        headers={**seen(), "Content-Type": "application/json"},
    )

    assert answer.status_code == status, answer.text


def test_without_the_right_nothing_is_recorded_and_out_of_scope_there_is_nothing(api, code):
    records, criterion = f"/dossiers/{code}/records", f"/dossiers/{code}/criteria/7"
    asked = {
        handle: (
            api.client(handle).post(records, json=VOTE, headers=seen()),
            api.client(handle).put(criterion, json={"result": "met"}, headers=seen()),
        )
        for handle in ("huyen", "quantri", "xa2")
    }

    assert {h: [(a.status_code, a.json()["code"]) for a in answers] for h, answers in asked.items()} == {
        "huyen": [(403, "not_allowed")] * 2, "quantri": [(403, "not_allowed")] * 2, "xa2": [(404, "not_found")] * 2,
    }  # fmt: skip
    assert {api.client("xa2").get(f"/dossiers/{code}/{p}").status_code for p in ("requirements", "criteria")} == {404}
    assert api.client("huyen").get(f"/dossiers/{code}").headers["ETag"] == '"1"'


def test_a_criterion_that_the_definition_has_not_is_not_found(api, code):
    answer = api.client("xa").put(f"/dossiers/{code}/criteria/99", json={"result": "met"}, headers=seen())

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
