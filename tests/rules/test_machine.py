"""The graph of a definition: what leads where, and nothing besides."""

import pytest

from dossier_engine.errors import NotPossible
from dossier_engine.rules.machine import graph, step
from tests.makers import the_law

DEFINITIONS = sorted(the_law().active)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_no_state_can_be_jumped_to(name):
    machine = graph(the_law().named(name))

    assert [trigger for trigger in machine.events if trigger.startswith("to_")] == []
    assert set(machine.events) == set(the_law().named(name).transitions)


def test_one_machine_serves_every_dossier_of_a_definition():
    workflow = the_law().named("commune-advanced")

    assert graph(workflow) is graph(workflow)
    assert graph(workflow).models == []


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_step_is_possible_exactly_where_the_definition_says(name):
    workflow = the_law().named(name)

    for state in workflow.states:
        for transition in workflow.transitions.values():
            if state in transition.origins:
                assert step(workflow, state, transition.name) is transition
            else:
                with pytest.raises(NotPossible):
                    step(workflow, state, transition.name)


@pytest.mark.parametrize("name", ["", "*", "fly", "to_recognized", "registered", "Self_Assess"])
def test_a_name_that_no_transition_bears_is_refused_in_every_state(name):
    workflow = the_law().named("commune-advanced")

    for state in workflow.states:
        with pytest.raises(NotPossible):
            step(workflow, state, name)


def test_a_refused_step_names_those_that_are_possible():
    with pytest.raises(NotPossible) as refusal:
        step(the_law().named("commune-advanced"), "registered", "fly")

    assert refusal.value.facts["possible"] == ("self_assess", "withdraw", "carry_over", "succeed")
