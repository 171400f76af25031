"""Who could act on a dossier: the appointments and the separation of duties decide, requirements do not."""

from dataclasses import replace
from datetime import date

import pytest

from dossier_engine.rules.authority import Appointment
from dossier_engine.rules.coverage import able, for_the_holder, ways_on
from tests.makers import the_law

ON, HERE = date(2024, 8, 1), "30/295/10894/"
WORKFLOW = the_law().named("commune-advanced")
REVIEWER = Appointment("an", "district_reviewer", "ubnd-huyen-295", "30/295/", date(2024, 1, 1), None)


def waiting_for(state: str, *held: Appointment, performed: tuple[tuple[str, str, str], ...] = ()) -> tuple[str, ...]:
    found = able(
        WORKFLOW, state, territory=HERE, office="", appointments=held, performed=performed, on=ON
    )  # fmt: skip
    assert set(found) == {t.name for t in WORKFLOW.leaving(state)}
    return for_the_holder(WORKFLOW, state, found)


def test_whoever_sits_in_the_holding_office_could_act():
    assert waiting_for("self_assessed", REVIEWER) == ("an",)


@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": date(2024, 7, 31)},
        {"valid_from": date(2024, 8, 2)},
        {"office_path": "30/291/", "office": "ubnd-huyen-291"},
        {"office_path": "30/", "office": "ubnd-tinh"},
        {"role": "commune_officer"},
        {"role": "auditor"},
    ],
)
def test_nobody_could_who_is_not_appointed_there_today(change):
    assert waiting_for("self_assessed", replace(REVIEWER, **change)) == ()


@pytest.mark.parametrize(
    ("person", "transition", "could"),
    [("an", "self_assess", ()), ("binh", "self_assess", ("an",)), ("an", "review", ("an",))],
)
def test_nobody_could_who_did_what_must_be_kept_apart(person, transition, could):
    assert waiting_for("self_assessed", REVIEWER, performed=(("assessment", person, transition),)) == could


def test_an_act_counts_for_whom_somebody_stands_in_for():
    stands_in = replace(REVIEWER, person="chi", on_behalf_of="binh")

    assert waiting_for("self_assessed", stands_in, performed=(("assessment", "binh", "self_assess"),)) == ()


def test_a_department_could_act_on_its_own_dossier_only():
    report = the_law().named("department-report")
    held = [
        Appointment(code, "sector_confirmer", code, "30/", date(2024, 1, 1), None)
        for code in ("so-tai-chinh", "so-xay-dung")
    ]

    found = able(report, report.initial, territory="30/", office="so-xay-dung", appointments=held, performed=(), on=ON)

    assert for_the_holder(report, report.initial, found) == ("so-xay-dung",)


@pytest.mark.parametrize("name", sorted(the_law().active))
def test_every_state_has_a_way_for_its_holder(name):
    workflow = the_law().named(name)

    for key, state in workflow.states.items():
        assert state.final or key == workflow.goal or ways_on(workflow, key), key
