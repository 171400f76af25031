"""Receipts and the limits they start, and the deadlines that a record meets."""

from datetime import date

from dossier_engine.commands.advance import Supplement
from dossier_engine.errors import BadInput, NotAllowed
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE
from tests.commands.looking import deadlines, due, last, refused, row
from tests.makers import SHA

REPORT = {"review_report": {"number": "12/BC-UBND", "date": "2024-07-20", "sha256": SHA}}
ANNOUNCED = {"announcement": {"date": "2024-10-10", "place": "Nhà văn hóa xã"}}


def received(on: str) -> dict[str, dict[str, str | int]]:
    return {"receipt": {"on": on}}


# --- receipts and the limits they start ---


def test_a_receipt_starts_the_limits_that_run_from_it(standing):
    province = standing("self_assessed")
    before = due(province, CODE)

    province.record(CODE, "huyen", "district_receipt", received("2024-07-15"), on="2024-07-16")

    started = deadlines(province, CODE)["review_report"]
    assert "review_report" not in before
    assert (started.start_on, started.due_on, started.met_on) == (date(2024, 7, 15), date(2024, 8, 5), None)
    assert started.rule == "requirement:review_report"
    assert last(province, CODE)["body"]["due"] == [{"deadline": "review_report", "on": "2024-08-05"}]
    assert last(province, CODE)["body"]["calendar"] == province.law.calendar.version


def test_a_receipt_meets_its_own_deadline_and_leaves_that_of_the_state(standing):
    province = standing("self_assessed")

    province.record(CODE, "huyen", "district_receipt", received("2024-07-15"), on="2024-07-16")

    met = {key: found.met_on for key, found in deadlines(province, CODE).items()}
    assert met == {"district_receipt": date(2024, 7, 16), "review_report": None, "self_assessed": None}
    assert row(province, CODE).due_on == date(2024, 8, 26)


def test_a_receipt_lies_within_its_stage(standing):
    province = standing("self_assessed")

    with refused(province, BadInput) as refusal:
        province.record(CODE, "huyen", "district_receipt", received("2024-07-11"), on="2024-07-16")
    province.record(CODE, "huyen", "district_receipt", received("2024-07-12"), on="2024-07-16")

    assert refusal.value.facts == {"field": "on", "value": "2024-07-11", "why": "before_stage"}


def test_the_file_of_a_stage_is_received_once(standing):
    province = standing("self_assessed")
    province.record(CODE, "huyen", "district_receipt", received("2024-07-15"), on="2024-07-16")

    with refused(province, BadInput) as refusal:
        province.record(CODE, "huyen", "district_receipt", received("2024-07-16"), on="2024-07-17")

    assert refusal.value.facts == {"field": "requirement", "value": "district_receipt", "why": "already_received"}


def test_days_on_which_the_clock_stood_still_do_not_count_from_a_receipt_recorded_later(standing):
    province = standing("self_assessed")
    province.pause(CODE, "huyen", on="2024-07-16")
    province.resume(CODE, "huyen", on="2024-07-18")

    province.record(CODE, "huyen", "district_receipt", received("2024-07-15"), on="2024-07-19")

    assert due(province, CODE)["review_report"] == "2024-08-07"


def test_what_stands_from_an_earlier_round_meets_the_new_deadline_with_the_receipt(standing):
    province = standing("district_reviewed")
    lacking = (Supplement("district_vote", "biên bản thiếu chữ ký"),)
    province.advance(CODE, "so", "return_to_district", on="2024-08-20", supplements=lacking)

    province.record(CODE, "huyen", "district_receipt", received("2024-08-21"), on="2024-08-22")

    report = deadlines(province, CODE)["review_report"]
    assert (report.start_on, report.met_on) == (date(2024, 8, 21), date(2024, 8, 22))


# --- deadlines that a record meets ---


def test_a_report_meets_its_deadline_on_the_day_it_takes_effect(standing):
    province = standing("self_assessed")
    province.record(CODE, "huyen", "district_receipt", received("2024-07-15"), on="2024-07-15")

    province.record(CODE, "huyen", "review_report", REPORT, on="2024-08-07", effective_on=date(2024, 8, 5))

    assert deadlines(province, CODE)["review_report"].met_on == date(2024, 8, 5)


def test_a_report_before_the_receipt_meets_the_deadline_when_it_begins(standing):
    province = standing("self_assessed")
    province.record(CODE, "huyen", "review_report", REPORT, on="2024-07-22")

    province.record(CODE, "huyen", "district_receipt", received("2024-07-15"), on="2024-07-23")

    assert deadlines(province, CODE)["review_report"].met_on == date(2024, 7, 23)


def test_an_announcement_is_recorded_after_recognition_within_its_sixty_days(standing):
    province = standing("recognized")

    province.record(CODE, "huyen", "announcement", ANNOUNCED, on="2024-10-11")

    announced = deadlines(province, CODE)["announcement"]
    assert (announced.due_on, announced.met_on) == (date(2024, 11, 19), date(2024, 10, 11))
    assert (row(province, CODE).state, row(province, CODE).is_open) == ("recognized", False)


def test_a_late_announcement_is_recorded_as_late(standing):
    province = standing("recognized")

    province.record(CODE, "huyen", "announcement", ANNOUNCED, on="2024-12-02")

    announced = deadlines(province, CODE)["announcement"]
    assert announced.met_on == date(2024, 12, 2)
    assert announced.due_on < announced.met_on


def test_the_district_announces_and_nobody_else(standing):
    province = standing("recognized")

    for handle in ("xa", "so", "vanthu"):
        with refused(province, NotAllowed):
            province.record(CODE, handle, "announcement", ANNOUNCED, on="2024-10-11")


def test_what_is_put_right_afterwards_does_not_make_a_deadline_met_late(standing):
    province = standing("recognized")
    province.record(CODE, "huyen", "announcement", ANNOUNCED, on="2024-10-10")

    corrected = {"announcement": {"date": "2024-10-11", "place": "Nhà văn hóa thôn"}}
    province.record(CODE, "huyen", "announcement", corrected, on="2025-03-04")

    assert deadlines(province, CODE)["announcement"].met_on == date(2024, 10, 10)
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
