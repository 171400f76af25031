"""Sweeps over one dossier's life: stalls, outages, stages that end, the clock that stands still."""

import gc
from datetime import date
from random import Random
from typing import Any

import pytest

from dossier_engine.commands.sweep import BATCH, Swept, sweep
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from tests.commands.conftest import CODE
from tests.commands.looking import last, row, rows
from tests.makers import LUONG_DIEN, Province, at


def ledger(province: Province, key: str | None = None) -> list[str]:
    """The ledger in order of time: rung, addressee, day, outcome and why."""
    found: list[dict[str, Any]] = [r for r in rows(province, "rung") if key in (None, r["key"])]
    found.sort(key=lambda r: (r["occurrence"], r["rung"], r["addressee"]))
    return [
        " ".join(filter(None, (r["rung"], r["addressee"], f"{r['occurrence']}", r["outcome"], r["why"]))) for r in found
    ]


def is_clean(province: Province) -> bool:
    with province.database.reading() as session:
        return verify(session, province.law).findings == ()


# --- what a sweep says of itself ---


def test_a_sweep_tells_what_it_did_and_that_it_was_there(standing):
    province = standing("registered")

    early, first, second = (
        province.sweep("2024-05-07", 6),
        province.sweep("2024-05-09"),
        province.sweep("2024-05-09", 8),
    )

    assert (early, second) == (Swept(), Swept())
    assert (first.dossiers, first.rungs, first.notices, first.escalations) == (1, {"sent": 1}, 1, 1)
    assert [(p["name"], p["at"]) for p in rows(province, "pulse")] == [("sweep", at("2024-05-09", 8))]


def test_a_sweep_takes_no_more_dossiers_than_it_was_told_and_the_longest_due_first(standing):
    province = standing("registered")
    province.register("xa2", LUONG_DIEN, on="2024-04-16")

    with province.writing() as session:
        one = sweep(session, province.law, now=at("2024-05-31"), rng=province.rng, most=1)
    rest = province.sweep("2024-05-31")

    assert (one.dossiers, rest.dossiers, BATCH) == (1, 1, 1_000)
    assert [e["dossier"] for e in rows(province, "escalation")] == [1, 2]


class Seeing(Random):
    """Randomness that notes whether garbage is collected when it is asked."""

    def __init__(self) -> None:
        super().__init__(1)
        self.collecting: list[bool] = []

    def getrandbits(self, k: int) -> int:
        self.collecting.append(gc.isenabled())
        return super().getrandbits(k)


@pytest.mark.parametrize("collects", [True, False])
def test_no_garbage_is_collected_in_a_batch_and_afterwards_all_is_as_it_was(standing, collects):
    province, rng, switch = standing("registered"), Seeing(), {True: gc.enable, False: gc.disable}
    switch[collects]()

    with province.writing() as session:
        sweep(session, province.law, now=at("2024-05-09"), rng=rng)
    after = gc.isenabled()
    gc.enable()

    assert (set(rng.collecting), after) == ({False}, collects)


# --- stalled ---


def test_a_dossier_on_which_nobody_acts_is_brought_before_the_committee(standing):
    province = standing("registered")
    province.addressed()

    province.sweep("2024-05-09", 6, 59)
    before = ledger(province)
    province.sweep("2024-05-09", 7)

    assert (before, ledger(province)) == ([], ["+15wd steering_committee 2024-05-09 sent"])
    body = last(province, CODE)["body"]
    assert (body["cause"], body["deadline"], body["addressee"], body["answer_by"]) == (
        "stalled", "stalled", "steering_committee", "2024-05-23",
    )  # fmt: skip
    assert row(province, CODE).version == 1  # an officer's form does not go stale
    assert is_clean(province)


def test_what_the_machine_does_is_no_act_of_a_person(standing):
    province = standing("registered")
    province.sweep("2024-05-09")

    assert row(province, CODE).acted_on == date(2024, 4, 15)


def test_whoever_acts_on_a_dossier_that_had_stalled_unseen_leaves_its_line_void(standing):
    province = standing("registered")

    vote = {"vote": {"agree": 95, "present": 100, "members": 120}}
    province.record(CODE, "xa", "commune_vote", vote, on="2024-05-20")

    assert ledger(province) == ["+15wd steering_committee 2024-05-09 void acted"]
    assert rows(province, "escalation") == []
    province.sweep("2024-06-09")
    assert ledger(province) == ["+15wd steering_committee 2024-05-09 void acted"]
    province.sweep("2024-06-10")  # fifteen working days later
    assert ledger(province)[1:] == ["+15wd steering_committee 2024-06-10 sent"]


def test_an_act_brings_the_next_look_forward_where_nothing_else_would(standing):
    province = standing("registered")
    with province.writing() as session:
        session.connection().execute(TABLES["wake"].update().values(at=None))

    vote = {"vote": {"agree": 95, "present": 100, "members": 120}}
    province.record(CODE, "xa", "commune_vote", vote, on="2024-05-20")

    assert row(province, CODE).wake_at == at("2024-06-10", 7)


def test_an_act_before_seven_leaves_what_falls_due_that_morning_to_that_morning(standing):
    province = standing("registered")
    province.sweep("2024-07-23", 8)

    province.difficulty(CODE, "xa", on="2024-07-24", hour=6)

    assert row(province, CODE).wake_at == at("2024-07-24", 7)


# --- outages ---


@pytest.mark.parametrize(
    ("day", "hour", "outcomes"),
    [
        ("2024-07-24", 8, {"-5wd": "sent"}),
        ("2024-07-27", 7, {"-5wd": "late"}),
        ("2024-08-23", 7, {
            "-5wd": "replaced", "-1wd": "replaced", "0wd": "replaced", "+1wd": "replaced", "+2wd": "replaced",
            "+3wd": "replaced", "+4wd": "replaced", "+5wd": "replaced", "weekly": "late",
        }),
    ],
)  # fmt: skip
def test_an_outage_of_an_hour_three_days_or_a_month_leaves_each_rung_accounted_for(standing, day, hour, outcomes):
    province = standing("registered")
    province.sweep("2024-07-23", 8)

    province.sweep(day, hour)

    found = {r["rung"]: r["outcome"] for r in sorted(rows(province, "rung"), key=lambda r: r["occurrence"])
             if r["addressee"] == "holder" and r["occurrence"] > date(2024, 7, 23)}  # fmt: skip
    assert found == outcomes
    assert row(province, CODE).wake_at > at(day, hour)
    assert is_clean(province)


def test_what_was_missed_of_a_stage_that_was_left_is_void(standing):
    province = standing("registered")
    province.sweep("2024-07-23", 8)

    province.advance(CODE, "xa", "withdraw", on="2024-07-30")
    swept = province.sweep("2024-09-01")

    assert ledger(province, "registered") == [
        "-10wd holder 2024-07-17 late", "-5wd holder 2024-07-24 void left", "-1wd holder 2024-07-30 void left",
    ]  # fmt: skip
    assert (row(province, CODE).wake_at, swept) == (None, Swept())


def test_what_was_missed_of_a_deadline_that_was_met_is_void(standing):
    province = standing("self_assessed")  # received until 17/07

    province.record(CODE, "huyen", "district_receipt", {"receipt": {"on": "2024-07-18"}}, on="2024-07-18")
    province.sweep("2024-07-19")

    assert ledger(province, "district_receipt") == [
        "-1wd holder 2024-07-16 void met", "0wd holder 2024-07-17 void met", "+1wd head 2024-07-18 void met",
        "+1wd holder 2024-07-18 void met",
    ]  # fmt: skip


# --- the clock that stands still ---


def test_nothing_falls_due_while_the_clock_stands_still_and_then_by_the_new_dates(standing):
    province = standing("self_assessed")
    province.sweep("2024-07-15", 8)
    before = ledger(province)
    province.pause(CODE, "huyen", on="2024-07-15")

    assert province.sweep("2024-07-29") == Swept()
    province.resume(CODE, "huyen", on="2024-07-29")
    province.sweep("2024-07-31")

    new = [r for r in rows(province, "rung") if r["due_version"] == 2]
    assert len(ledger(province)) == len(before) + len(new)
    assert {(r["key"], r["rung"], f"{r['occurrence']}") for r in new} == {
        ("district_receipt", "-1wd", "2024-07-30"), ("district_receipt", "0wd", "2024-07-31"),
    }  # fmt: skip


def test_an_open_escalation_has_its_whole_limit_again_when_the_clock_runs(standing):
    province = standing("self_assessed")
    raised = province.difficulty(CODE, "xa", on="2024-07-12")
    province.pause(CODE, "huyen", on="2024-07-15")

    resumed = province.resume(CODE, "huyen", on="2024-08-12")
    province.sweep("2024-08-19")
    in_time = rows(province, "escalation")[0]["addressee"]
    province.sweep("2024-08-20")

    assert resumed.body["escalations"] == [{"escalation": raised.seq, "answer_by": "2024-08-19"}]
    [climbed] = rows(province, "escalation")
    assert (in_time, climbed["addressee"]) == ("dard_appraiser", "steering_committee")
    assert climbed["answer_by"] == date(2024, 8, 27)  # five working days, as at first
    assert is_clean(province)
