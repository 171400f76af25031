"""Reminders over HTTP: what will be said, what became of it, and what somebody was told."""

import pytest

from tests.api.serving import Served, later


@pytest.fixture
def told(api) -> Served:
    """Cẩm Hưng's dossier, of which the commune was told twice."""
    code = api.province.register(on="2024-04-15").dossier
    api.province.difficulty(code, "xa", on="2024-04-18")
    api.province.answer(code, "so", on="2024-04-19")
    api.province.difficulty(code, "xa", on="2024-04-19")
    api.province.answer(code, "so", on="2024-04-20")
    return api


def test_a_preview_tells_what_a_sweep_would_say_to_whom(told):
    rungs = told.client("xa").get("/reminders/preview?at=2024-12-03T01:00:00Z").json()["rungs"]

    spoken = [r for r in rungs if r["outcome"]["key"] in ("sent", "late")]
    assert {tuple(r["people"]) for r in spoken if r["addressee"]["key"] == "holder"} == {("xa",)}
    assert told.client("xa").get("/reminders/preview").json()["rungs"] == []
    assert told.client("xa2").get("/reminders/preview?at=2024-12-03T01:00:00Z").json()["rungs"] == []


@pytest.mark.parametrize(
    "at", ["2024-12-03", "2024-12-03T01:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "x"]
)
def test_an_instant_has_a_zone_and_lies_within_the_calendar(api, at):
    answer = api.client("xa").get(f"/reminders/preview?at={at}")

    assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed")


def test_a_day_is_accounted_for_within_the_scope(told):
    accounts = {h: told.client(h).get("/reminders/accounting?day=2024-04-19&every=true").json() for h in ("so", "xa2")}

    assert accounts["so"]["sent"] == len(accounts["so"]["rungs"]) == 2
    assert accounts["so"]["unexplained"] == 0
    assert accounts["xa2"]["rungs"] == []
    assert told.client("so").get("/reminders/accounting").json()["day"] == "2024-04-20"


def test_somebody_lists_what_they_were_told_page_by_page(told):
    xa = told.client("xa")

    whole = xa.get("/notices").json()["items"]
    pages, cursor = [], ""
    while cursor is not None:
        page = xa.get(f"/notices?limit=1{cursor and f'&cursor={cursor}'}").json()
        pages += page["items"]
        cursor = page["next_cursor"]

    assert [(n["rung"]["key"], n["read_at"]) for n in whole] == [("answered", None)] * 2
    assert whole[0]["at"] > whole[1]["at"]
    assert pages == whole
    assert told.client("xa2").get("/notices").json()["items"] == []


def test_a_notice_keeps_the_time_of_its_first_reading(told):
    xa = told.client("xa")
    key = xa.get("/notices").json()["items"][0]["notice"]

    first = xa.post(f"/notices/{key}/read")
    later(told, hours=1)
    again = xa.post(f"/notices/{key}/read")

    assert (first.status_code, first.json()) == (200, {"notice": key, "read_at": "2024-04-20T02:00:00Z"})
    assert again.json() == first.json()
    assert [n["read_at"] is None for n in xa.get("/notices").json()["items"]] == [False, True]


def test_the_notice_of_somebody_else_is_not_there(told):
    key = told.client("xa").get("/notices").json()["items"][0]["notice"]

    answer = told.client("huyen2").post(f"/notices/{key}/read")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert told.client("xa").get("/notices").json()["items"][0]["read_at"] is None


@pytest.mark.parametrize("cursor", ["e30", "WyJ4IiwiMSJd", "WyIyMDI0LTA0LTIwVDAwOjAwOjAwWiIsICJ4Il0"])
def test_a_place_that_no_list_gave_is_refused(api, cursor):
    answer = api.client("xa").get(f"/notices?cursor={cursor}")

    assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed")


def test_a_token_that_only_reads_marks_nothing_as_read(told):
    key = told.client("xa").get("/notices").json()["items"][0]["notice"]

    answer = told.client("xa", "read").post(f"/notices/{key}/read")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_in_scopes")
