"""Definitions about offices: what they leave out, what they may not ask for, and the one that ships."""

from datetime import date

import pytest

from config.provinces import load_plan
from dossier_engine.rules.deadlines import when
from dossier_engine.rules.workflow import NO_CRITERIA
from tests.makers import the_law
from tests.workflows.small import problems
from workflows import loader

REPORT = dict(loader.packaged())["department-report.yaml"].decode()
STALLED = "stalled: {working_days: 15, to: steering_committee, mandate: must_answer, answer_days: 10}\n"


def changed(old: str, new: str) -> str:
    assert REPORT.count(old) == 1, old
    return REPORT.replace(old, new)


def faults(text: str) -> list[str]:
    return [str(problem).split(": ", 1)[1] for problem in problems(text)]


def test_a_definition_about_offices_has_neither_level_nor_criteria_and_nobody_stalls():
    report = the_law().named("department-report")

    assert (report.subject, report.kinds, report.level) == ("office", ("sector",), "")
    assert report.criteria is NO_CRITERIA
    assert report.stalled is None


def test_it_may_say_when_a_dossier_has_stalled():
    stalled = loader.load((REPORT + STALLED).encode(), "report.yaml").stalled

    assert stalled is not None
    assert stalled.working_days == 15


@pytest.mark.parametrize("section", ["level: advanced", "criteria: {set: none}"])
def test_a_level_or_criteria_are_not_read(section):
    assert [fault.split(":")[0] for fault in faults(f"{REPORT}{section}\n")] == ["unknown_key"]


def test_its_kinds_are_those_of_offices():
    [kind] = faults(changed("kinds: [sector]", "kinds: [commune, sector]"))

    assert kind.startswith("unknown_kind: kinds: commune is none of commune_committee, district_committee, dard")


def test_it_begins_in_an_office_of_its_kinds():
    text = changed("kinds: [sector]", "kinds: [front]")

    assert faults(text) == ["not_its_own: states.due.holder: sector_confirmer has no office of kind front"]


def test_a_first_state_without_holder_is_one_fault_only():
    assert faults(changed("    holder: sector_confirmer\n", "")) == ["no_holder: states.due"]


@pytest.mark.parametrize("asked", [
    "type: criteria, by: sector_confirmer",
    "type: sector_confirmations, by: sector_confirmer",
    "type: holds, level: ntm",
    "type: share_of_communes, level: ntm, share: 1/2",
])  # fmt: skip
def test_it_asks_for_nothing_that_only_a_locality_has(asked):
    more = f"      - {{key: more, {asked}, label: {{vi: Thêm, en: More}}, status: configured}}\n      - key: report\n"

    assert faults(changed("      - key: report\n", more)) == [
        "not_of_an_office: transitions.submit.requires.more.type"
    ]  # fmt: skip


def test_the_report_is_due_on_the_last_day_before_the_plans_date():
    law = the_law()
    [obligation] = [o for o in load_plan("hai_duong", 2024).obligations if o.workflow]

    due = when(law.named("department-report"), "state:due", date(2024, 4, 1), year=2024, calendar=law.calendar)

    assert (obligation.workflow, obligation.before) == ("department-report", date(2024, 12, 10))
    assert due == date(2024, 12, 9)
    assert due.weekday() == 0
