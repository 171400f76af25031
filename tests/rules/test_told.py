"""What entries that no command wrote end in; whole lives are told in tests/stories and tests/rigs."""

from datetime import date

import pytest

from dossier_engine.rules.told import Told, columns, recognition
from dossier_engine.rules.workflow import Workflow
from tests.makers import the_law

WORKFLOW: Workflow = the_law().named("commune-advanced")
ENTRY = {
    "seq": 1, "kind": "registered", "at": "2024-04-15T02:00:00.000000Z", "effective_on": "2024-04-15",
    "actor": {"person": "p-1", "on_behalf_of": None}, "body": {"to": "registered", "due": []},
}  # fmt: skip


def told() -> Told:
    return Told(WORKFLOW, dict)


@pytest.mark.parametrize("broken", [{"body": None}, {"actor": "p-1"}, {"seq": "1"}])
def test_an_entry_without_its_parts_is_refused(broken):
    with pytest.raises(TypeError):
        told().read({**ENTRY, **broken})


def test_a_row_cannot_be_told_from_an_entry_without_a_body():
    with pytest.raises(TypeError):
        columns([{**ENTRY, "body": []}], None, WORKFLOW)


def test_a_kind_that_changes_no_row_leaves_all_rows_as_they_are():
    before = told()
    before.read(ENTRY)
    rows = {table: dict(of) for table, of in before.rows.items()}

    before.read({**ENTRY, "seq": 2, "kind": "seen"})

    assert before.rows == rows


def test_a_report_of_an_office_brings_no_recognition():
    assert recognition([ENTRY], "HD-2024-BC-0001", the_law().named("department-report")) is None


def test_a_recognition_is_revoked_on_the_day_its_dossier_leaves_the_goal():
    registered = {**ENTRY, "body": {**ENTRY["body"], "locality": "10882", "level": "advanced", "target_year": 2024}}
    moved = {**ENTRY, "kind": "moved", "effective_on": "2025-02-03"}
    reached = {**moved, "seq": 2, "body": {"from": "dard_appraised", "to": WORKFLOW.goal}}
    left = {**moved, "seq": 3, "body": {"from": WORKFLOW.goal, "to": "revoked"}}

    assert recognition([registered, reached, left], "HD-2024-NC-0001", WORKFLOW) == (
        "10882", "advanced", 2024, "HD-2024-NC-0001", date(2025, 2, 3),
    )  # fmt: skip
