"""An escalation that nobody answers: from the head to the department, to the committee, and into its weekly digest.

The definition is made for the case: its ladder asks the head of the holding office for an answer within two days.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dossier_engine.commands.activate import activate
from dossier_engine.errors import NotAllowed
from dossier_engine.queries.audit import verify
from tests.commands.looking import entries, refused, row, rows
from tests.makers import CAM_HUNG, SETUP, Province, at
from tests.workflows.small import changed
from workflows.loader import load

AT_HEAD = changed(
    ("{at: +5wd, to: steering_committee, kind: escalate, mandate: must_answer, answer_days: 10}",
     "{at: +1wd, to: head, kind: escalate, mandate: must_answer, answer_days: 2}"),
).encode()  # fmt: skip


@pytest.fixture
def climbing(hai_duong: Province) -> tuple[Province, str]:
    """Cẩm Hưng's dossier under that definition, due on 31/07, with a head and an address for everybody."""
    small = load(AT_HEAD, "small.yaml")
    law = hai_duong.law
    province = replace(hai_duong, law=replace(law, workflows={**law.workflows, small.sha256: small},
                                              active={**law.active, small.name: small.sha256}))  # fmt: skip
    with province.writing() as session:
        activate(session, small, AT_HEAD, SETUP, now=at("2024-01-03"), rng=province.rng)
    province.recognised("ntm", (CAM_HUNG, "Xã Cẩm Hưng"))
    province.appoint("chutich", "commune_officer", f"ubnd-xa-{CAM_HUNG}", head=True)
    province.addressed()
    return province, province.register(workflow=small.name, on="2024-07-25").dossier


def up_to(province: Province, *days: str) -> None:
    for day in days:
        province.sweep(day)


def steps(province: Province, code: str) -> list[tuple[Any, ...]]:
    """What the machine wrote into history: when, what, before whom, and until when they must answer."""
    found = [e for e in entries(province, f"dossier/{code}") if e["kind"] in ("escalated", "climbed")]
    return [(e["at"][:10], e["kind"], e["body"]["addressee"], e["body"]["answer_by"]) for e in found]


def heard(province: Province, kind: str) -> list[tuple[str, str, str, str]]:
    """Each notice of that kind: the day, the rung, who has it, and by which mail."""
    handles = {person: handle for handle, person in province.people.items()}
    mails = {d["id"]: d["topic"].partition("/")[0] for d in rows(province, "delivery")}
    rungs = {r["id"]: r for r in rows(province, "rung") if r["kind"] == kind}
    return [
        (f"{rungs[n['rung']]['occurrence']}", rungs[n["rung"]]["rung"], handles[n["person"]], mails[n["delivery"]])
        for n in sorted(rows(province, "notice"), key=lambda n: n["at"])
        if n["rung"] in rungs
    ]


ALL_THE_WAY = ("2024-08-01", "2024-08-05", "2024-08-06", "2024-08-08", "2024-08-09", "2024-08-12", "2024-08-19")


def test_what_nobody_answers_climbs_to_the_committee_and_stays_in_its_digest(climbing):
    province, code = climbing

    up_to(province, *ALL_THE_WAY)

    assert steps(province, code) == [
        ("2024-08-01", "escalated", "head", "2024-08-05"),
        ("2024-08-06", "climbed", "dard_appraiser", "2024-08-08"),
        ("2024-08-09", "climbed", "steering_committee", "2024-08-13"),
    ]
    assert heard(province, "escalate") == [
        ("2024-08-01", "+1wd", "chutich", "escalation"),
        ("2024-08-06", "unanswered", "so", "escalation"),
        ("2024-08-09", "unanswered", "bcd", "escalation"),
    ]
    assert heard(province, "digest") == [
        ("2024-08-12", "weekly", "bcd", "morning"), ("2024-08-19", "weekly", "bcd", "morning"),
    ]  # fmt: skip
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()


def test_the_digest_ends_with_the_answer(climbing):
    province, code = climbing
    up_to(province, *ALL_THE_WAY)

    province.answer(code, "bcd", on="2024-08-20", until="2024-09-30")
    up_to(province, "2024-08-26", "2024-09-05")

    assert [day for day, *_ in heard(province, "digest")] == ["2024-08-12", "2024-08-19"]
    assert row(province, code).due_on == date(2024, 9, 30)


def test_at_each_step_the_one_asked_and_the_committee_may_answer(climbing):
    province, code = climbing

    up_to(province, "2024-08-01")
    with refused(province, NotAllowed):
        province.answer(code, "so", on="2024-08-02")
    up_to(province, "2024-08-06")
    with refused(province, NotAllowed):
        province.answer(code, "chutich", on="2024-08-07")
    province.answer(code, "so", on="2024-08-07")

    assert [e["closed_seq"] is not None for e in rows(province, "escalation")] == [True]


def test_the_head_answers_what_was_brought_before_the_head(climbing):
    province, code = climbing
    up_to(province, "2024-08-01")

    receipt = province.answer(code, "chutich", on="2024-08-02")
    up_to(province, "2024-08-06")

    assert receipt.body["escalation"] == rows(province, "escalation")[0]["seq"]
    assert [kind for _, kind, *_ in steps(province, code)] == ["escalated"]


def test_after_a_month_without_sweeps_it_climbs_one_step_and_that_one_has_two_days(climbing):
    province, code = climbing
    up_to(province, "2024-08-01", "2024-09-04", "2024-09-06", "2024-09-09")

    assert steps(province, code)[1:] == [
        ("2024-09-04", "climbed", "dard_appraiser", "2024-09-06"),
        ("2024-09-09", "climbed", "steering_committee", "2024-09-11"),
    ]


def test_leaving_the_stage_ends_the_escalation(climbing):
    province, code = climbing
    up_to(province, "2024-08-01")

    province.advance(code, "xa", "withdraw", on="2024-08-07")  # the climb of the day before was not carried out yet
    up_to(province, "2024-08-26")

    assert [kind for _, kind, *_ in steps(province, code)] == ["escalated"]
    [unanswered] = [r for r in rows(province, "rung") if r["rung"] == "unanswered"]
    assert (unanswered["outcome"], unanswered["why"]) == ("void", "left")


def test_what_nobody_saw_climbs_before_a_difficulty_is_raised(climbing):
    province, code = climbing
    up_to(province, "2024-08-01")

    province.difficulty(code, "xa", on="2024-08-06")

    assert [(e["cause"], e["addressee"]) for e in rows(province, "escalation")] == [
        ("rung", "dard_appraiser"), ("raised", "dard_appraiser"),
    ]  # fmt: skip
