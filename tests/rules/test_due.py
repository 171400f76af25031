"""What a sweep finds: what is told, what a newer one replaces, what is void, what is escalated, what climbs."""

from dataclasses import replace
from datetime import date

import pytest

from dossier_engine.rules.due import Climbed, answer_anew, answer_by, ended, plan, stalled_on, unstalled, wake
from dossier_engine.rules.ladder import fallen
from dossier_engine.rules.workflow import Rung
from tests.makers import at
from tests.rules.watching import ADVANCED, CALENDAR, a_pending, a_watched, an_escalation, lines, with_ladder

FRIDAY = "2024-06-28"
TO_HOLDER = Rung(-1, None, "holder", "remind", "inform", None)
WEEKLY = Rung(None, 0, "holder", "remind", "inform", None)
AT_HEAD = Rung(1, None, "head", "escalate", "must_answer", 2)


def found_at(watched, day, hour=7):
    return plan(watched, CALENDAR, now=at(day, hour))


# --- one rung ---


def test_nothing_is_due_before_its_hour_and_the_sweep_is_told_when_to_look():
    watched = a_watched(a_pending(FRIDAY), workflow=with_ladder(TO_HOLDER))

    early, sharp = found_at(watched, "2024-06-27", 6), found_at(watched, "2024-06-27")

    assert (lines(early), early.wake_at) == ([], at("2024-06-27", 7))
    assert (lines(sharp), sharp.wake_at) == (["registered -1wd holder 2024-06-27 sent"], None)


def test_what_the_ledger_holds_is_not_found_again():
    once = found_at(a_watched(a_pending(FRIDAY), workflow=with_ladder(TO_HOLDER)), "2024-06-27")
    told = frozenset((n.key, n.due_version, n.rung, n.addressee, n.occurrence) for n in once.lines)

    again = found_at(a_watched(a_pending(FRIDAY), workflow=with_ladder(TO_HOLDER), told=told), "2024-06-27", 8)

    assert lines(again) == []


def test_a_rung_dated_before_its_due_date_was_set_is_no_rung_at_all():
    ladder = with_ladder(TO_HOLDER, replace(TO_HOLDER, working_days=0))
    late, before_seven = a_pending(FRIDAY, set_at="2024-06-27"), replace(a_pending(FRIDAY), set_at=at("2024-06-27", 6))

    assert lines(found_at(a_watched(late, workflow=ladder), "2024-06-28")) == ["registered 0wd holder 2024-06-28 sent"]
    assert len(lines(found_at(a_watched(before_seven, workflow=ladder), "2024-06-28"))) == 2


def test_nothing_falls_due_while_the_clock_stands_still():
    watched = a_watched(
        a_pending("2024-05-31"), is_paused=True, acted_on="2024-01-05",
        escalations=(an_escalation("head", "2024-06-03", since="2024-05-31"),),
    )  # fmt: skip

    found = found_at(watched, FRIDAY)

    assert (lines(found), found.raised, found.climbed, found.wake_at) == ([], None, [], None)


# --- what was missed ---


@pytest.mark.parametrize(
    ("rung", "day", "hour", "outcome"),
    [
        # One hour, three days, thirty days after 07:00 of Thursday 27/06, or of the day of the rung.
        (TO_HOLDER, "2024-06-27", 8, ["registered -1wd holder 2024-06-27 sent"]),
        (TO_HOLDER, "2024-06-30", 7, ["registered -1wd holder 2024-06-27 late"]),
        (TO_HOLDER, "2024-07-27", 7, ["registered -1wd holder 2024-06-27 late"]),
        (AT_HEAD, "2024-07-01", 8, ["registered +1wd head 2024-07-01 sent"]),
        (AT_HEAD, "2024-07-04", 7, ["registered +1wd head 2024-07-01 late"]),
        (AT_HEAD, "2024-07-31", 7, ["registered +1wd head 2024-07-01 late"]),
        (WEEKLY, "2024-07-01", 8, ["registered weekly holder 2024-07-01 sent"]),
        (WEEKLY, "2024-07-04", 7, ["registered weekly holder 2024-07-01 late"]),
        (WEEKLY, "2024-07-31", 7, [
            "registered weekly holder 2024-07-01 replaced newer", "registered weekly holder 2024-07-08 replaced newer",
            "registered weekly holder 2024-07-15 replaced newer", "registered weekly holder 2024-07-22 replaced newer",
            "registered weekly holder 2024-07-29 late",
        ]),
    ],
)  # fmt: skip
def test_after_an_outage_the_newest_is_sent_late_and_replaces_the_older_ones(rung, day, hour, outcome):
    watched = a_watched(a_pending(FRIDAY), workflow=with_ladder(rung))

    assert lines(found_at(watched, day, hour)) == outcome


def test_of_a_whole_ladder_missed_each_addressee_hears_of_the_newest():
    found = found_at(a_watched(a_pending(FRIDAY)), "2024-07-07", 12)

    newest = ["registered +5wd holder 2024-07-05 late", "registered +1wd head 2024-07-01 late",
              "registered +3wd dard_appraiser 2024-07-03 late",
              "registered +5wd steering_committee 2024-07-05 late"]  # fmt: skip
    assert sorted(n for n in lines(found) if not n.endswith("newer")) == sorted(newest)
    assert [n.rung for n in found.lines if n.why == "newer"] == [
        "-10wd", "-5wd", "-1wd", "0wd", "+1wd", "+2wd", "+3wd", "+4wd",
    ]  # fmt: skip


def test_deadlines_do_not_replace_one_another():
    ladder = with_ladder(TO_HOLDER)
    watched = a_watched(a_pending(FRIDAY), a_pending("2024-06-27", key="district_receipt"), workflow=ladder)

    assert [n.outcome for n in found_at(watched, "2024-06-29").lines] == ["late", "late"]


@pytest.mark.parametrize(
    ("met_on", "void"),
    [("2024-07-02", ["weekly 2024-07-01"]), ("2024-07-08", ["weekly 2024-07-01", "weekly 2024-07-08"])],
)
def test_what_was_missed_of_a_deadline_that_has_been_met_since_is_void(met_on, void):
    watched = a_watched(a_pending(FRIDAY, met_on=met_on), workflow=with_ladder(WEEKLY))

    found = found_at(watched, "2024-07-20")

    assert [f"{n.rung} {n.occurrence}" for n in found.lines] == void
    assert {(n.outcome, n.why, n.tells) for n in found.lines} == {("void", "met", False)}
    assert found.wake_at is None


def test_a_deadline_met_in_the_small_hours_of_a_rungs_day_is_still_looked_at_that_morning():
    watched = a_watched(a_pending(FRIDAY, met_on="2024-06-27"), workflow=with_ladder(TO_HOLDER))

    night, morning = found_at(watched, "2024-06-27", 1), found_at(watched, "2024-06-27")

    assert (lines(night), night.wake_at) == ([], at("2024-06-27", 7))
    assert (lines(morning), morning.wake_at) == (["registered -1wd holder 2024-06-27 void met"], None)


def test_what_was_missed_of_a_stage_that_ends_is_void_whatever_it_was():
    watched = a_watched(
        a_pending(FRIDAY), a_pending("2024-06-27", key="x", met_on="2024-06-26"), acted_on="2024-06-03",
        escalations=(an_escalation("steering_committee", None, since="2024-06-20"),
                     an_escalation("head", "2024-06-21", since="2024-06-19", seq=8)),
    )  # fmt: skip

    found = ended(watched, CALENDAR, now=at("2024-06-29"))

    assert {line.outcome for line in found} == {"void"}
    assert {line.key: line.why for line in found} == {
        "registered": "left", "x": "met", "stalled": "left", "escalation/7": "left", "escalation/8": "left",
    }  # fmt: skip


# --- escalations ---


def test_an_escalation_opens_with_its_limit_and_is_looked_at_when_that_is_over():
    found = found_at(a_watched(a_pending(FRIDAY), workflow=with_ladder(AT_HEAD)), "2024-07-01")

    assert (found.raised.cause, found.raised.mandate, found.raised.answer_by) == (
        "rung",
        "must_answer",
        date(2024, 7, 3),
    )
    assert found.wake_at == at("2024-07-04", 7)


def test_the_machine_has_one_escalation_open_in_a_stage():
    both = with_ladder(AT_HEAD, replace(AT_HEAD, working_days=2))
    open_already = an_escalation("head", "2024-07-31", since="2024-06-20")

    at_once = found_at(a_watched(a_pending(FRIDAY), workflow=both), "2024-07-10")
    beside = found_at(a_watched(a_pending(FRIDAY), workflow=both, escalations=(open_already,)), "2024-07-10")

    assert [(n.outcome, n.why) for n in at_once.lines] == [("late", None), ("replaced", "already_escalated")]
    assert [(n.outcome, n.why) for n in beside.lines] == [("replaced", "already_escalated")] * 2
    assert (at_once.raised.line.rung, beside.raised) == ("+1wd", None)


def test_a_difficulty_raised_by_hand_does_not_keep_the_machine_from_escalating():
    by_hand = an_escalation("dard_appraiser", "2024-07-31", since="2024-06-20", cause="raised")

    found = found_at(a_watched(a_pending(FRIDAY), workflow=with_ladder(AT_HEAD), escalations=(by_hand,)), "2024-07-01")

    assert found.raised is not None


def test_whoever_only_has_to_know_is_not_pressed():
    informed = replace(AT_HEAD, mandate="inform", answer_days=None)

    found = found_at(a_watched(a_pending(FRIDAY), workflow=with_ladder(informed)), "2024-07-01")
    later = a_watched(escalations=(an_escalation("head", None, since="2024-07-01", mandate="inform"),), is_open=False)

    assert (found.raised.answer_by, found.wake_at) == (None, None)
    assert (lines(found_at(later, "2024-12-02")), wake(later, CALENDAR, after=date(2024, 12, 2))) == ([], None)


def test_without_a_calendar_for_it_an_answer_has_no_last_day():
    assert answer_by(AT_HEAD, date(2027, 12, 30), CALENDAR) is None
    assert answer_by(replace(AT_HEAD, answer_days=None), date(2024, 7, 1), CALENDAR) is None


def test_an_escalation_is_asked_anew_with_as_many_days_as_at_first():
    asked = an_escalation("head", "2024-07-03", since="2024-07-01")

    assert answer_anew(asked, date(2024, 8, 2), CALENDAR) == date(2024, 8, 6)
    assert answer_anew(replace(asked, answer_by=None), date(2024, 8, 2), CALENDAR) is None


# --- stalled ---


def test_a_dossier_on_which_nobody_acts_for_fifteen_working_days_is_stalled_once():
    watched = a_watched(a_pending("2024-12-31"), acted_on="2024-04-15")

    assert stalled_on(watched, CALENDAR) == date(2024, 5, 9)  # without 18/04, 29/04 to 01/05, but with Saturday 04/05
    assert lines(found_at(watched, "2024-05-08")) == []
    found = found_at(watched, "2024-05-09")
    assert lines(found) == ["stalled +15wd steering_committee 2024-05-09 sent"]
    assert (found.raised.cause, found.raised.answer_by) == ("stalled", date(2024, 5, 23))
    assert found.wake_at == at("2024-05-13", 7)  # the committee's digest
    told = frozenset({("stalled", 0, "+15wd", "steering_committee", date(2024, 5, 9))})
    assert lines(found_at(replace(watched, told=told), "2024-06-08")) == []


def test_a_dossier_at_its_end_does_not_stall():
    assert stalled_on(a_watched(acted_on="2024-04-15", is_open=False), CALENDAR) is None


def test_that_a_dossier_had_stalled_is_void_for_whoever_acts_now():
    watched = a_watched(a_pending("2024-05-10"), acted_on="2024-04-15")

    [line] = unstalled(watched, CALENDAR, now=at("2024-05-10"))

    assert (line.key, line.occurrence, line.outcome, line.why) == ("stalled", date(2024, 5, 9), "void", "acted")


# --- unanswered ---


@pytest.mark.parametrize(
    ("first", "next_up"),
    [("holder", "head"), ("head", "dard_appraiser"), ("dard_appraiser", "steering_committee"),
     ("district_reviewer", "steering_committee")],
)  # fmt: skip
def test_what_nobody_answers_climbs_with_as_many_days_to_answer(first, next_up):
    watched = a_watched(escalations=(an_escalation(first, "2024-07-03", since="2024-07-01"),))

    in_time, over = found_at(watched, "2024-07-03", 23), found_at(watched, "2024-07-04")

    assert (in_time.climbed, in_time.wake_at) == ([], at("2024-07-04", 7))
    assert over.climbed == [Climbed(7, next_up, date(2024, 7, 8))]
    assert lines(over) == [f"escalation/7 unanswered {next_up} 2024-07-04 sent"]
    assert over.lines[0].kind == "escalate"


def test_after_an_outage_it_climbs_one_step_and_that_one_has_its_days():
    watched = a_watched(escalations=(an_escalation("holder", "2024-07-03", since="2024-07-01"),))

    found = found_at(watched, "2024-08-05")

    assert lines(found) == ["escalation/7 unanswered head 2024-07-04 late"]
    assert found.climbed == [Climbed(7, "head", date(2024, 8, 7))]
    assert found.wake_at == at("2024-08-08", 7)


def test_at_the_committee_it_stays_in_the_weekly_digest():
    watched = a_watched(escalations=(an_escalation("steering_committee", "2024-07-15", since="2024-07-01"),))

    assert lines(found_at(watched, "2024-07-07")) == []
    first = found_at(watched, "2024-07-08")
    assert (lines(first), first.lines[0].kind) == (["escalation/7 weekly steering_committee 2024-07-08 sent"], "digest")
    assert (first.climbed, first.wake_at) == ([], at("2024-07-15", 7))
    assert lines(found_at(watched, "2024-07-16")) == [
        "escalation/7 weekly steering_committee 2024-07-08 replaced newer",
        "escalation/7 weekly steering_committee 2024-07-15 late",
    ]


def test_a_digest_put_off_by_a_holiday_is_still_ahead_while_the_holiday_lasts():
    watched = a_watched(
        escalations=(an_escalation("steering_committee", "2024-02-20", since="2024-02-05"),), is_open=False
    )

    for day in ("2024-02-09", "2024-02-12", "2024-02-14"):
        assert wake(watched, CALENDAR, after=fallen(at(day))) == at("2024-02-15", 7)


def test_what_climbs_to_the_committee_is_in_the_digest_of_the_next_week():
    watched = a_watched(escalations=(an_escalation("dard_appraiser", "2024-07-03", since="2024-07-01"),))

    assert found_at(watched, "2024-07-04").wake_at == at("2024-07-08", 7)


def test_an_answer_that_was_due_while_nobody_looked_is_looked_for_at_once():
    watched = a_watched(escalations=(an_escalation("head", "2024-07-03", since="2024-07-01"),))

    assert wake(watched, CALENDAR, after=date(2024, 7, 20)) == at("2024-07-20", 7)


def test_an_answer_due_on_the_last_day_of_the_calendar_is_waited_for():
    watched = a_watched(escalations=(an_escalation("head", "2027-12-31", since="2027-12-29"),), is_open=False)

    assert (lines(found_at(watched, "2027-12-31")), found_at(watched, "2027-12-31").wake_at) == ([], None)


def test_the_shipped_definitions_stall_before_the_committee():
    assert (ADVANCED.stalled.name, ADVANCED.stalled.to) == ("+15wd", "steering_committee")
