"""A difficulty raised by hand and the answer that closes an escalation: who may, what it writes, what it refuses."""

from datetime import date

import pytest

from dossier_engine.errors import (
    BadInput,
    CalendarMissing,
    KeyReused,
    NoSuchDeadline,
    NotAllowed,
    NotFound,
    NotPossible,
    Paused,
)
from dossier_engine.queries.audit import verify
from tests.commands.conftest import CODE, Standing
from tests.commands.looking import deadlines, last, refused, row, rows, told
from tests.makers import Province, at


def escalated(standing: Standing, state: str = "self_assessed", *, on: str = "2024-07-22") -> Province:
    province = standing(state)
    province.addressed()
    province.difficulty(CODE, "xa", on=on)
    return province


def heard(province: Province, rung: str) -> set[str]:
    """Who has a notice of lines of that name, by handle."""
    handles = {person: handle for handle, person in province.people.items()}
    meant = {r["id"] for r in rows(province, "rung") if r["rung"] == rung}
    return {handles[n["person"]] for n in rows(province, "notice") if n["rung"] in meant}


def is_clean(province: Province) -> bool:
    with province.database.reading() as session:
        return verify(session, province.law).findings == ()


# --- raising a difficulty ---


def test_a_difficulty_is_brought_before_whom_the_definition_names_at_once(standing):
    province = standing("self_assessed")
    province.addressed()

    receipt = province.difficulty(CODE, "xa", on="2024-07-22", reason="chưa có hướng dẫn tiêu chí 13")

    entry, [escalation] = last(province, CODE), rows(province, "escalation")
    body = {"cause": "raised", "addressee": "dard_appraiser", "mandate": "must_answer", "answer_by": "2024-07-29"}
    assert (receipt.kind, receipt.body, entry["body"]) == ("escalated", body, body)
    assert told(province, f"dossier/{CODE}", receipt.seq)["reason"] == "chưa có hướng dẫn tiêu chí 13"
    assert (escalation["seq"], escalation["cause"], escalation["answer_by"]) == (
        receipt.seq,
        "raised",
        date(2024, 7, 29),
    )
    assert heard(province, "raised") == {"so"}
    [mail] = [d for d in rows(province, "delivery") if d["kind"] == "escalation"]
    assert (mail["recipient"], mail["available_at"]) == (province.people["so"], at("2024-07-22"))
    assert is_clean(province)


@pytest.mark.parametrize("handle", ["xa", "huyen", "mattran", "so", "vanthu", "bcd", "so-y-te"])
def test_any_unit_may_raise_a_difficulty(standing, handle):
    assert standing("self_assessed").difficulty(CODE, handle, on="2024-07-22").kind == "escalated"


@pytest.mark.parametrize("handle", ["thanhtra", "quantri"])
def test_whoever_only_looks_on_raises_none(standing, handle):
    province = standing("self_assessed")

    with refused(province, NotAllowed):
        province.difficulty(CODE, handle, on="2024-07-22")


def test_a_difficulty_is_refused_where_it_makes_no_sense(standing):
    province, ended = standing("self_assessed"), standing("recognized")

    with refused(province, BadInput) as silent:
        province.difficulty(CODE, "xa", on="2024-07-22", reason=" ")
    with refused(province, NotFound):
        province.difficulty(CODE, "huyen2", on="2024-07-22")
    with refused(ended, NotPossible):
        ended.difficulty(CODE, "xa", on="2024-10-22")
    province.pause(CODE, "huyen", on="2024-07-22")
    with refused(province, Paused):
        province.difficulty(CODE, "xa", on="2024-07-22")

    assert silent.value.facts == {"field": "reason", "value": "", "why": "missing"}


def test_a_difficulty_is_raised_once_for_its_key(standing):
    province = standing("self_assessed")

    first = province.difficulty(CODE, "xa", on="2024-07-22", key="k1")
    again = province.difficulty(CODE, "xa", on="2024-07-23", key="k1")

    assert (again.seq, again.replayed, len(rows(province, "escalation"))) == (first.seq, True, 1)
    with refused(province, KeyReused):
        province.difficulty(CODE, "xa", on="2024-07-23", key="k1", reason="khác")


def test_what_no_sweep_has_seen_is_settled_before_a_difficulty_is_raised(standing):
    province = standing("registered")

    province.difficulty(CODE, "xa", on="2024-08-09")  # two days after the committee should have heard

    late = {r["rung"]: r["outcome"] for r in rows(province, "rung") if r["addressee"] == "steering_committee"}
    assert late == {"+5wd": "late", "+15wd": "replaced"}
    assert sorted(e["cause"] for e in rows(province, "escalation")) == ["raised", "rung"]
    assert row(province, CODE).wake_at == at("2024-08-12", 7)


def test_a_difficulty_beside_the_machines_own_escalation_is_another(standing):
    province = standing("registered")
    province.sweep("2024-08-08")

    province.difficulty(CODE, "xa", on="2024-08-08")

    assert [(e["cause"], e["addressee"]) for e in rows(province, "escalation")] == [
        ("rung", "steering_committee"), ("raised", "dard_appraiser"),
    ]  # fmt: skip


# --- answering ---


def test_an_answer_closes_the_escalation_and_tells_the_holder(standing):
    province = escalated(standing)

    receipt = province.answer(CODE, "so", on="2024-07-23", number="77/SNN", dated="2024-07-22", reason="áp dụng QĐ 211")

    [escalation] = rows(province, "escalation")
    assert (receipt.kind, receipt.body) == (
        "answered", {"escalation": escalation["seq"], "number": "77/SNN", "date": "2024-07-22"},
    )  # fmt: skip
    assert escalation["closed_seq"] == receipt.seq
    assert told(province, f"dossier/{CODE}", receipt.seq)["reason"] == "áp dụng QĐ 211"
    assert heard(province, "answered") == {"huyen"}
    assert deadlines(province, CODE)["self_assessed"].due_version == 1
    assert is_clean(province)


def test_an_answer_with_a_new_date_moves_the_deadline_and_reminds_anew(standing):
    province = escalated(standing)

    receipt = province.answer(CODE, "bcd", on="2024-07-23", until="2024-09-20")

    moved = deadlines(province, CODE)["self_assessed"]
    assert receipt.body["due"] == [{"deadline": "self_assessed", "on": "2024-09-20"}]
    assert (moved.due_on, moved.due_version, moved.extended_until) == (date(2024, 9, 20), 2, date(2024, 9, 20))
    assert row(province, CODE).due_on == date(2024, 9, 20)
    province.sweep("2024-09-20")
    assert {
        (r["due_version"], r["due_on"].isoformat()) for r in rows(province, "rung") if r["key"] == "self_assessed"
    } == {(2, "2024-09-20")}
    assert is_clean(province)


@pytest.mark.parametrize("handle", ["xa", "huyen", "vanthu", "mattran"])
def test_nobody_answers_but_the_addressee_and_the_committee(standing, handle):
    province = escalated(standing)

    with refused(province, NotAllowed):
        province.answer(CODE, handle, on="2024-07-23")


@pytest.mark.parametrize(
    ("asked", "facts"),
    [
        ({"reason": " "}, {"field": "reason", "value": "", "why": "missing"}),
        ({"number": ""}, {"field": "number", "value": "", "why": "missing"}),
        ({"dated": "2024-07-24"}, {"field": "date", "value": "2024-07-24", "why": "after_the_act"}),
        ({"until": "2024-08-26"}, {"field": "until", "value": "2024-08-26", "why": "not_later"}),
    ],
)
def test_an_answer_needs_an_opinion_a_document_and_a_later_date(standing, asked, facts):
    province = escalated(standing)

    with refused(province, BadInput) as refusal:
        province.answer(CODE, "so", on="2024-07-23", **asked)

    assert refusal.value.facts == facts


def test_a_new_date_must_be_one_that_can_be_watched(standing):
    province = escalated(standing)

    with refused(province, CalendarMissing):
        province.answer(CODE, "so", on="2024-07-23", until="2028-01-05")


def test_an_answer_is_to_an_escalation_that_is_open(standing):
    province = escalated(standing)
    first = rows(province, "escalation")[0]["seq"]

    with refused(province, NotFound) as unknown:
        province.answer(CODE, "so", on="2024-07-23", seq=99)
    second = province.difficulty(CODE, "huyen", on="2024-07-23").seq
    with refused(province, BadInput) as several:
        province.answer(CODE, "so", on="2024-07-23")
    for seq in (first, second):
        province.answer(CODE, "so", on="2024-07-23", seq=seq)
    with refused(province, NotFound) as none:
        province.answer(CODE, "so", on="2024-07-23")

    assert unknown.value.facts["name"] == "99"
    assert several.value.facts == {"field": "escalation", "value": f"{first}, {second}", "why": "several_open"}
    assert none.value.facts["name"] == CODE


def test_an_answer_is_given_once_for_its_key(standing):
    province = escalated(standing)

    first = province.answer(CODE, "so", on="2024-07-23", key="k1")
    again = province.answer(CODE, "so", on="2024-07-23", key="k1")

    assert (again.seq, again.replayed) == (first.seq, True)
    with refused(province, KeyReused):
        province.answer(CODE, "so", on="2024-07-23", key="k1", until="2024-09-20")


def test_an_answer_waits_while_the_clock_stands_still(standing):
    province = escalated(standing)
    province.pause(CODE, "huyen", on="2024-07-23")

    with refused(province, Paused):
        province.answer(CODE, "so", on="2024-07-23")


def test_at_its_end_a_dossier_has_no_deadline_of_its_state_to_move(standing):
    province = standing("recognized")
    province.sweep("2024-12-02")

    with refused(province, NoSuchDeadline):
        province.answer(CODE, "bcd", on="2024-12-02", until="2024-12-20")
    receipt = province.answer(CODE, "bcd", on="2024-12-02", until="2024-12-20", deadline="announcement")

    assert receipt.body["due"] == [{"deadline": "announcement", "on": "2024-12-20"}]
    assert row(province, CODE).due_on is None
    assert [e["closed_seq"] is None for e in rows(province, "escalation")] == [False]
    assert is_clean(province)
