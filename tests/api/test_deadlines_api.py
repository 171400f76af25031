"""Deadlines over HTTP: listed page by page, explained day by day, extended by whoever may."""

import pytest

from tests.api.serving import seen
from tests.makers import LUONG_DIEN

LATER = {"until": "2024-12-20", "number": "12/UBND-NN", "date": "2024-04-19", "reason": "Mưa bão"}


@pytest.fixture
def code(api) -> str:
    """Cẩm Hưng's dossier."""
    return api.province.register(on="2024-04-15").dossier


def test_what_is_due_is_listed_page_by_page_within_the_scope(api, code):
    other = api.province.register("xa2", LUONG_DIEN, on="2024-04-15").dossier
    huyen = api.client("huyen")

    whole = huyen.get("/deadlines?days=730").json()["items"]
    pages, cursor = [], ""
    while cursor is not None:
        page = huyen.get(f"/deadlines?days=730&limit=1{cursor and f'&cursor={cursor}'}").json()
        pages += page["items"]
        cursor = page["next_cursor"]

    assert {d["code"] for d in whole} == {code, other}
    assert pages == whole
    assert {d["code"] for d in api.client("xa").get("/deadlines?days=730").json()["items"]} == {code}
    assert api.client("huyen2").get("/deadlines?days=730").json()["items"] == []
    assert huyen.get("/deadlines?days=0").json()["items"] == []


@pytest.mark.parametrize("query", ["days=731", "limit=0", "cursor=e30", "cursor=WyJ4IiwgIngiLCAieCJd", "day=3"])
def test_a_question_that_means_nothing_is_refused(api, query):
    answer = api.client("huyen").get(f"/deadlines?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed")


def test_a_deadline_explains_how_its_date_came_about(api, code):
    [due] = api.client("xa").get(f"/dossiers/{code}/deadlines").json()

    found = api.client("xa", **{"Accept-Language": "en"}).get(f"/dossiers/{code}/deadlines/{due['key']}").json()

    assert (found["due_on"], found["status"]["key"]) == (due["due_on"], due["status"]["key"])
    assert (found["explain"][-1]["day"], found["explain"][-1]["why"]["label"]) == (
        due["due_on"],
        "last day before the date",
    )


def test_a_later_date_is_given_by_whoever_may_at_the_version_seen(api, code):
    huyen = api.client("huyen")
    url = f"/dossiers/{code}/deadlines/registered"

    first = huyen.post(f"{url}/extension", json=LATER, headers=seen())
    again = huyen.post(f"{url}/extension", json={**LATER, "until": "2024-12-27"}, headers=seen())

    assert (first.status_code, first.json()["due_on"]) == (201, "2024-12-20"), first.text
    assert (again.status_code, again.json()["code"]) == (412, "stale_version")
    assert huyen.get(url).json()["extended_until"] == "2024-12-20"


def test_without_the_right_no_date_moves_and_out_of_scope_there_is_nothing(api, code):
    url = f"/dossiers/{code}/deadlines/registered"

    answers = {h: api.client(h).post(f"{url}/extension", json=LATER, headers=seen()) for h in ("quantri", "xa2")}

    assert {h: (a.status_code, a.json()["code"]) for h, a in answers.items()} == {
        "quantri": (403, "not_allowed"), "xa2": (404, "not_found"),
    }  # fmt: skip
    assert {api.client("xa2").get(u).status_code for u in (url, f"/dossiers/{code}/deadlines")} == {404}


def test_a_deadline_that_the_stage_has_not_is_not_found(api, code):
    answer = api.client("xa").get(f"/dossiers/{code}/deadlines/nothing")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_deadline")
