"""Dossiers over HTTP: listed page by page, looked at, moved by whoever may, and never twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.serving import fresh
from tests.makers import LUONG_DIEN


@pytest.fixture
def code(api) -> str:
    """Cẩm Hưng's dossier."""
    return api.province.register(on="2024-04-15").dossier


def test_whoever_may_registers_and_reads_it_again(api):
    huyen = api.client("huyen")

    made = huyen.post("/dossiers", json={"subject": "Cẩm Hưng", "year": 2024}, headers=fresh())

    assert made.status_code == 201, made.text
    found = huyen.get(made.headers["Location"].removeprefix("/api/v1"))
    assert (found.json()["locality"]["label"], found.headers["ETag"]) == ("Xã Cẩm Hưng", '"1"')


def test_a_repeated_request_gives_the_first_answer_again(api):
    headers, order = fresh(), {"subject": "10894", "year": 2024}
    huyen = api.client("huyen")

    first = huyen.post("/dossiers", json=order, headers=headers)
    again = huyen.post("/dossiers", json=order, headers=headers)
    other = huyen.post("/dossiers", json={**order, "subject": LUONG_DIEN}, headers=headers)

    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json() == {**first.json(), "replayed": True}
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_one_key_used_by_six_at_once_has_one_effect(api):
    headers, order = fresh(), {"subject": "10894", "year": 2024}
    clients = [api.client("huyen") for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda c: c.post("/dossiers", json=order, headers=headers), clients))

    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["leaf"]["key"] for a in answers}) == 1
    assert api.client("huyen").get("/dossiers?count=true").json()["total"] == 1


def test_of_two_who_looked_at_the_same_version_one_is_told_what_changed(api, code):
    xa = api.client("xa")
    tag = xa.get(f"/dossiers/{code}").headers["ETag"]
    order = {"clock": "paused", "reason": "Chờ ý kiến"}

    first = api.client("huyen").post(f"/dossiers/{code}/clock", json=order, headers=fresh(**{"If-Match": tag}))
    second = xa.post(
        f"/dossiers/{code}/transitions", json={"transition": "withdraw", "reason": "x"},
        headers=fresh(**{"If-Match": tag}),
    )  # fmt: skip

    assert first.status_code == 201, first.text
    assert (second.status_code, second.json()["code"]) == (412, "stale_version")
    assert second.json()["facts"]["current"] == 2


@pytest.mark.parametrize(
    ("tag", "status", "code_"),
    [(None, 428, "version_missing"), ("*", 422, "request_malformed"), ("1", 422, "request_malformed"),
     ('W/"1"', 422, "request_malformed"), ('"99"', 412, "stale_version"), ('"1", "2"', 422, "request_malformed")],
)  # fmt: skip
def test_a_change_names_exactly_one_version(api, code, tag, status, code_):
    headers = fresh(**({"If-Match": tag} if tag else {}))

    answer = api.client("xa").post(
        f"/dossiers/{code}/transitions", json={"transition": "withdraw", "reason": "x"}, headers=headers
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code_)


def test_what_is_unmet_is_listed_in_the_language_asked_for(api, code):
    order = {"transition": "self_assess"}
    headers = fresh(**{"If-Match": '"1"', "Accept-Language": "en"})

    answer = api.client("xa").post(f"/dossiers/{code}/transitions", json=order, headers=headers)

    assert (answer.status_code, answer.headers["Content-Language"]) == (422, "en")
    told = answer.json()
    assert told["code"] == "requirements_unmet"
    assert {lack["key"] for lack in told["unmet"]} > {"commune_criteria", "commune_vote"}
    assert "Submit the self-assessment" in told["detail"]


def test_pages_follow_each_other_in_every_order(api):
    for unit in ("10894", LUONG_DIEN, "10897", "10900", "10903"):
        api.client("huyen").post("/dossiers", json={"subject": unit, "year": 2024}, headers=fresh()).raise_for_status()
    so = api.client("so")

    for order in ("code", "-code", "name", "-name", "due_on", "-due_on", "updated_at", "-updated_at"):
        whole = [item["code"] for item in so.get(f"/dossiers?sort={order}").json()["items"]]
        pages, cursor = [], ""
        while cursor is not None:
            page = so.get(f"/dossiers?sort={order}&limit=2{cursor and f'&cursor={cursor}'}").json()
            pages += [item["code"] for item in page["items"]]
            cursor = page.get("next_cursor")
        assert pages == whole
        assert len(set(whole)) == 5


def test_what_was_not_changed_is_not_sent_again(api, code):
    xa = api.client("xa")
    tag = xa.get(f"/dossiers/{code}").headers["ETag"]

    again = xa.get(f"/dossiers/{code}", headers={"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


@pytest.mark.asvs("V8.2.2")
def test_outside_the_scope_there_is_nothing(api, code):
    other = api.client("xa2")

    answers = [other.get(f"/dossiers/{code}{part}") for part in ("", "/transitions", "/history", "/history/1")]

    assert {(a.status_code, a.json()["code"]) for a in answers} == {(404, "not_found")}
    assert other.get("/dossiers?count=true").json()["total"] == 0


@pytest.mark.parametrize("query", ["stat=registered", "limit=0", "limit=201", "cursor=e30", "cursor=%00", "sort=state",
                                   "year=x", "due_after=gestern", "state=nowhere"])  # fmt: skip
def test_a_filter_that_means_nothing_is_refused(api, query):
    answer = api.client("so").get(f"/dossiers?{query}")

    assert answer.status_code in {404, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_history_tells_every_entry_and_each_by_itself(api, code):
    xa = api.client("xa")

    entries = xa.get(f"/dossiers/{code}/history").json()

    assert [e["act"]["key"] for e in entries] == ["registered"]
    assert xa.get(f"/dossiers/{code}/history/1").json() == entries[0]
    assert xa.get(f"/dossiers/{code}/history/2").status_code == 404


@pytest.mark.asvs("V1.2.4")
@pytest.mark.parametrize(
    "typed", ["' OR 1=1 --", "%", "_", "\\", "x' UNION SELECT 1", "\u202e", "Cẩm' Hưng", "()", "a" * 300]
)
def test_what_is_searched_for_is_a_value_and_nothing_more(api, code, typed):
    found = api.client("so").get("/dossiers", params={"q": typed, "count": "true"})

    assert code
    assert (found.status_code, found.json()["items"], found.json()["total"]) == (200, [], 0)
