import hashlib
from datetime import date
from fractions import Fraction

import pytest

from dossier_engine.rules.limits import Limit
from dossier_engine.rules.workflow import Display, Documents, Holds, Rung, Vote
from tests.workflows.small import SMALL, STALLED, changed, faults, line_of
from workflows import loader


def small() -> loader.Workflow:
    return loader.load(SMALL.encode(), "small.yaml")


def test_a_definition_is_known_by_the_hash_of_its_very_bytes() -> None:
    with_a_blank_line = SMALL.encode() + b"\n"

    assert small().sha256 == hashlib.sha256(SMALL.encode()).hexdigest()
    assert loader.load(with_a_blank_line, "small.yaml").sha256 == hashlib.sha256(with_a_blank_line).hexdigest()
    assert small().reference == "small-advanced@1"


def test_the_header_is_read_as_it_stands() -> None:
    workflow = small()

    assert (workflow.title.vi, workflow.title.en) == ("Công nhận xã", "Recognition of a commune")
    assert (workflow.subject, workflow.kinds, workflow.level) == ("commune", ("commune",), "advanced")
    assert (workflow.valid_from, workflow.valid_to) == (date(2022, 8, 2), None)
    assert (workflow.initial, workflow.goal) == ("registered", "recognized")
    assert (workflow.register.by, workflow.register.levels) == (("commune_officer", "district_reviewer"), (3, 2))
    assert workflow.separation == {"assessment": ("self_assess", "recognize")}
    assert (workflow.pause_by, workflow.extend_by) == (("district_reviewer",), {"self_assessed": ("dard_appraiser",)})
    assert workflow.stalled.working_days == 15


def test_a_state_has_its_limit_and_its_ladder_in_the_order_of_time() -> None:
    state = small().states["self_assessed"]

    assert state.limit == Limit(30, "working_days", "entered", None, None, "configured")
    assert state.ladder == (
        Rung(-5, None, "holder", "remind", "inform", None),
        Rung(0, None, "holder", "remind", "inform", None),
        Rung(5, None, "steering_committee", "escalate", "must_answer", 10),
        Rung(None, 0, "holder", "remind", "inform", None),
    )


def test_a_limit_may_be_a_day_of_the_target_year() -> None:
    state = small().states["registered"]

    assert state.limit == Limit(None, None, None, "08-01", None, "configured")


def test_a_transition_says_who_where_and_what_else_it_does() -> None:
    workflow = small()
    back, out = workflow.transitions["return_to_commune"], workflow.transitions["withdraw"]

    assert (back.origins, back.target, back.by, back.at) == (
        ("self_assessed",),
        "registered",
        ("district_reviewer",),
        2,
    )
    assert (back.returns, back.reason, back.while_paused) == (True, True, False)
    assert back.limit == Limit(10, "working_days", "entered", None, None, "configured")
    assert (out.origins, out.returns, out.reason) == (("registered", "self_assessed"), False, False)
    assert (out.while_paused, out.opens_next_year, out.needs_successor) == (True, False, False)
    assert out.limit is None


def test_a_requirement_is_recorded_by_whoever_takes_the_transition_unless_it_says_otherwise() -> None:
    text = changed(("lasts_days: 15", "lasts_days: 15\n        by: sector_confirmer\n        at: province"))

    requirements = loader.load(text.encode(), "small.yaml").requirements

    assert (requirements["vote"].by, requirements["vote"].at) == ("commune_officer", 3)
    assert (requirements["report"].by, requirements["report"].at) == ("district_reviewer", 2)
    assert (requirements["posting"].by, requirements["posting"].at) == ("sector_confirmer", 1)
    assert (requirements["is_ntm"].by, requirements["is_ntm"].at) == (None, None)


def test_every_requirement_is_found_by_its_key_wherever_it_is_asked() -> None:
    workflow = small()

    assert list(workflow.requirements) == ["is_ntm", "vote", "receipt", "report", "posting"]
    assert workflow.requirements["is_ntm"] is workflow.register.requires[0]
    assert isinstance(workflow.requirements["is_ntm"], Holds)
    assert isinstance(workflow.requirements["posting"], Display)
    assert isinstance(workflow.requirements["report"], Documents)


def test_shares_are_exact_and_a_rule_keeps_its_source() -> None:
    vote = small().requirements["vote"]

    assert isinstance(vote, Vote)
    assert (vote.assent, vote.quorum) == (Fraction(9, 10), None)
    assert (vote.provenance.status, vote.provenance.source) == ("memory", "QĐ 18/2022/QĐ-TTg Điều 6")


def test_criteria_are_numbered_and_name_the_offices_that_confirm_them() -> None:
    criteria = small().criteria

    assert criteria.key == "small_set"
    assert [(c.number, c.label.en, c.offices) for c in criteria.criteria] == [
        ("1", "Planning", ()),
        ("2", "Income", ("cuc-thong-ke",)),
    ]


@pytest.mark.parametrize(
    ("swap", "code", "where"),
    [
        pytest.param(("abbreviation: NC\n", "abbreviation: NC\ncolour: red\n"), "unknown_key", "colour", id="header"),
        pytest.param(("while_paused: true", "while_pause: true"), "unknown_key", "while_pause:", id="transition"),
        pytest.param(("{before: 08-01,", "{before: 08-01, unit: working_days,"), "unknown_key", "08-01", id="limit"),
        pytest.param(("level: ntm,", "level: ntm, by: dard_appraiser,"), "unknown_key", "is_ntm", id="looked up"),
        pytest.param(
            ("assent: 9/10", "assent: 9/10\n        times: 5"), "unknown_key", "times: 5", id="of another type"
        ),
        pytest.param(("level: advanced\n", ""), "missing", "workflow: small", id="level left out"),
        pytest.param(("level: advanced\n", "level: best\n"), "unknown_level", "level: best", id="no such level"),
        pytest.param(("abbreviation: NC", "abbreviation: nâng cao"), "bad_name", "abbreviation", id="abbreviation"),
        pytest.param(("workflow: small-advanced", "workflow: small@1"), "bad_name", "small@1", id="name with @"),
        pytest.param(("fields: [number, date]", "fields: [so-hieu, date]"), "bad_name", "so-hieu", id="field with -"),
        pytest.param(("  assessment:", "  Assessment:"), "bad_name", "Assessment", id="name with a capital"),
        pytest.param(("kinds: [commune]", "kinds: [village]"), "unknown_kind", "village", id="kind of locality"),
        pytest.param(("kinds: [commune]", "kinds: []"), "missing", "kinds", id="no kind"),
        pytest.param(("kinds: [commune]", "kinds: {a: b}"), "not_text", "kinds", id="mapping for a list"),
        pytest.param(("kinds: [commune]", "kinds: [commune, [ward]]"), "not_text", "kinds", id="list in a list"),
        pytest.param(
            ("at: [commune, district]", "at: [commune, district, village]"),
            "unknown_level",
            "village",
            id="level of office",
        ),
        pytest.param(("version: 1", "version: 1.0"), "not_a_number", "version", id="version"),
        pytest.param(("valid_from: 2022-08-02", "valid_from: 02/8/2022"), "not_a_date", "valid_from", id="date"),
        pytest.param(("valid_from: 2022-08-02\n", ""), "missing", "workflow: small", id="date left out"),
        pytest.param(
            ("valid_from: 2022-08-02", "valid_from: 2022-02-30"), "not_a_date", "valid_from", id="no such day"
        ),
        pytest.param(("while_paused: true", "while_paused: yes"), "not_a_choice", "paused: yes", id="flag"),
        pytest.param((STALLED, "stalled: 15"), "not_a_mapping", "stalled", id="text for a mapping"),
        pytest.param(("pause: {by: district_reviewer}\n", ""), "missing", "workflow: small", id="section left out"),
        pytest.param(("[{kind: report,", "[later, {kind: report,"), "not_a_mapping", "[later", id="text in a list"),
        pytest.param(
            ("from: registered\n", "from: [registered, registered]\n"), "duplicate_key", "[registered, reg", id="twice"
        ),
    ],
)
def test_a_field_that_is_not_understood_is_refused_on_its_line(swap, code, where) -> None:
    text = changed(swap)

    assert faults(text) == [(line_of(text, where), code)]


def test_a_missing_section_is_one_fault_and_not_one_for_each_of_its_fields() -> None:
    text = SMALL[: SMALL.index("criteria:\n")]

    assert faults(text) == [(1, "missing")]


def test_all_faults_are_reported_at_once_in_the_order_of_lines() -> None:
    text = changed(
        ("valid_from: 2022-08-02", "valid_from: soon"),
        ("limit: {before: 08-01, status: configured}", "limit: {before: 08-32, status: guessed}"),
        ('label: {vi: "Đã rút", en: "Withdrawn"}', 'label: {vi: "Đã rút", en: " "}'),
        ("assent: 9/10", "assent: 0.9"),
        ("to: withdrawn", "to: nowhere"),
        ("assessment: [self_assess, recognize]", "assessment: [self_assess]"),
    )

    assert faults(text) == [
        (line_of(text, "soon"), "not_a_date"),
        (line_of(text, "guessed"), "unknown_status"),
        (line_of(text, "guessed"), "bad_limit"),
        (line_of(text, '"Đã rút", en: " "'), "no_label"),
        (line_of(text, "0.9"), "bad_fraction"),
        (line_of(text, "to: nowhere"), "unknown_state"),
        (line_of(text, "assessment: [self_assess]"), "separation_too_small"),
    ]
