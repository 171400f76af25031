"""The clock stopped and running again: who may, on what condition, and how far every open deadline moves."""

from datetime import date

import pytest

from dossier_engine.errors import BadInput, CalendarMissing, NotAllowed, NotPaused, NotPossible, Paused
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE
from tests.commands.looking import deadlines, due, last, refused, row, rows


def received(province, on: str) -> None:
    province.record(CODE, "huyen", "district_receipt", {"receipt": {"on": on}}, on=on)


# --- stopping ---


@pytest.mark.parametrize("handle", ["huyen", "so"])
def test_the_district_or_the_department_stops_the_clock_with_a_reason(standing, handle):
    province = standing("self_assessed")

    receipt = province.pause(CODE, handle, on="2024-07-22", reason="chờ hướng dẫn của Trung ương")

    assert (receipt.kind, receipt.body) == ("paused", {"state": "self_assessed"})
    assert row(province, CODE).paused_on == date(2024, 7, 22)
    assert [(p["seq"], p["from_on"], p["to_on"]) for p in rows(province, "pause")] == [
        (receipt.seq, date(2024, 7, 22), None)
    ]


def test_a_pause_moves_no_due_date_until_it_ends(standing):
    province = standing("self_assessed")
    before = row(province, CODE).due_on, due(province, CODE)

    province.pause(CODE, "huyen", on="2024-07-22")

    assert (row(province, CODE).due_on, due(province, CODE)) == before


@pytest.mark.parametrize("handle", ["xa", "vanthu", "bcd"])
def test_nobody_else_stops_or_starts_a_clock(standing, handle):
    province = standing("self_assessed")

    with refused(province, NotAllowed):
        province.pause(CODE, handle, on="2024-07-22")
    province.pause(CODE, "huyen", on="2024-07-22")
    with refused(province, NotAllowed):
        province.resume(CODE, handle, on="2024-07-23")


@pytest.mark.parametrize("blank", ["", "  "])
def test_stopping_and_starting_need_a_reason(standing, blank):
    province = standing("self_assessed")

    with refused(province, BadInput) as pausing:
        province.pause(CODE, "huyen", on="2024-07-22", reason=blank)
    province.pause(CODE, "huyen", on="2024-07-22")
    with refused(province, BadInput) as resuming:
        province.resume(CODE, "huyen", on="2024-07-23", reason=blank)

    missing = {"field": "reason", "value": "", "why": "missing"}
    assert (pausing.value.facts, resuming.value.facts) == (missing, missing)


def test_a_clock_that_stands_still_cannot_be_stopped_nor_one_that_runs_be_started(standing):
    province = standing("self_assessed")

    with refused(province, NotPaused) as running:
        province.resume(CODE, "huyen", on="2024-07-22")
    province.pause(CODE, "huyen", on="2024-07-22")
    with refused(province, Paused):
        province.pause(CODE, "huyen", on="2024-07-23")

    assert running.value.facts == {"dossier": CODE}


def test_a_dossier_at_its_end_has_no_clock_to_stop(standing):
    province = standing("recognized")

    with refused(province, NotPossible) as refusal:
        province.pause(CODE, "huyen", on="2024-10-01")

    assert (refusal.value.facts["transition"], refusal.value.facts["possible"]) == ("pause", ("revoke",))


# --- running again ---


def test_resuming_moves_every_open_deadline_by_the_days_lost(standing):
    province = standing("self_assessed")
    before = due(province, CODE)
    province.pause(CODE, "huyen", on="2024-07-15")

    receipt = province.resume(CODE, "huyen", on="2024-07-22")

    # Seven days for the state, whose new end falls on the national holiday; for the receipt five working days.
    assert before == {"self_assessed": "2024-08-26", "district_receipt": "2024-07-17"}
    assert due(province, CODE) == {"self_assessed": "2024-09-04", "district_receipt": "2024-07-24"}
    assert row(province, CODE).due_on == date(2024, 9, 4)
    assert {key: d.due_version for key, d in deadlines(province, CODE).items()} == dict.fromkeys(before, 2)
    assert receipt.body == {
        "state": "self_assessed",
        "paused_from": "2024-07-15",
        "due": [
            {"deadline": "district_receipt", "on": "2024-07-24"},
            {"deadline": "self_assessed", "on": "2024-09-04"},
        ],
        "calendar": province.law.calendar.version,
    }


def test_resuming_leaves_the_clock_running_and_the_pause_closed(standing):
    province = standing("self_assessed")
    province.pause(CODE, "huyen", on="2024-07-15")

    province.resume(CODE, "so", on="2024-07-22")

    assert row(province, CODE).paused_on is None
    assert [p["to_on"] for p in rows(province, "pause")] == [date(2024, 7, 22)]
    assert last(province, CODE)["kind"] == "resumed"


def test_a_deadline_that_was_met_before_stays_where_it_was(standing):
    province = standing("self_assessed")
    received(province, "2024-07-15")
    before = due(province, CODE)
    province.pause(CODE, "huyen", on="2024-07-16")

    province.resume(CODE, "huyen", on="2024-07-18")

    after = due(province, CODE)
    assert after["district_receipt"] == before["district_receipt"]
    assert (before["review_report"], after["review_report"]) == ("2024-08-05", "2024-08-07")


def test_a_pause_that_ends_the_day_it_began_costs_no_day(standing):
    province = standing("self_assessed")
    before = due(province, CODE)
    province.pause(CODE, "huyen", on="2024-07-16")

    province.resume(CODE, "huyen", on="2024-07-16")

    assert due(province, CODE) == before


def test_two_pauses_of_a_stage_add_up(standing):
    province = standing("district_reviewed")
    before = row(province, CODE).due_on
    for begin, end in (("2024-08-19", "2024-08-21"), ("2024-08-26", "2024-08-29")):
        province.pause(CODE, "so", on=begin)
        province.resume(CODE, "so", on=end)

    assert (before, row(province, CODE).due_on) == (date(2024, 10, 1), date(2024, 10, 8))
    assert deadlines(province, CODE)["district_reviewed"].due_version == 3


def test_a_pause_counts_in_its_own_stage_only(standing):
    province = standing("registered")
    province.pause(CODE, "huyen", on="2024-05-06")
    province.resume(CODE, "huyen", on="2024-06-06")
    province.bring(CODE, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(CODE, "xa", "self_assess", on="2024-07-12")
    province.pause(CODE, "huyen", on="2024-07-15")

    province.resume(CODE, "huyen", on="2024-07-22")

    assert due(province, CODE)["self_assessed"] == "2024-09-04"


def test_a_date_that_is_fixed_by_the_calendar_does_not_move(standing):
    province = standing("registered")
    province.pause(CODE, "huyen", on="2024-05-06")

    province.resume(CODE, "huyen", on="2024-06-06")

    assert row(province, CODE).due_on == date(2024, 7, 31)


def test_an_extended_deadline_moves_on_from_the_date_that_was_approved(standing):
    province = standing("district_reviewed")
    province.extend(CODE, "vanthu", "2024-10-15", on="2024-08-20")
    province.pause(CODE, "so", on="2024-08-26")

    province.resume(CODE, "so", on="2024-08-29")

    assert row(province, CODE).due_on == date(2024, 10, 18)
    assert deadlines(province, CODE)["district_reviewed"].extended_until == date(2024, 10, 15)


def test_a_clock_cannot_start_where_the_calendar_ends(standing):
    province = standing("self_assessed")
    province.pause(CODE, "huyen", on="2024-07-15")

    with refused(province, CalendarMissing):
        province.resume(CODE, "huyen", on="2027-12-31")

    assert row(province, CODE).paused_on == date(2024, 7, 15)


# --- on both databases ---


def test_a_pause_and_a_resumption_leave_the_same_dates_on_every_database(province):
    code = province.register().dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")
    province.pause(code, "huyen", on="2024-07-15")

    province.resume(code, "huyen", on="2024-07-22")

    assert due(province, code) == {"self_assessed": "2024-09-04", "district_receipt": "2024-07-24"}
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
