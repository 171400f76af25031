"""What a definition tells about itself: its name, the ways out of a state, and what a state asks of whom."""

from tests.makers import the_law

ADVANCED = the_law().named("commune-advanced")


def test_a_definition_is_cited_by_name_and_version():
    assert ADVANCED.reference == "commune-advanced@1"


def test_the_ways_out_of_a_state_stand_in_the_order_of_the_file():
    assert [t.name for t in ADVANCED.leaving("dard_appraised")] == [
        "recognize", "return_to_department", "reject_at_province", "carry_over", "succeed",
    ]  # fmt: skip
    assert ADVANCED.leaving("withdrawn") == ()


def test_a_state_asks_what_its_ways_out_require_of_those_who_take_them():
    asked = {key: roles for key, (_, roles) in ADVANCED.asked_in("registered").items()}

    assert asked == {
        "commune_criteria": ("commune_officer",),
        "commune_posting": ("commune_officer",),
        "front_opinions": ("commune_officer",),
        "commune_vote": ("commune_officer",),
        "commune_files": ("commune_officer",),
        "reorganisation_decision": ("dard_appraiser",),
    }


def test_what_somebody_else_records_is_asked_of_that_role():
    asked = {key: roles for key, (_, roles) in ADVANCED.asked_in("self_assessed").items()}

    assert asked["satisfaction"] == ("front_surveyor",)
    assert asked["district_receipt"] == ("district_reviewer",)


def test_a_recognised_commune_still_owes_its_announcement():
    asked = ADVANCED.asked_in("recognized")

    assert list(asked) == ["revocation_decision", "announcement"]
    assert asked["announcement"][1] == ("district_reviewer",)


def test_every_requirement_of_a_transition_is_found_by_its_key():
    for workflow in the_law().workflows.values():
        for state in workflow.states:
            for key, (requirement, roles) in workflow.asked_in(state).items():
                assert workflow.requirements[key] is requirement
                assert roles


def test_a_milestone_is_reached_in_its_states_and_in_those_beyond_it():
    there, going = ADVANCED.reaching("dard_appraised"), ADVANCED.short_of("dard_appraised")

    assert {"dard_appraised", "recognized"} <= there
    assert {"registered", "self_assessed", "district_reviewed"} <= going
    assert not there & going
    assert not {key for key in going if ADVANCED.states[key].final}


def test_a_milestone_that_a_definition_has_not_is_reached_nowhere():
    assert ADVANCED.reaching("somewhere") == set()
