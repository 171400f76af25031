import csv
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dossier_engine.errors import FileProblems
from dossier_engine.rules import machine
from dossier_engine.rules.limits import Limit
from dossier_engine.rules.workflow import (
    Confirmation,
    Criteria,
    Documents,
    Holds,
    ShareOfCommunes,
    Survey,
    Text,
    Vote,
    Workflow,
)
from workflows import loader, paths

MILESTONES = ("registered", "self_assessed", "district_reviewed", "dard_appraised", "recognized")
DEFINITIONS = {name.removesuffix(".yaml"): loader.load(data, name) for name, data in loader.packaged()}
COMMUNE, MODEL, DISTRICT = (DEFINITIONS[n] for n in ("commune-advanced", "commune-model", "district-advanced"))
BYTES = dict(loader.packaged())["commune-advanced.yaml"]

RECOGNITIONS = {name: workflow for name, workflow in DEFINITIONS.items() if workflow.subject != "office"}

each_definition = pytest.mark.parametrize("workflow", DEFINITIONS.values(), ids=DEFINITIONS)
each_recognition = pytest.mark.parametrize("workflow", RECOGNITIONS.values(), ids=RECOGNITIONS)


def parts_of(value: object) -> Iterator[object]:
    """Everything a definition is made of, however deep."""
    yield value
    if is_dataclass(value):
        for field in fields(value):
            yield from parts_of(getattr(value, field.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from parts_of(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from parts_of(inner)


def faults_of(data: bytes) -> list[str]:
    try:
        loader.load(data, "commune-advanced.yaml")
    except FileProblems as refusal:
        return [str(problem) for problem in refusal.problems]
    return []


@each_recognition
def test_a_definition_is_called_like_its_file_and_passes_the_five_milestones(workflow: Workflow) -> None:
    assert DEFINITIONS[workflow.name] is workflow
    assert workflow.milestones == MILESTONES
    assert (workflow.initial, workflow.goal) == ("registered", "recognized")


@each_definition
def test_every_state_is_reached_and_the_goal_from_each_open_one(workflow: Workflow) -> None:
    open_states = [state.key for state in workflow.states.values() if not state.final]

    assert all(paths.way(workflow, state, {workflow.goal}) for state in open_states)
    assert all(paths.way(workflow, workflow.initial, {state}) for state in workflow.states)


@each_recognition
def test_the_machine_takes_a_dossier_from_registration_to_the_goal(workflow: Workflow) -> None:
    state = workflow.initial

    for name in ("self_assess", "review", "appraise", "submit", "recognize"):
        if name in workflow.transitions:
            state = machine.step(workflow, state, name).target

    assert state == workflow.goal


@each_recognition
def test_every_label_is_there_in_both_languages_and_they_differ(workflow: Workflow) -> None:
    labels = [part for part in parts_of(workflow) if isinstance(part, Text)]

    assert len(labels) > 60
    assert all(label.vi.strip() and label.en.strip() and label.vi != label.en for label in labels)


@each_recognition
def test_a_return_opens_a_round_with_a_limit_of_its_own_and_a_reason(workflow: Workflow) -> None:
    returns = [t for name, t in workflow.transitions.items() if name.startswith("return_")]

    assert returns
    assert all(t.returns and t.reason and t.limit is not None for t in returns)
    assert not any(t.returns for t in workflow.transitions.values() if t not in returns)


@each_recognition
def test_only_three_ways_out_are_open_to_a_paused_dossier(workflow: Workflow) -> None:
    transitions = workflow.transitions

    assert {n for n, t in transitions.items() if t.while_paused} == {"withdraw", "carry_over", "succeed"}
    assert {n for n, t in transitions.items() if t.opens_next_year} == {"carry_over"}
    assert {n for n, t in transitions.items() if t.needs_successor} == {"succeed"}


@each_recognition
def test_a_rejection_and_a_succession_carry_their_document(workflow: Workflow) -> None:
    rejections = [t for name, t in workflow.transitions.items() if name.startswith("reject_at_")]
    carried = [(t.name, r.key, [d.kind for d in r.documents]) for t in rejections for r in t.requires]

    assert [(t.name, f"{t.name}_reply", ["reply_with_reasons"]) for t in rejections] == carried
    assert all(t.reason and t.target == "not_met" for t in rejections)
    for name, kind in (("succeed", "reorganisation_decision"), ("revoke", "revocation_decision")):
        [requirement] = workflow.transitions[name].requires
        assert [d.kind for d in requirement.documents] == [kind]


@each_recognition
def test_recognition_is_announced_within_a_limit_and_only_it_can_be_revoked(workflow: Workflow) -> None:
    announce = workflow.states["recognized"].announce

    assert isinstance(announce, Documents)
    assert announce.limit is not None
    assert workflow.requirements["announcement"] is announce
    assert [t.name for t in workflow.leaving("recognized")] == ["revoke"]


@each_recognition
def test_one_person_never_assesses_reviews_appraises_and_decides(workflow: Workflow) -> None:
    assert workflow.separation == {"assessment": ("self_assess", "review", "appraise", "recognize")}


@each_recognition
def test_a_limit_that_nobody_read_in_the_decision_is_never_shown_as_law(workflow: Workflow) -> None:
    limits = [part for part in parts_of(workflow) if isinstance(part, Limit)]

    assert limits
    assert {limit.status for limit in limits} <= {"configured", "practice", "predecessor", "memory"}


@each_definition
def test_the_steering_committee_must_answer_what_has_stalled_in_any_state(workflow: Workflow) -> None:
    for state in workflow.states.values():
        if not state.final:
            *_, last = [rung for rung in state.ladder if rung.working_days is not None]
            assert (last.working_days, last.to, last.mandate, last.answer_days) == (
                5,
                "steering_committee",
                "must_answer",
                10,
            )


@each_definition
def test_offices_that_confirm_are_in_the_register_of_the_province(workflow: Workflow) -> None:
    text = resources.files("config").joinpath("provinces/hai_duong/offices.csv").read_text("utf-8")
    known = {row["code"] for row in csv.DictReader(text.splitlines())}

    named = {office for criterion in workflow.criteria.criteria for office in criterion.offices}
    named |= {part.office for part in parts_of(workflow) if isinstance(part, Confirmation)}

    assert named <= known


def test_thresholds_are_exact() -> None:
    votes = {key: (r.assent, r.quorum) for key, r in COMMUNE.requirements.items() if isinstance(r, Vote)}
    asked, share = DISTRICT.requirements["satisfaction"], DISTRICT.requirements["advanced_communes"]

    nine_tenths = Fraction(9, 10)
    assert votes == {
        "commune_vote": (nine_tenths, None),
        "district_vote": (nine_tenths, None),
        "council_vote": (nine_tenths, Fraction(7, 10)),
    }
    assert isinstance(asked, Survey)
    assert asked.threshold == Fraction(19, 20)
    assert isinstance(share, ShareOfCommunes)
    assert (share.share, share.level) == (Fraction(1, 2), "advanced")


def test_dossiers_are_numbered_by_level() -> None:
    assert [w.abbreviation for w in (COMMUNE, MODEL, DISTRICT)] == ["NC", "KM", "HNC"]


def test_each_set_has_as_many_criteria_as_the_decision() -> None:
    assert [len(w.criteria.criteria) for w in (COMMUNE, MODEL, DISTRICT)] == [19, 4, 9]
    assert [c.number for c in MODEL.criteria.criteria] == ["1", "2", "3", "4"]
    assert all(c.offices for w in (MODEL, DISTRICT) for c in w.criteria.criteria)


def test_a_model_commune_is_an_advanced_one_first_and_names_its_field() -> None:
    [is_advanced] = MODEL.register.requires
    field = MODEL.requirements["outstanding_field"]

    assert isinstance(is_advanced, Holds)
    assert is_advanced.level == "advanced"
    assert isinstance(field, Documents)
    assert [d.fields for d in field.documents] == [("field",)]
    assert set(COMMUNE.requirements) == set(MODEL.requirements) - {"is_advanced", "outstanding_field"}


def test_a_commune_is_judged_on_its_criteria_by_itself_and_by_its_district() -> None:
    judged = {key: (r.by, r.at) for key, r in COMMUNE.requirements.items() if isinstance(r, Criteria)}

    assert judged == {"commune_criteria": ("commune_officer", 3), "district_criteria": ("district_reviewer", 2)}


def test_a_district_goes_on_to_the_centre_within_the_same_milestone() -> None:
    at_centre = DISTRICT.states["submitted_to_centre"]

    assert (at_centre.milestone, at_centre.holder) == ("dard_appraised", "decision_clerk")
    assert [t.name for t in DISTRICT.leaving("submitted_to_centre") if not DISTRICT.states[t.target].final] == [
        "return_by_centre"
    ]


def test_a_short_cut_into_the_real_definition_is_shown_with_its_way() -> None:
    jump = """\
  - name: jump
    label: {vi: "Vượt", en: "Jump"}
    from: registered
    to: dard_appraised
    by: dard_appraiser
    at: province

ladders:"""
    data = BYTES.replace(b"\nladders:", b"\n" + jump.encode(), 1)
    line = data[: data.index(b"to: dard_appraised\n    by: dard_appraiser\n    at: province\n\n")].count(b"\n") + 1

    assert faults_of(data) == [
        f"commune-advanced.yaml:{line}: around_milestone: transitions.jump.to: "
        f"{left_out} is left out by registered -> dard_appraised -> recognized"
        for left_out in ("self_assessed", "district_reviewed")
    ]


def test_the_example_of_the_guide_loads() -> None:
    guide = resources.files("workflows").joinpath("README.md").read_text("utf-8")
    [example] = re.findall(r"```yaml\n(.*?)```", guide, flags=re.DOTALL)

    workflow = loader.load(example.encode(), "README.md")

    assert workflow.goal in workflow.states


FLIPS = st.lists(st.tuples(st.integers(0, len(BYTES) - 1), st.integers(1, 255)), min_size=1, max_size=8)


@given(flips=FLIPS)
@example(flips=[(0, 0xFF)])
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_definition_is_read_or_refused_and_never_crashes(flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(BYTES)
    for position, mask in flips:
        damaged[position] ^= mask

    found = faults_of(bytes(damaged))

    assert all(re.fullmatch(r"commune-advanced\.yaml:[1-9][0-9]*: [a-z0-9_]+: .+", fault, re.DOTALL) for fault in found)


LINES = BYTES.decode().splitlines(keepends=True)


@given(gone=st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_definition_that_lost_lines_is_read_or_refused_and_never_crashes(gone: set[int]) -> None:
    rest = "".join(line for number, line in enumerate(LINES) if number not in gone)

    found = faults_of(rest.encode())

    assert all(fault.startswith("commune-advanced.yaml:") for fault in found)
