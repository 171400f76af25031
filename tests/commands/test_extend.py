"""Later dates for open deadlines: by the office above, with a document, and only ever later."""

from datetime import date

import pytest

from dossier_engine.errors import BadInput, CalendarMissing, NoSuchDeadline, NotAllowed, NotPossible
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE
from tests.commands.looking import deadlines, due, last, refused, row, told

EXTENDED_BY = {
    "registered": ("huyen", "2024-04-15"),
    "self_assessed": ("so", "2024-07-12"),
    "district_reviewed": ("vanthu", "2024-08-16"),
    "dard_appraised": ("bcd", "2024-09-10"),
}


@pytest.mark.parametrize("state", EXTENDED_BY)
def test_in_each_state_one_role_extends_and_no_other(standing, state):
    province = standing(state)
    by, on = EXTENDED_BY[state]

    for handle in {"xa", "huyen", "so", "vanthu", "bcd", "mattran"} - {by}:
        with refused(province, NotAllowed):
            province.extend(CODE, handle, "2024-12-20", on=on)
    province.extend(CODE, by, "2024-12-20", on=on)

    assert row(province, CODE).due_on == date(2024, 12, 20)


def test_an_extension_is_held_with_its_document_and_its_day(standing):
    province = standing("self_assessed")

    receipt = province.extend(
        CODE, "so", "2024-09-30", on="2024-08-05", number="45/SNN", dated="2024-08-02", reason="mưa bão"
    )

    held = deadlines(province, CODE)["self_assessed"]
    assert (held.due_on, held.due_version) == (date(2024, 9, 30), 2)
    assert (held.extended_on, held.extended_until) == (date(2024, 8, 5), date(2024, 9, 30))
    assert last(province, CODE)["body"] == {
        "deadline": "self_assessed",
        "number": "45/SNN",
        "date": "2024-08-02",
        "due": [{"deadline": "self_assessed", "on": "2024-09-30"}],
    }
    assert told(province, f"dossier/{CODE}", receipt.seq) == {"reason": "mưa bão"}


def test_a_deadline_within_the_state_is_extended_by_its_name_and_the_states_own_stays(standing):
    province = standing("self_assessed")
    province.record(CODE, "huyen", "district_receipt", {"receipt": {"on": "2024-07-15"}}, on="2024-07-15")

    province.extend(CODE, "so", "2024-08-12", on="2024-08-01", deadline="review_report")

    assert due(province, CODE)["review_report"] == "2024-08-12"
    assert due(province, CODE)["self_assessed"] == "2024-08-26"
    assert row(province, CODE).due_on == date(2024, 8, 26)


def test_a_deadline_may_be_extended_again(standing):
    province = standing("self_assessed")
    province.extend(CODE, "so", "2024-09-16", on="2024-08-05")

    province.extend(CODE, "so", "2024-09-30", on="2024-09-05")

    held = deadlines(province, CODE)["self_assessed"]
    assert (held.due_on, held.due_version, held.extended_on) == (date(2024, 9, 30), 3, date(2024, 9, 5))


def test_a_limit_that_has_passed_may_still_be_extended(standing):
    province = standing("self_assessed")

    province.extend(CODE, "so", "2024-10-15", on="2024-10-01")

    assert row(province, CODE).due_on == date(2024, 10, 15)


@pytest.mark.parametrize("deadline", ["review_report", "registered", "khong_co"])
def test_a_deadline_that_is_not_open_is_refused_with_those_that_are(standing, deadline):
    province = standing("self_assessed")

    with refused(province, NoSuchDeadline) as refusal:
        province.extend(CODE, "so", "2024-12-20", on="2024-08-05", deadline=deadline)

    assert refusal.value.facts == {"dossier": CODE, "key": deadline, "open": ("district_receipt", "self_assessed")}


def test_a_deadline_that_was_met_is_no_longer_open(standing):
    province = standing("self_assessed")
    province.record(CODE, "huyen", "district_receipt", {"receipt": {"on": "2024-07-15"}}, on="2024-07-15")

    with refused(province, NoSuchDeadline) as refusal:
        province.extend(CODE, "so", "2024-12-20", on="2024-08-05", deadline="district_receipt")

    assert refusal.value.facts["open"] == ("review_report", "self_assessed")


def test_after_recognition_nothing_is_extended(standing):
    province = standing("recognized")

    with refused(province, NotPossible) as refusal:
        province.extend(CODE, "bcd", "2024-12-20", on="2024-10-01", deadline="announcement")

    assert (refusal.value.facts["transition"], refusal.value.facts["state"]) == ("extend", "recognized")


@pytest.mark.parametrize(
    ("said", "field", "value", "why"),
    [
        ({"reason": ""}, "reason", "", "missing"),
        ({"reason": " "}, "reason", "", "missing"),
        ({"number": ""}, "number", "", "missing"),
        ({"number": " "}, "number", "", "missing"),
        ({"number": "12\x1b[31m"}, "number", "'12\\x1b[31m'", "not_plain_text"),
        ({"dated": "2024-08-06"}, "date", "2024-08-06", "after_the_act"),
        ({"until": "2024-08-26"}, "until", "2024-08-26", "not_later"),
        ({"until": "2024-08-01"}, "until", "2024-08-01", "not_later"),
    ],
)
def test_an_extension_needs_a_reason_a_document_and_a_later_date(standing, said, field, value, why):
    province = standing("self_assessed")

    with refused(province, BadInput) as refusal:
        province.extend(CODE, "so", on="2024-08-05", **({"until": "2024-09-30"} | said))

    assert refusal.value.facts == {"field": field, "value": value, "why": why}


def test_a_date_that_was_past_when_it_was_given_is_refused(standing):
    province = standing("self_assessed")

    with refused(province, BadInput) as refusal:
        province.extend(CODE, "so", "2024-09-09", on="2024-09-10")
    province.extend(CODE, "so", "2024-09-10", on="2024-09-10")

    assert refusal.value.facts == {"field": "until", "value": "2024-09-09", "why": "already_past"}


def test_a_date_beyond_the_calendar_cannot_be_watched(standing):
    province = standing("self_assessed")

    with refused(province, CalendarMissing) as refusal:
        province.extend(CODE, "so", "2031-01-02", on="2024-08-05")

    assert refusal.value.facts["day"] == "2031-01-02"


# --- on both databases ---


def test_an_extension_is_the_same_on_both_databases(province):
    code = province.register().dossier

    province.extend(code, "huyen", "2024-08-15", on="2024-07-01")

    assert row(province, code).due_on == date(2024, 8, 15)
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
