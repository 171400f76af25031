"""Deadlines counted anew after the calendar changed: what moves, what stays, who may, and what history says of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert

from dossier_engine.commands.adopt import note_calendar
from dossier_engine.commands.recompute import Moved, recompute
from dossier_engine.commands.sweep import sweep
from dossier_engine.errors import BadInput, CalendarMissing, NotAllowed
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from tests.commands.conftest import CODE
from tests.commands.looking import deadlines, entries, last, refused, row, rows, told
from tests.makers import LUONG_DIEN, SETUP, Province, at

NEW = "b" * 64
DAY_OFF = "2024-08-28"
Standing = Callable[[str], Province]


def installed(province: Province) -> Province:
    """What `adopt_province` says of the calendar."""
    calendar = province.law.calendar
    with province.writing() as session:
        note_calendar(session, calendar, SETUP, now=at("2024-01-02"), rng=province.rng)
        values = {"one": 1, "demonstration": False, "calendar": calendar.version}
        session.execute(insert(TABLES["installation"]).values(**values))
    return province


def with_a_day_off(province: Province, day: str = DAY_OFF) -> Province:
    """The same province after an upgrade that brought another calendar."""
    calendar = province.law.calendar
    changed = replace(calendar, off=calendar.off | {date.fromisoformat(day)}, version=NEW)
    return replace(province, law=replace(province.law, calendar=changed))


def recomputed(province: Province, handle: str = "quantri", *, on: str = "2024-08-20", reason: str = "TB 123/TB-BNV",
               commit: bool = True) -> tuple[Moved, ...]:  # fmt: skip
    act = province.act(handle, reason=reason)
    with province.writing(commit=commit) as session:
        return recompute(session, province.law, act, now=at(on), rng=province.rng)


@pytest.fixture
def received(standing: Standing) -> Province:
    """Cẩm Hưng's dossier at the district, its file received on 13/08: the report is due on 05/09."""
    province = installed(standing("self_assessed"))
    province.record(CODE, "huyen", "district_receipt", {"receipt": {"on": "2024-08-13"}}, on="2024-08-13")
    return province


# --- what moves ---


def test_a_limit_in_working_days_ends_a_day_later_for_a_day_off_in_between(received):
    before = deadlines(received, CODE)["review_report"]

    moved = recomputed(with_a_day_off(received))

    after = deadlines(received, CODE)["review_report"]
    assert [(m.dossier, m.key, m.was, m.due_on) for m in moved] == [
        (CODE, "review_report", date(2024, 9, 5), date(2024, 9, 6))
    ]
    assert (before.due_on, after.due_on) == (date(2024, 9, 5), date(2024, 9, 6))
    assert after.due_version == before.due_version + 1
    assert after.set_at == at("2024-08-20").replace(tzinfo=after.set_at.tzinfo)


def test_a_limit_of_the_state_moves_with_the_dossiers_own_date(standing):
    province = installed(standing("district_reviewed"))
    was = row(province, CODE).due_on

    moved = recomputed(with_a_day_off(province), on="2024-08-19")

    assert [(m.key, m.was) for m in moved] == [("district_reviewed", was)]
    assert row(province, CODE).due_on == moved[0].due_on > was


def test_a_limit_in_calendar_days_that_ends_on_the_day_off_rolls(received):
    due = row(received, CODE).due_on

    moved = recomputed(with_a_day_off(received, due.isoformat()))

    assert {m.key: m.due_on for m in moved}["self_assessed"] > due
    assert row(received, CODE).due_on == {m.key: m.due_on for m in moved}["self_assessed"]


def test_days_of_a_pause_stay_left_out(received):
    received.pause(CODE, "huyen", on="2024-08-14")
    received.resume(CODE, "huyen", on="2024-08-16")
    was = deadlines(received, CODE)["review_report"].due_on

    moved = {m.key: m for m in recomputed(with_a_day_off(received))}

    assert (moved["review_report"].was, moved["review_report"].due_on) == (was, date(2024, 9, 10))


# --- what stays ---


def test_a_date_fixed_by_the_plan_stays(hai_duong):
    province = installed(hai_duong)
    province.register(on="2024-04-15")

    assert recomputed(with_a_day_off(province, "2024-07-30"), on="2024-07-01") == ()


def test_an_approved_date_stays(received):
    received.extend(CODE, "so", "2024-09-20", on="2024-08-14", deadline="review_report")

    assert recomputed(with_a_day_off(received)) == ()


def test_a_clock_that_stands_still_is_counted_when_it_runs_again(received):
    received.pause(CODE, "huyen", on="2024-08-14")
    later = with_a_day_off(received)

    assert recomputed(later) == ()

    later.resume(CODE, "huyen", on="2024-08-16")
    assert deadlines(later, CODE)["review_report"].due_on == date(2024, 9, 10)


def test_a_deadline_that_was_met_stays(received):
    received.bring(CODE, "review", on="2024-08-19", since="2024-08-13", skip=("district_receipt", "district_posting"))

    assert "review_report" not in {m.key for m in recomputed(with_a_day_off(received))}


def test_the_calendar_in_use_moves_nothing_and_leaves_no_entry(received):
    before = len(entries(received, "calendar"))

    assert recomputed(received) == ()

    assert len(entries(received, "calendar")) == before


def test_a_second_time_nothing_is_left_to_move(received):
    later = with_a_day_off(received)
    recomputed(later)

    assert recomputed(later) == ()


# --- what history says ---


def test_the_dossiers_entry_says_by_which_calendar_whose_order_and_why(received):
    version = row(received, CODE).version

    recomputed(with_a_day_off(received))

    entry, order = last(received, CODE), entries(received, "calendar")[-1]
    administrator = received.people["quantri"]
    assert (entry["kind"], entry["actor"]["person"]) == ("recomputed", "system:calendar")
    assert entry["body"] == {
        "state": "self_assessed", "due": [{"deadline": "review_report", "on": "2024-09-06"}], "calendar": NEW,
        "order": order["seq"], "ordered_by": administrator,
    }  # fmt: skip
    assert told(received, f"dossier/{CODE}", entry["seq"]) == {"reason": "TB 123/TB-BNV"}
    assert row(received, CODE).version == version + 1
    assert (order["kind"], order["actor"]["person"]) == ("calendar_in_use", administrator)
    assert (order["body"]["calendar"], order["body"]["instead_of"]) == (NEW, received.law.calendar.version)
    assert DAY_OFF in order["body"]["off"]
    assert [r["calendar"] for r in rows(received, "installation")] == [NEW]


def test_a_dossier_has_one_entry_however_many_of_its_deadlines_move(received):
    before = row(received, CODE)

    moved = recomputed(with_a_day_off(received, before.due_on.isoformat()), on="2024-08-14")

    assert [m.key for m in moved] == ["review_report", "self_assessed"]
    assert row(received, CODE).seq == before.seq + 1


def test_whole_histories_verify_afterwards_and_another_calendar_in_use_is_named(received):
    received.register("xa2", LUONG_DIEN, on="2024-08-13")
    later = with_a_day_off(received)
    recomputed(later)

    with later.database.reading() as session:
        assert verify(session, later.law).findings == ()
    with later.writing() as session:
        session.connection().exec_driver_sql("UPDATE installation SET calendar = 'x'")
    with later.database.reading() as session:
        assert {f.where for f in verify(session, later.law).findings} == {"installation calendar"}


def test_a_rehearsal_names_what_would_move_and_leaves_nothing(received):
    later, before = with_a_day_off(received), row(received, CODE)

    moved = recomputed(later, commit=False)

    assert [m.key for m in moved] == ["review_report"]
    assert row(received, CODE) == before
    assert deadlines(received, CODE)["review_report"].due_on == date(2024, 9, 5)


# --- who may ---


@pytest.mark.parametrize("handle", ["so", "bcd", "thanhtra", "huyen"])
def test_only_an_administrator_puts_a_calendar_in_use(received, handle):
    with refused(received, NotAllowed):
        recomputed(with_a_day_off(received), handle)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(received, reason):
    with refused(received, BadInput) as refusal:
        recomputed(with_a_day_off(received), reason=reason)

    assert refusal.value.facts["field"] == "reason"


def test_a_calendar_that_does_not_reach_a_date_is_refused_as_a_whole(received):
    later = with_a_day_off(received)
    short = replace(later.law.calendar, years=frozenset({2023}))

    with refused(received, CalendarMissing):
        recomputed(replace(later, law=replace(later.law, calendar=short)))


# --- reminders ---


def rungs(province: Province, key: str) -> list[tuple[int, str, str]]:
    found = [r for r in rows(province, "rung") if r["key"] == key and r["addressee"] == "holder"]
    return sorted((r["due_version"], r["rung"], f"{r['occurrence']:%d/%m}") for r in found)


def swept(province: Province, *days: str) -> None:
    for day in days:
        with province.writing() as session:
            sweep(session, province.law, now=at(day), rng=province.rng)


def test_rungs_told_for_the_old_date_stay_and_new_ones_follow_the_new_date(received):
    later = with_a_day_off(received)
    swept(received, "2024-08-20", "2024-08-21")  # -10wd of 05/09: two days of the feast are off

    recomputed(later, on="2024-08-23")
    swept(later, *(f"2024-08-{day}" for day in range(26, 32)), *(f"2024-09-{day:02}" for day in range(1, 7)))

    assert rungs(later, "review_report") == [
        (1, "-10wd", "20/08"), (2, "-1wd", "05/09"), (2, "-5wd", "27/08"), (2, "0wd", "06/09"),
    ]  # fmt: skip


def test_what_has_fallen_due_unseen_is_told_first_by_the_old_date(received):
    recomputed(with_a_day_off(received), on="2024-08-27")

    found = [r for r in rows(received, "rung") if r["key"] == "review_report"]
    assert {(r["due_version"], r["rung"], r["outcome"]) for r in found} == {
        (1, "-10wd", "replaced"),
        (1, "-5wd", "late"),
    }


def test_a_rung_that_was_told_is_not_told_again_because_the_new_calendar_puts_it_on_another_day(hai_duong):
    province = installed(hai_duong)
    province.register(on="2024-04-15")
    swept(province, "2024-07-24")
    later = with_a_day_off(province, "2024-07-25")

    recomputed(later, on="2024-07-24")
    swept(later, "2024-07-24", "2024-07-26")

    assert [r[1] for r in rungs(later, "registered")].count("-5wd") == 1


def test_a_rung_of_a_date_that_did_not_move_is_told_on_its_new_day(hai_duong):
    province = installed(hai_duong)
    province.register(on="2024-04-15")
    later = with_a_day_off(province, "2024-07-25")  # -5wd of 31/07 lies on 24/07 no longer, but on 23/07

    swept(province, "2024-07-22")
    recomputed(later, on="2024-07-22")
    swept(later, "2024-07-23")

    assert ("-5wd", "23/07") in {r[1:] for r in rungs(later, "registered")}
    assert row(later, "HD-2024-NC-0001").wake_at is not None
