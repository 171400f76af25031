"""The ways out before the end: withdrawn, carried over to the next year, succeeded by another unit's dossier."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from dossier_engine.commands.advance import Advance, advance
from dossier_engine.errors import AlreadyOpen, BadInput, NotFound, RequirementsUnmet, Unmet
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from tests.commands.conftest import CODE
from tests.commands.looking import due, entries, last, refused, row, rows, told
from tests.makers import CAM_HUNG, LUONG_DIEN, Province, at

THACH_LOI = "10906"  # merged away on 2024-12-01


def decided(province: Province, code: str, *, on: str) -> None:
    """The resolution that reorganises the unit, recorded by the department."""
    paper = {"number": "1250/NQ", "date": "2024-10-24", "sha256": "cd" * 32}
    province.record(code, "so", "reorganisation_decision", {"reorganisation_decision": paper}, on=on)


# --- withdrawn ---


@pytest.mark.parametrize("state", ["registered", "self_assessed", "district_reviewed"])
def test_a_commune_withdraws_while_no_department_has_appraised(standing, state):
    province = standing(state)

    province.advance(CODE, "xa", "withdraw", on="2024-09-02", reason="chưa đủ kinh phí")

    left = row(province, CODE)
    assert (left.state, left.is_open, left.holder_role, left.holder_path) == ("withdrawn", False, None, None)
    assert (left.due_on, left.linked, due(province, CODE)) == (None, None, {})


def test_a_paused_dossier_can_be_withdrawn_and_is_then_no_longer_paused(standing):
    province = standing("self_assessed")
    province.pause(CODE, "huyen", on="2024-07-20")

    province.advance(CODE, "xa", "withdraw", on="2024-08-01")

    left = row(province, CODE)
    assert (left.state, left.paused_on) == ("withdrawn", None)


# --- carried over ---


def test_carrying_over_opens_a_linked_dossier_for_the_next_year(standing):
    province = standing("district_reviewed")

    receipt = province.advance(CODE, "so", "carry_over", on="2024-12-02", reason="chưa kịp thẩm định")

    left, opened = row(province, CODE), row(province, "HD-2025-NC-0001")
    assert (receipt.dossier, left.state, left.is_open, left.linked) == (CODE, "carried_over", False, None)
    assert (opened.state, opened.target_year, opened.linked) == ("registered", 2025, CODE)
    assert (opened.locality, opened.definition, opened.round) == (left.locality, left.definition, 1)
    assert (opened.holder_role, opened.due_on) == ("commune_officer", date(2025, 7, 31))


def test_the_linked_dossier_begins_with_an_entry_of_its_own_by_the_same_person(standing):
    province = standing("district_reviewed")

    province.advance(
        CODE, "so", "carry_over", on="2024-12-05", reason="hết năm", os_user="tuan", key="lan-1",
        effective_on=date(2024, 12, 2),
    )  # fmt: skip

    entry = last(province, "HD-2025-NC-0001")
    assert (entry["seq"], entry["kind"], entry["prev"], entry["request"]) == (1, "registered", "", None)
    assert entry["actor"] == last(province, CODE)["actor"]
    assert entry["effective_on"] == "2024-12-02"
    assert entry["body"]["continues"] == CODE
    assert told(province, "dossier/HD-2025-NC-0001", 1) == {"reason": "hết năm", "os_user": "tuan"}


def test_a_repeated_carry_over_opens_no_third_dossier(standing):
    province = standing("registered")
    first = province.advance(CODE, "so", "carry_over", on="2024-12-02", key="lan-1")

    again = province.advance(CODE, "so", "carry_over", on="2024-12-02", key="lan-1")

    assert (again.replayed, again.leaf) == (True, first.leaf)
    assert [d["code"] for d in rows(province, "dossier")] == [CODE, "HD-2025-NC-0001"]


def test_a_paused_dossier_can_be_carried_over(standing):
    province = standing("dard_appraised")
    province.pause(CODE, "so", on="2024-09-15")

    province.advance(CODE, "so", "carry_over", on="2024-12-02")

    assert row(province, CODE).state == "carried_over"
    assert row(province, "HD-2025-NC-0001").paused_on is None


def test_a_dossier_already_open_for_the_next_year_stops_the_carrying_over(standing):
    province = standing("registered")
    province.register("xa", CAM_HUNG, year=2025)

    with refused(province, AlreadyOpen) as refusal:
        province.advance(CODE, "so", "carry_over", on="2024-12-02")

    assert (refusal.value.facts["year"], refusal.value.facts["dossier"]) == (2025, "HD-2025-NC-0001")


def test_a_unit_that_is_gone_has_no_next_year(hai_duong):
    code = hai_duong.register("huyen", THACH_LOI).dossier

    with refused(hai_duong, NotFound) as refusal:
        hai_duong.advance(code, "so", "carry_over", on="2024-12-01")
    hai_duong.advance(code, "so", "carry_over", on="2024-12-01", effective_on=date(2024, 11, 30))

    assert refusal.value.facts == {"kind": "locality", "name": THACH_LOI, "suggestions": ()}
    assert row(hai_duong, "HD-2025-NC-0001").linked == code


def test_a_definition_that_is_out_of_force_opens_no_next_year(standing):
    province = standing("registered")
    sha = province.law.active["commune-advanced"]
    ended = replace(province.law.workflows[sha], valid_to=date(2024, 12, 1))
    law = replace(province.law, workflows={**province.law.workflows, sha: ended})
    order = Advance(dossier=CODE, transition="carry_over", act=province.act("so", reason="hết năm"))

    with refused(province, BadInput) as refusal, province.writing() as session:
        advance(session, law, order, now=at("2024-12-02"), rng=province.rng)

    assert refusal.value.facts == {"field": "on", "value": "2024-12-02", "why": "definition_not_in_force"}


def test_the_next_year_is_opened_on_the_conditions_of_a_registration(hai_duong):
    hai_duong.recognised("advanced", (CAM_HUNG, "Xã Cẩm Hưng"))
    code = hai_duong.register("xa", CAM_HUNG, workflow="commune-model").dossier
    with hai_duong.writing() as session:
        session.execute(update(TABLES["recognition"]).values(revoked_on=date(2024, 11, 1)))

    with refused(hai_duong, RequirementsUnmet) as refusal:
        hai_duong.advance(code, "so", "carry_over", on="2024-12-02")

    assert refusal.value.unmet == (Unmet("is_advanced", "not_recognised", (("level", "advanced"),)),)
    assert refusal.value.facts["transition"] == "register"


# --- succeeded ---


def test_a_merged_unit_hands_over_to_the_dossier_of_its_successor(standing):
    province = standing("self_assessed")
    successor = province.register("xa2", LUONG_DIEN, on="2024-10-01").dossier
    decided(province, CODE, on="2024-11-29")

    province.advance(CODE, "so", "succeed", on="2024-12-02", reason="", successor=successor)

    left = row(province, CODE)
    assert (left.state, left.is_open, left.linked) == ("succeeded", False, successor)
    assert last(province, CODE)["body"]["successor"] == successor
    assert len(entries(province, f"dossier/{successor}")) == 1


def test_a_paused_dossier_can_be_handed_over(standing):
    province = standing("self_assessed")
    successor = province.register("xa2", LUONG_DIEN, on="2024-10-01").dossier
    decided(province, CODE, on="2024-11-29")
    province.pause(CODE, "so", on="2024-11-30")

    province.advance(CODE, "so", "succeed", on="2024-12-02", successor=successor)

    assert (row(province, CODE).state, row(province, CODE).paused_on) == ("succeeded", None)


def test_handing_over_needs_the_resolution(standing):
    province = standing("self_assessed")
    successor = province.register("xa2", LUONG_DIEN, on="2024-10-01").dossier

    with refused(province, RequirementsUnmet) as refusal:
        province.advance(CODE, "so", "succeed", on="2024-12-02", successor=successor)

    assert [lack.key for lack in refusal.value.unmet] == ["reorganisation_decision"]


def test_handing_over_needs_the_code_of_a_successor(standing):
    province = standing("self_assessed")
    decided(province, CODE, on="2024-11-29")

    with refused(province, BadInput) as refusal:
        province.advance(CODE, "so", "succeed", on="2024-12-02")

    assert refusal.value.facts == {"field": "successor", "value": "", "why": "missing"}


@pytest.mark.parametrize("successor", [CODE, "HD-2024-NC-0009", ""])
def test_a_successor_is_another_dossier_that_exists(standing, successor):
    province = standing("self_assessed")
    decided(province, CODE, on="2024-11-29")

    with refused(province, NotFound) as refusal:
        province.advance(CODE, "so", "succeed", on="2024-12-02", successor=successor)

    assert refusal.value.facts == {"kind": "dossier", "name": successor, "suggestions": ()}


def test_a_successor_of_a_foreign_territory_does_not_exist(standing):
    province = standing("self_assessed")
    foreign = province.register("xa2", LUONG_DIEN, on="2024-10-01").dossier
    decided(province, CODE, on="2024-11-29")
    with province.writing() as session:
        its = TABLES["dossier"].c.code == foreign
        session.execute(update(TABLES["dossier"]).where(its).values(territory="31/303/11296/"))

    with refused(province, NotFound) as refusal:
        province.advance(CODE, "so", "succeed", on="2024-12-02", successor=foreign)

    assert refusal.value.facts == {"kind": "dossier", "name": foreign, "suggestions": ()}


def test_a_closed_dossier_takes_nothing_over(standing):
    province = standing("self_assessed")
    closed = province.register("xa2", LUONG_DIEN, on="2024-10-01").dossier
    province.advance(closed, "xa2", "withdraw", on="2024-10-02")
    decided(province, CODE, on="2024-11-29")

    with refused(province, BadInput) as refusal:
        province.advance(CODE, "so", "succeed", on="2024-12-02", successor=closed)

    assert refusal.value.facts == {"field": "successor", "value": closed, "why": "closed"}


def test_a_successor_is_named_for_nothing_else(standing):
    province = standing("registered")

    with refused(province, BadInput) as refusal:
        province.advance(CODE, "xa", "withdraw", on="2024-05-02", successor="HD-2024-NC-0002")

    assert refusal.value.facts == {"field": "successor", "value": "HD-2024-NC-0002", "why": "unknown_item"}


# --- on both databases ---


def test_every_way_out_leaves_a_history_that_verifies(province):
    first = province.register().dossier
    second = province.register("xa2", LUONG_DIEN).dossier
    third = province.register("huyen", THACH_LOI).dossier
    decided(province, second, on="2024-11-29")
    for code in (first, second):
        province.pause(code, "so", on="2024-11-29")

    province.advance(first, "so", "carry_over", on="2024-12-02")
    province.advance(second, "so", "succeed", on="2024-12-02", successor=third)
    province.advance(first.replace("2024", "2025"), "xa", "withdraw", on="2024-12-03")

    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
    assert {d["code"]: d["state"] for d in rows(province, "dossier")} == {
        first: "carried_over",
        second: "succeeded",
        third: "registered",
        "HD-2025-NC-0001": "withdrawn",
    }
