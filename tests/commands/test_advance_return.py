"""Returning a dossier for supplements: what is voided, what stands, the new round and its own limit."""

from datetime import date

import pytest

from dossier_engine.commands.advance import Supplement
from dossier_engine.errors import BadInput, RequirementsUnmet
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE
from tests.commands.looking import deadlines, due, facts, last, refused, row, rows, told

UNSIGNED = Supplement("commune_vote", "biên bản thiếu chữ ký")
VOTE = {"vote": {"agree": 19, "present": 20}}


def test_a_return_voids_only_the_facts_its_list_names(standing):
    province = standing("self_assessed")
    before = facts(province, CODE)

    receipt = province.advance(CODE, "huyen", "return_to_commune", on="2024-07-18", supplements=(UNSIGNED,))

    after = facts(province, CODE)
    assert before.keys() - after.keys() == {("commune_vote", "vote")}
    assert all(after[key] == before[key] for key in after)
    voided = [f for f in rows(province, "fact") if f["void_seq"] is not None]
    assert [(f["requirement"], f["void_seq"]) for f in voided] == [("commune_vote", receipt.seq)]


def test_a_return_voids_every_item_of_what_it_names_and_may_name_several(standing):
    province = standing("self_assessed")
    lacking = (Supplement("commune_files", "thiếu ảnh"), UNSIGNED, Supplement("commune_files", "thiếu phụ lục"))

    province.advance(CODE, "huyen", "return_to_commune", on="2024-07-18", supplements=lacking)

    kept = {key for key, _ in facts(province, CODE)}
    assert kept == {"commune_criteria", "commune_posting", "front_opinions"}
    assert last(province, CODE)["body"]["supplements"] == ["commune_files", "commune_vote", "commune_files"]


def test_a_return_may_ask_for_what_was_never_recorded(standing):
    province = standing("self_assessed")
    before = facts(province, CODE)
    lacking = (Supplement("reorganisation_decision", "bổ sung nghị quyết"),)

    province.advance(CODE, "huyen", "return_to_commune", on="2024-07-18", supplements=lacking)

    assert facts(province, CODE) == before


def test_a_return_opens_a_new_round_with_a_limit_of_its_own(standing):
    province = standing("self_assessed")

    receipt = province.advance(CODE, "huyen", "return_to_commune", on="2024-07-18", supplements=(UNSIGNED,))

    returned = row(province, CODE)
    assert (returned.state, returned.round, returned.stage_seq) == ("registered", 2, receipt.seq)
    assert (returned.holder_role, returned.holder_path) == ("commune_officer", "30/295/10894/")
    assert due(province, CODE) == {"registered": "2024-08-01"}  # ten working days; the state's own is 2024-07-31
    assert deadlines(province, CODE)["registered"].rule == "transition:return_to_commune"
    assert returned.due_on == date(2024, 8, 1)


def test_what_is_lacking_stands_in_words_beside_the_entry(standing):
    province = standing("self_assessed")
    lacking = (UNSIGNED, Supplement("commune_files", "thiếu ảnh"))

    receipt = province.advance(
        CODE, "huyen", "return_to_commune", on="2024-07-18", reason="chưa đủ", supplements=lacking
    )

    words = {"reason": "chưa đủ", "supplement_1": "biên bản thiếu chữ ký", "supplement_2": "thiếu ảnh"}
    assert told(province, f"dossier/{CODE}", receipt.seq) == words
    assert last(province, CODE)["private"].keys() == words.keys()


def test_only_what_was_voided_is_asked_again(standing):
    province = standing("self_assessed")
    province.advance(CODE, "huyen", "return_to_commune", on="2024-07-18", supplements=(UNSIGNED,))

    with refused(province, RequirementsUnmet) as refusal:
        province.advance(CODE, "xa", "self_assess", on="2024-07-22")
    province.record(CODE, "xa", "commune_vote", VOTE, on="2024-07-22")
    province.advance(CODE, "xa", "self_assess", on="2024-07-23")

    assert [(lack.key, lack.why) for lack in refusal.value.unmet] == [("commune_vote", "vote_missing")]
    again = row(province, CODE)
    assert (again.state, again.round, again.due_on) == ("self_assessed", 2, date(2024, 9, 6))


def test_a_stage_after_a_return_needs_its_own_receipt(standing):
    province = standing("self_assessed")
    receipt = {"receipt": {"on": "2024-07-15"}}
    province.record(CODE, "huyen", "district_receipt", receipt, on="2024-07-15")
    province.advance(CODE, "huyen", "return_to_commune", on="2024-07-18", supplements=(UNSIGNED,))
    province.record(CODE, "xa", "commune_vote", VOTE, on="2024-07-22")
    province.advance(CODE, "xa", "self_assess", on="2024-07-23")

    with refused(province, RequirementsUnmet) as refusal:
        province.advance(CODE, "huyen", "review", on="2024-07-24")

    assert ("district_receipt", "receipt_missing") in [(lack.key, lack.why) for lack in refusal.value.unmet]
    assert ("district_receipt", "receipt") in facts(province, CODE)


@pytest.mark.parametrize(
    ("state", "handle", "transition", "back_in", "limit"),
    [
        ("self_assessed", "huyen", "return_to_commune", "registered", 10),
        ("district_reviewed", "so", "return_to_district", "self_assessed", 10),
        ("dard_appraised", "vanthu", "return_to_department", "district_reviewed", 5),
    ],
)
def test_each_desk_returns_to_the_one_before_it(standing, state, handle, transition, back_in, limit):
    province = standing(state)

    province.advance(CODE, handle, transition, on="2024-09-13", supplements=(UNSIGNED,))

    days = {10: date(2024, 9, 27), 5: date(2024, 9, 20)}
    returned = row(province, CODE)
    assert (returned.state, returned.round, returned.due_on) == (back_in, 2, days[limit])


@pytest.mark.parametrize(
    ("supplements", "field", "value", "why"),
    [
        ((), "supplements", "", "missing"),
        ((Supplement("commune_vot", "thiếu"),), "supplements", "commune_vot", "unknown_requirement"),
        ((UNSIGNED, Supplement("commune_files", " ")), "supplements", "commune_files", "missing"),
    ],
)
def test_a_return_needs_a_list_of_known_requirements_in_words(standing, supplements, field, value, why):
    province = standing("self_assessed")

    with refused(province, BadInput) as refusal:
        province.advance(CODE, "huyen", "return_to_commune", on="2024-07-18", supplements=supplements)

    assert refusal.value.facts == {"field": field, "value": value, "why": why}


def test_a_list_of_supplements_belongs_to_a_return_alone(standing):
    province = standing("registered")

    with refused(province, BadInput) as refusal:
        province.advance(CODE, "xa", "withdraw", on="2024-05-02", supplements=(UNSIGNED,))

    assert refusal.value.facts == {"field": "supplements", "value": "commune_vote", "why": "not_a_return"}


def test_a_return_is_the_same_on_both_databases(province):
    code = province.register().dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")

    province.advance(code, "huyen", "return_to_commune", on="2024-07-18", supplements=(UNSIGNED,))

    assert ("commune_vote", "vote") not in facts(province, code)
    assert row(province, code).due_on == date(2024, 8, 1)
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
