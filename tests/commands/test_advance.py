"""Moving a dossier forward: what a move asks, what it writes, and who may not do two of them."""

from datetime import date

import pytest

from dossier_engine.commands.advance import Supplement
from dossier_engine.errors import BadInput, NotAllowed, NotPossible, RequirementsUnmet, SeparationOfDuties
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE, Standing
from tests.commands.looking import deadlines, due, last, refused, row, rows, told
from tests.makers import Province


def ready_for_review(standing: Standing) -> Province:
    """A dossier that the commune's officer self-assessed, with everything the district's review asks."""
    province = standing("self_assessed")
    province.bring(CODE, "review", on="2024-07-29", since="2024-07-12", skip=("district_posting",))
    posted = {"period": {"from": "2024-07-30", "to": "2024-08-14"}}
    province.record(CODE, "huyen", "district_posting", posted, on="2024-08-14")
    return province


# --- the move itself ---


def test_a_move_changes_state_holder_and_limit_and_opens_a_stage(standing):
    province = standing("registered")
    province.bring(CODE, "self_assess", on="2024-07-10", since="2024-06-30")

    receipt = province.advance(CODE, "xa", "self_assess", on="2024-07-12")

    moved = row(province, CODE)
    assert (moved.state, moved.holder_role, moved.holder_path) == ("self_assessed", "district_reviewer", "30/295/")
    assert (moved.stage_seq, moved.stage_on, moved.round) == (receipt.seq, date(2024, 7, 12), 1)
    assert moved.due_on == date(2024, 8, 26)
    assert due(province, CODE) == {"self_assessed": "2024-08-26", "district_receipt": "2024-07-17"}


def test_a_move_writes_from_where_to_where_what_was_met_and_the_hashes_of_the_files(standing):
    province = standing("registered")
    province.bring(CODE, "self_assess", on="2024-07-10", since="2024-06-30")

    province.advance(CODE, "xa", "self_assess", on="2024-07-12")

    body = last(province, CODE)["body"]
    kept = [f["value"]["sha256"] for f in rows(province, "fact") if "sha256" in f["value"]]
    assert (body["transition"], body["from"], body["to"], body["round"]) == (
        "self_assess",
        "registered",
        "self_assessed",
        1,
    )
    assert body["met"] == ["commune_criteria", "commune_posting", "front_opinions", "commune_vote", "commune_files"]
    assert body["files"] == sorted(kept)
    assert body["due"] == [
        {"deadline": "self_assessed", "on": "2024-08-26"},
        {"deadline": "district_receipt", "on": "2024-07-17"},
    ]


def test_everything_that_is_unmet_is_told_at_once_in_the_order_of_the_definition(standing):
    province = standing("registered")
    province.record(CODE, "xa", "commune_vote", {"vote": {"agree": 17, "present": 19}}, on="2024-07-01")

    with refused(province, RequirementsUnmet) as refusal:
        province.advance(CODE, "xa", "self_assess", on="2024-07-12")

    assert [(lack.key, lack.why) for lack in refusal.value.unmet] == [
        ("commune_criteria", "criteria_not_met"),
        ("commune_posting", "posted_too_seldom"),
        ("front_opinions", "documents_missing"),
        ("commune_vote", "no_assent"),
        ("commune_files", "documents_missing"),
    ]
    assert refusal.value.facts["definition"] == province.law.active["commune-advanced"]


@pytest.mark.parametrize("transition", ["review", "recognize", "to_recognized", "fly", "Self_assess", ""])
def test_a_move_that_the_state_does_not_have_is_refused_with_those_it_has(standing, transition):
    province = standing("registered")

    with refused(province, NotPossible) as refusal:
        province.advance(CODE, "xa", transition, on="2024-07-12")

    assert refusal.value.facts["state"] == "registered"
    assert refusal.value.facts["possible"] == ("self_assess", "withdraw", "carry_over", "succeed")


@pytest.mark.parametrize(
    ("state", "transition", "handle"),
    [
        ("registered", "self_assess", "huyen"),
        ("self_assessed", "review", "xa"),
        ("district_reviewed", "appraise", "huyen"),
        ("dard_appraised", "recognize", "so"),
        ("registered", "withdraw", "so"),
        ("registered", "carry_over", "xa"),
        ("recognized", "revoke", "so"),
    ],
)
def test_each_move_belongs_to_one_role(standing, state, transition, handle):
    province = standing(state)

    with refused(province, NotAllowed) as refusal:
        province.advance(CODE, handle, transition, on="2024-12-02")

    assert refusal.value.facts["act"] == transition


@pytest.mark.parametrize("reason", ["một\x00hai", "một\x1b[31m", "một\x7f", "một\r\nhai"])
def test_a_reason_holds_no_control_characters(standing, reason):
    province = standing("registered")
    before = row(province, CODE)

    with refused(province, BadInput) as refusal:
        province.advance(CODE, "xa", "withdraw", on="2024-05-02", reason=reason)

    assert refusal.value.facts["why"] == "control_characters"
    assert row(province, CODE) == before


def test_a_reason_may_have_several_lines(standing):
    province = standing("registered")

    province.advance(CODE, "xa", "withdraw", on="2024-05-02", reason="thứ nhất\nthứ hai")

    assert told(province, f"dossier/{CODE}", 2) == {"reason": "thứ nhất\nthứ hai"}


def test_a_reason_is_needed_where_the_definition_asks_for_one(standing):
    province = standing("registered")

    for blank in ("", "  "):
        with refused(province, BadInput) as refusal:
            province.advance(CODE, "xa", "withdraw", on="2024-07-12", reason=blank)
        assert refusal.value.facts == {"field": "reason", "value": "", "why": "missing"}


def test_no_reason_is_needed_where_the_definition_asks_for_none(standing):
    province = standing("dard_appraised")
    province.bring(CODE, "recognize", on="2024-09-20", since="2024-09-10")

    province.advance(CODE, "vanthu", "recognize", on="2024-09-20", reason="")

    assert last(province, CODE)["private"] == {}


# --- separation of duties ---


def test_one_person_cannot_both_assess_and_review_a_dossier(standing):
    province = ready_for_review(standing)
    province.appoint("xa", "district_reviewer", "ubnd-huyen-295")

    with refused(province, SeparationOfDuties) as refusal:
        province.advance(CODE, "xa", "review", on="2024-08-16")

    facts = {"person": province.people["xa"], "transition": "review", "performed": "self_assess"}
    assert refusal.value.facts == facts


def test_a_whole_path_separates_the_first_step_from_the_last(standing):
    province = standing("dard_appraised")
    province.bring(CODE, "recognize", on="2024-09-20", since="2024-09-10")
    province.appoint("xa", "decision_clerk", "ubnd-tinh")

    with refused(province, SeparationOfDuties) as refusal:
        province.advance(CODE, "xa", "recognize", on="2024-09-20")

    assert refusal.value.facts["performed"] == "self_assess"


def test_an_act_on_behalf_of_somebody_counts_for_both_persons(standing):
    province = standing("registered")
    province.appoint("thay", "commune_officer", "ubnd-xa-10894", until="2024-12-31", instead_of="xa")
    for handle in ("thay", "xa"):
        province.appoint(handle, "district_reviewer", "ubnd-huyen-295")
    province.bring(CODE, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(CODE, "thay", "self_assess", on="2024-07-12")
    province.bring(CODE, "review", on="2024-07-29", since="2024-07-12", skip=("district_posting",))

    for handle in ("thay", "xa"):
        with refused(province, SeparationOfDuties) as refusal:
            province.advance(CODE, handle, "review", on="2024-08-16")
        assert refusal.value.facts["person"] == province.people[handle]


def test_who_stands_in_for_somebody_cannot_do_what_that_person_could_not(standing):
    province = ready_for_review(standing)
    province.appoint("xa", "district_reviewer", "ubnd-huyen-295")
    province.appoint("thay", "district_reviewer", "ubnd-huyen-295", until="2024-12-31", instead_of="xa")

    with refused(province, SeparationOfDuties) as refusal:
        province.advance(CODE, "thay", "review", on="2024-08-16")

    assert refusal.value.facts["person"] == province.people["xa"]


def test_the_same_step_may_be_done_again_by_the_same_person_after_a_return(standing):
    province = standing("district_reviewed")
    lacking = (Supplement("district_vote", "biên bản thiếu chữ ký"),)
    province.advance(CODE, "so", "return_to_district", on="2024-08-20", supplements=lacking)
    province.record(CODE, "huyen", "district_receipt", {"receipt": {"on": "2024-08-21"}}, on="2024-08-21")
    province.record(CODE, "huyen", "district_vote", {"vote": {"agree": 18, "present": 20}}, on="2024-08-22")

    province.advance(CODE, "huyen", "review", on="2024-08-23")

    assert row(province, CODE).state == "district_reviewed"
    assert {p["transition"] for p in rows(province, "performed")} == {"self_assess", "review"}
    assert len(rows(province, "performed")) == 2


def test_what_was_performed_is_held_once_for_each_person(province):
    code = province.register().dossier
    province.appoint("thay", "commune_officer", "ubnd-xa-10894", until="2024-12-31", instead_of="xa")
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")

    province.advance(code, "thay", "self_assess", on="2024-07-12")

    held = {(p["separation"], p["person"], p["transition"]) for p in rows(province, "performed")}
    assert held == {("assessment", province.people[who], "self_assess") for who in ("thay", "xa")}
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()


# --- recognition and what follows ---


def test_a_recognised_dossier_is_closed_and_its_unit_holds_the_level(standing):
    province = standing("recognized")

    closed = row(province, CODE)
    held = rows(province, "recognition")
    assert (closed.state, closed.is_open, closed.holder_role, closed.holder_path, closed.due_on) == (
        "recognized",
        False,
        None,
        None,
        None,
    )
    assert [(r["locality"], r["level"], r["target_year"], r["dossier"], r["revoked_on"]) for r in held] == [
        (closed.locality, "advanced", 2024, CODE, None)
    ]


def test_recognition_starts_sixty_days_for_the_announcement(standing):
    province = standing("recognized")

    announcement = deadlines(province, CODE)["announcement"]

    assert (announcement.start_on, announcement.due_on) == (date(2024, 9, 20), date(2024, 11, 19))


def test_an_advanced_commune_goes_on_to_the_model_level_until_its_recognition_is_revoked(standing):
    province = standing("recognized")
    model = province.register("xa", workflow="commune-model", on="2024-10-01", year=2025).dossier
    province.advance(model, "xa", "withdraw", on="2024-10-02")
    province.bring(CODE, "revoke", on="2024-12-02", since="2024-09-20")

    province.advance(CODE, "vanthu", "revoke", on="2024-12-02")

    assert row(province, CODE).state == "revoked"
    assert [r["revoked_on"] for r in rows(province, "recognition")] == [date(2024, 12, 2)]
    with refused(province, RequirementsUnmet) as refusal:
        province.register("xa", workflow="commune-model", on="2024-12-03", year=2025)
    assert [lack.why for lack in refusal.value.unmet] == ["not_recognised"]


def test_a_rejection_needs_its_reply_and_ends_the_dossier(standing):
    province = standing("self_assessed")
    with refused(province, RequirementsUnmet) as refusal:
        province.advance(CODE, "huyen", "reject_at_district", on="2024-08-01")
    province.bring(CODE, "reject_at_district", on="2024-08-01", since="2024-07-12")

    province.advance(CODE, "huyen", "reject_at_district", on="2024-08-01")

    assert [lack.key for lack in refusal.value.unmet] == ["reject_at_district_reply"]
    assert (row(province, CODE).state, row(province, CODE).is_open) == ("not_met", False)
    assert rows(province, "recognition") == []
