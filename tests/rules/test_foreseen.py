"""What history calls for in the corners that a life seldom comes to."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dossier_engine.rules.foreseen import foreseen
from dossier_engine.rules.workflow import Workflow
from tests.makers import the_law

COMMUNE, CALENDAR = the_law().named("commune-advanced"), the_law().calendar
PERSON, MACHINE = {"person": "p-1"}, {"person": "system:reminders"}


def entry(seq: int, kind: str, on: str, body: dict[str, Any], actor: dict[str, str] = PERSON) -> dict[str, Any]:
    return {"seq": seq, "kind": kind, "at": f"{on}T02:00:00.000000Z", "actor": actor, "body": body}


def escalated(mandate: str, addressee: str, answer_by: str | None) -> list[dict[str, Any]]:
    body = {"cause": "rung", "mandate": mandate, "addressee": addressee, "answer_by": answer_by}
    return [
        entry(1, "registered", "2024-07-01", {"to": "registered"}),
        entry(2, "escalated", "2024-07-01", body, MACHINE),
    ]


def keys(entries: list[dict[str, Any]], until: date, workflow: Workflow = COMMUNE) -> list[tuple[str, str, date]]:
    due = foreseen(entries, workflow, {}, CALENDAR, until=until).due
    return sorted((told[0], told[2], told[4]) for _, told in due)


def test_an_escalation_that_only_informs_calls_for_nothing_more():
    assert keys(escalated("inform", "steering_committee", None), date(2024, 7, 19)) == []


@pytest.mark.parametrize(("until", "called"), [(date(2024, 7, 8), 0), (date(2024, 7, 9), 1)])
def test_one_that_nobody_answers_climbs_on_the_working_day_after_its_last(until, called):
    found = keys(escalated("must_answer", "head", "2024-07-08"), until)

    assert found == [("escalation/2", "unanswered", date(2024, 7, 9))][:called]


def test_an_answer_that_is_due_beyond_the_calendar_files_calls_for_nothing_yet():
    assert keys(escalated("must_answer", "head", "2027-12-31"), date(2024, 7, 19)) == []


def test_a_definition_without_a_stall_has_none():
    quiet = replace(COMMUNE, stalled=None)
    registered = [entry(1, "registered", "2024-07-01", {"to": "registered"})]

    assert [k for k, _, _ in keys(registered, date(2024, 7, 26))] == ["stalled"]
    assert keys(registered, date(2024, 7, 26), quiet) == []
