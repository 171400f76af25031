"""Which deadlines a stage has, and when they fall due."""

from datetime import date

import pytest

from dossier_engine.rules.deadlines import limit_of, opened_by_entry, opened_by_receipt, when
from dossier_engine.rules.limits import Extension, Pause
from tests.makers import the_law

WORKFLOW = the_law().named("commune-advanced")
CALENDAR = the_law().calendar


def opened(state: str, via: str | None, on: str) -> dict[str, tuple[str, str]]:
    found = opened_by_entry(WORKFLOW, state, via, date.fromisoformat(on), year=2024, calendar=CALENDAR)
    return {d.key: (d.rule, d.due_on.isoformat()) for d in found}


def test_a_registered_dossier_is_due_before_the_first_of_august():
    assert opened("registered", None, "2024-04-15") == {"registered": ("state:registered", "2024-07-31")}


def test_a_return_has_its_own_limit_in_place_of_the_states():
    assert opened("registered", "return_to_commune", "2024-07-18") == {
        "registered": ("transition:return_to_commune", "2024-08-01")
    }


def test_the_receipt_is_due_from_the_entry_and_the_report_from_the_receipt():
    on_entry = opened("self_assessed", "self_assess", "2024-07-12")
    on_receipt = opened_by_receipt(
        WORKFLOW, "self_assessed", date(2024, 7, 15), year=2024, calendar=CALENDAR, pauses=()
    )

    assert on_entry == {
        "self_assessed": ("state:self_assessed", "2024-08-26"),
        "district_receipt": ("requirement:district_receipt", "2024-07-17"),
    }
    assert [(d.key, d.due_on) for d in on_receipt] == [("review_report", date(2024, 8, 5))]


def test_an_end_has_no_deadline_but_recognition_is_announced_within_sixty_days():
    assert opened("withdrawn", "withdraw", "2024-07-12") == {}
    assert opened("recognized", "recognize", "2024-09-20") == {
        "announcement": ("requirement:announcement", "2024-11-19")
    }


def test_pauses_and_extensions_move_a_date():
    start, stood = date(2024, 7, 15), [Pause(date(2024, 7, 17), date(2024, 7, 22))]

    moved = when(WORKFLOW, "requirement:review_report", start, year=2024, calendar=CALENDAR, pauses=stood)
    extended = when(
        WORKFLOW, "requirement:review_report", start, year=2024, calendar=CALENDAR, pauses=stood,
        extension=Extension(date(2024, 7, 25), date(2024, 8, 30)),
    )  # fmt: skip

    assert (moved, extended) == (date(2024, 8, 8), date(2024, 8, 30))


def test_a_rule_without_a_limit_is_a_defect():
    with pytest.raises(KeyError):
        limit_of(WORKFLOW, "state:withdrawn")
