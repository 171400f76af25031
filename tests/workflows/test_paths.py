from tests.workflows.small import a_move, a_state, an_end, changed, faults, line_of, problems

# Where further states and further transitions are put.
STATES, TRANSITIONS = "  withdrawn:\n", "ladders:\n"


def test_a_state_that_no_transition_enters_is_unreachable() -> None:
    text = changed((STATES, an_end("lost") + STATES))

    assert faults(text) == [(line_of(text, "  lost:"), "unreachable_state")]


def test_an_open_state_without_a_way_to_an_end_is_a_trap() -> None:
    text = changed(
        (STATES, a_state("limbo", "self_assessed") + STATES),
        (TRANSITIONS, a_move("sink", "self_assessed", "limbo") + a_move("stay", "limbo", "limbo") + TRANSITIONS),
    )

    assert faults(text) == [(line_of(text, "  limbo:"), "trap")]


def test_a_way_around_a_milestone_is_shown_state_by_state() -> None:
    text = changed((TRANSITIONS, a_move("jump", "registered", "recognized") + TRANSITIONS))

    [fault] = problems(text)

    assert (fault.line, fault.code) == (line_of(text, "name: jump") + 3, "around_milestone")
    assert fault.what == "transitions.jump.to: self_assessed is left out by registered -> recognized"


def test_the_way_around_that_is_shown_is_a_shortest_one() -> None:
    detour = a_move("begin", "registered", "aside") + a_move("end", "aside", "recognized")
    longer = a_state("aside", "registered") + a_state("further", "registered")
    text = changed(
        (STATES, longer + STATES),
        (
            TRANSITIONS,
            a_move("roam", "aside", "further") + a_move("late", "further", "recognized") + detour + TRANSITIONS,
        ),
    )

    [fault] = problems(text)

    assert fault.what.endswith("registered -> aside -> recognized")


def test_a_milestone_passed_too_early_is_out_of_order_even_when_none_is_left_out_in_the_end() -> None:
    text = changed(
        ("milestones: [registered, self_assessed,", "milestones: [registered, self_assessed, checked,"),
        (STATES, a_state("early", "checked") + a_state("checked", "checked") + STATES),
        ("    to: recognized\n", "    to: checked\n"),
        (
            TRANSITIONS,
            a_move("hurry", "registered", "early")
            + a_move("calm", "early", "self_assessed", more="returns: true")
            + a_move("finish", "checked", "recognized")
            + TRANSITIONS,
        ),
    )

    [fault] = problems(text)

    assert (fault.line, fault.code) == (line_of(text, "to: early"), "milestone_order")
    assert fault.what.endswith("self_assessed is left out by registered -> early")


def test_the_first_state_of_the_file_belongs_to_the_first_milestone_and_the_goal_to_the_last() -> None:
    text = changed(
        ("milestones: [registered, self_assessed, recognized]", "milestones: [recognized, self_assessed, registered]"),
        ("    returns: true\n", ""),
        ("name: self_assess\n", "name: self_assess\n    returns: true\n"),
    )

    assert faults(text) == [
        (line_of(text, "milestone: registered"), "milestone_order"),
        (line_of(text, "milestone: recognized"), "milestone_order"),
    ]


def test_a_milestone_without_a_state_is_empty() -> None:
    text = changed(("milestones: [registered, self_assessed,", "milestones: [registered, self_assessed, checked,"))

    assert faults(text) == [(line_of(text, "milestones:"), "empty_milestone")]


def test_a_step_back_must_say_that_it_returns() -> None:
    text = changed(("    returns: true\n", ""))

    assert faults(text) == [(line_of(text, "  - name: return_to_commune"), "bad_return")]


def test_a_return_does_not_lead_forward_or_out() -> None:
    forward = changed((TRANSITIONS, a_move("on", "registered", "self_assessed", more="returns: true") + TRANSITIONS))
    out = changed((TRANSITIONS, a_move("out", "registered", "withdrawn", more="returns: true") + TRANSITIONS))

    assert faults(forward) == [(line_of(forward, "  - name: on"), "bad_return")]
    assert faults(out) == [(line_of(out, "  - name: out"), "bad_return")]


def test_ways_are_judged_only_when_every_name_leads_somewhere() -> None:
    text = changed(("    to: recognized\n", "    to: recognised\n"))

    assert faults(text) == [(line_of(text, "to: recognised"), "unknown_state")]
