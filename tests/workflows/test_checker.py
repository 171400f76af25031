import pytest

from tests.workflows.small import SMALL, a_move, an_end, changed, faults, line_of

LIMIT = "limit: {days: 30, unit: working_days, from: entered, status: configured}\n"
ESCALATION = "    - {at: +5wd, to: steering_committee, kind: escalate, mandate: must_answer, answer_days: 10}\n"
RECEIPT = '      - {key: receipt, type: receipt, label: {vi: "Nhận đủ", en: "Received"}, status: configured}\n'
DOCUMENTS = '[{kind: report, label: {vi: "Báo cáo", en: "Report"}, fields: [number, date]}]'
RECOGNIZED = 'en: "Recognized"}\n    final: true\n'
ANNOUNCEMENT = f"""\
    announce:
      key: announcement
      type: documents
      label: {{vi: "Công bố", en: "Announcement"}}
      by: district_reviewer
      at: district
      status: configured
      documents: {DOCUMENTS}
      {LIMIT}"""


def case(code: str, name: str, old: str, new: str, where: str) -> object:
    """One change to the small definition, and words on the line on which it must be reported."""
    return pytest.param(code, (old, new), where, id=f"{code}: {name}")


def test_the_small_definition_is_sound() -> None:
    assert faults(SMALL) == []


@pytest.mark.parametrize(
    ("code", "swap", "where"),
    [
        case("unknown_state", "goal", "goal: recognized", "goal: recognised", "goal:"),
        case("unknown_state", "target", "to: withdrawn", "to: gone", "to: gone"),
        case("unknown_state", "origin", "from: [registered,", "from: [enrolled,", "[enrolled"),
        case("unknown_state", "extension", "extend: {self_assessed:", "extend: {reviewed:", "extend:"),
        case(
            "unknown_milestone", "of a state", "milestone: self_assessed", "milestone: assessed", "milestone: assessed"
        ),
        case("no_milestone", "open state", "    milestone: self_assessed\n", "", "  self_assessed:"),
        case("no_milestone", "goal", "    milestone: recognized\n", "", "  recognized:"),
        case("no_holder", "left out", "    holder: district_reviewer\n", "", "  self_assessed:"),
        case("idle_holder", "cannot act", "holder: district_reviewer", "holder: dard_appraiser", "holder: dard"),
        case("no_limit", "left out", f"    {LIMIT}", "", "  self_assessed:"),
        case("no_ladder", "left out", f"{LIMIT}    ladder: usual", LIMIT.strip(), "  self_assessed:"),
        case("no_ladder", "unknown", f"{LIMIT}    ladder: usual", f"{LIMIT}    ladder: none", "ladder: none"),
        case("bad_ladder", "distance", "[-5wd, 0wd]", "[-5d, 0wd]", "-5d"),
        case("bad_ladder", "rung twice", "[-5wd, 0wd]", "[-5wd, 0wd, +0wd]", "  usual:"),
        case("bad_ladder", "kind", "kind: escalate", "kind: shout", "shout"),
        case("bad_ladder", "weekday", "weekly: monday", "weekly: sunday", "sunday"),
        case(
            "bad_ladder",
            "days to answer",
            "answer_days: 10}\n    - {weekly",
            "answer_days: soon}\n    - {weekly",
            "soon",
        ),
        case(
            "unknown_role",
            "in a ladder",
            "{at: +5wd, to: steering_committee",
            "{at: +5wd, to: committee",
            "to: committee",
        ),
        case("unknown_role", "as holder", "holder: commune_officer", "holder: commune_office", "commune_office\n"),
        case("unknown_role", "that cannot move a dossier", "{by: district_reviewer}", "{by: administrator}", "pause: "),
        case("unknown_role", "that writes nothing", "dard_appraiser}", "auditor}", "extend:"),
        case(
            "role_not_at_level",
            "transition",
            "at: commune\n    while",
            "at: district\n    while",
            "commune_officer\n    at: d",
        ),
        case("role_not_at_level", "registration", "[commune_officer, district", "[dard_appraiser, district", "[dard"),
        case("no_label", "in English", '{vi: "Rút", en: "Withdraw"}', '{vi: "Rút"}', "Rút"),
        case("no_label", "blank", '{vi: "Nhận đủ", en: "Received"}', '{vi: "", en: "Received"}', '"Received"'),
        case("no_label", "at all", '    label: {vi: "Rút", en: "Withdraw"}\n', "", "  - name: withdraw"),
        case("unknown_requirement", "type", "type: vote\n", "type: ballot\n", "type: ballot"),
        case("unknown_requirement", "without a date", "after: report", "after: vote", "after: vote"),
        case("unknown_requirement", "that is none", "after: report", "after: papers", "after: papers"),
        case("duplicate_key", "in one list", "- key: posting", "- key: report", "- key: report\n        type: display"),
        case("duplicate_key", "of criteria", "- {number: 2,", "- {number: 1,", '1, label: {vi: "Thu'),
        case("separation_unknown", "misspelt", "recognize]", "recognise]", "assessment:"),
        case("separation_too_small", "one duty", "[self_assess, recognize]", "self_assess", "assessment:"),
        case("bad_fraction", "per cent", "assent: 9/10", "assent: 90%", "90%"),
        case("bad_fraction", "decimal", "assent: 9/10", "assent: 0.9", "0.9"),
        case("bad_fraction", "more than all", "assent: 9/10", "assent: 11/10", "11/10"),
        case("bad_fraction", "of nothing", "assent: 9/10", "assent: 9/0", "9/0"),
        case("bad_fraction", "nothing", "assent: 9/10", "assent: 0/10", "0/10"),
        case("bad_limit", "a day not in every year", "{before: 08-01,", "{before: 02-29,", "02-29"),
        case("bad_limit", "a day written otherwise", "{before: 08-01,", "{before: 1/8,", "1/8"),
        case("bad_limit", "the first year of all", "{before: 08-01,", "{before: 0001-01-01,", "0001"),
        case("bad_limit", "no days", "{days: 30,", "{days: 0,", "days: 0"),
        case("bad_limit", "both", "{days: 30,", "{before: 08-01, days: 30,", "before: 08-01, days"),
        case("bad_limit", "unit", "{days: 30, unit: working_days,", "{days: 30, unit: weeks,", "weeks"),
        case("bad_limit", "start", "from: received", "from: posted", "posted"),
        case("bad_limit", "of a stage, from receipt", LIMIT, LIMIT.replace("entered", "received"), "received"),
        case("bad_limit", "from a receipt never recorded", RECEIPT, "", "from: received"),
        case("unknown_status", "misspelt", "status: memory", "status: sure", "sure"),
        case("no_source", "for what is remembered", '        source: "QĐ 18/2022/QĐ-TTg Điều 6"\n', "", "- key: vote"),
        case("bad_validity", "ends first", "from: 2022-08-02", "from: 2022-08-02\nvalid_to: 2022-08-01", "valid_to"),
        case("bad_end", "with a holder", "withdrawn:\n", "withdrawn:\n    holder: commune_officer\n", "  withdrawn:"),
        case(
            "bad_end",
            "that is left",
            "ladders:\n",
            a_move("wake", "withdrawn", "withdrawn") + "ladders:\n",
            "  withdrawn:",
        ),
        case(
            "bad_end",
            "of one that goes on",
            "returns: true",
            "returns: true\n    opens_next_year: true",
            "to: registered",
        ),
        case("bad_end", "announced elsewhere", "  withdrawn:\n", f"  withdrawn:\n{ANNOUNCEMENT}", "    announce:"),
    ],
)
def test_each_fault_is_reported_alone_and_on_its_line(code, swap, where) -> None:
    text = changed(swap)

    assert faults(text) == [(line_of(text, where), code)]


def test_a_goal_may_be_announced_and_left_again() -> None:
    text = changed(
        (RECOGNIZED, RECOGNIZED + ANNOUNCEMENT + an_end("revoked")),
        ("ladders:\n", a_move("revoke", "recognized", "revoked") + "ladders:\n"),
    )

    assert faults(text) == []


def test_an_announcement_has_a_limit() -> None:
    text = changed((RECOGNIZED, RECOGNIZED + ANNOUNCEMENT.replace(f"      {LIMIT}", "")))

    assert faults(text) == [(line_of(text, "    announce:"), "bad_end")]


def test_the_goal_is_a_final_state() -> None:
    text = changed(
        (RECOGNIZED, f'en: "Recognized"}}\n    holder: commune_officer\n    {LIMIT}    ladder: usual\n'),
        ("from: [registered, self_assessed]", "from: [registered, self_assessed, recognized]"),
    )

    assert faults(text) == [(line_of(text, "  recognized:"), "bad_end")]


def test_a_transition_given_twice_is_reported_where_it_stands_again() -> None:
    text = changed(("ladders:\n", a_move("review", "registered", "withdrawn") * 2 + "ladders:\n"))

    again = line_of(text, "  - name: review") + a_move("review", "a", "b").count("\n")
    assert faults(text) == [(again, "duplicate_transition")]


def test_a_requirement_key_is_used_once_in_the_whole_definition() -> None:
    again = "{key: vote, type: criteria, label: {vi: A, en: A}, status: configured}"
    text = changed(("while_paused: true", f"while_paused: true\n    requires:\n      - {again}"))

    assert faults(text) == [(line_of(text, "{key: vote"), "duplicate_key")]


def test_a_documents_requirement_names_its_documents() -> None:
    text = changed((DOCUMENTS, "[]"), ("        after: report\n", ""))

    assert faults(text) == [(line_of(text, "documents: []"), "missing")]


def test_nothing_can_be_recorded_for_a_dossier_that_is_not_registered_yet() -> None:
    text = changed(("type: holds", "type: criteria, by: commune_officer, at: commune"), ("level: ntm, ", ""))

    assert faults(text) == [(line_of(text, "key: is_ntm"), "unknown_requirement")]


def test_a_receipt_does_not_wait_for_itself() -> None:
    limit = "limit: {days: 3, unit: working_days, from: received, status: configured}, status: configured}\n"
    text = changed((RECEIPT, RECEIPT.replace("status: configured}\n", limit)))

    assert faults(text) == [(line_of(text, "days: 3,"), "bad_limit")]


def test_a_ladder_whose_latest_rung_only_reminds_does_not_end_in_an_escalation() -> None:
    text = changed((ESCALATION, ESCALATION + "    - {at: +6wd, to: head, kind: remind, mandate: inform}\n"))

    assert faults(text) == [
        (line_of(text, "    ladder: usual"), "ladder_without_escalation"),
        (line_of(text, LIMIT) + 1, "ladder_without_escalation"),
    ]


def test_a_reminder_cannot_ask_for_an_answer() -> None:
    reminder = ESCALATION.replace("escalate", "remind").replace("+5wd", "+4wd")
    text = changed((ESCALATION, reminder + ESCALATION))

    assert faults(text) == [(line_of(text, reminder), "bad_ladder")]


def test_an_empty_ladder_is_none() -> None:
    text = changed((SMALL[SMALL.index("  usual:") : SMALL.index("pause:")], "  usual: []\n"))

    assert faults(text) == [(line_of(text, "  usual:"), "bad_ladder")]


def test_a_set_of_criteria_has_criteria() -> None:
    text = SMALL[: SMALL.index("  items:")] + "  items: []\n"

    assert faults(text) == [(line_of(text, "items:"), "missing")]


def test_a_definition_has_states() -> None:
    text = changed((SMALL[SMALL.index("states:") : SMALL.index("transitions:")], "states: {}\n"))

    assert (line_of(text, "states:"), "missing") in faults(text)
