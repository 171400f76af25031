"""Forgeries of escalations, and of when things were written down."""

from typing import Any

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import dossier, first, moved
from tests.verifier.forging import Story
from tests.verifier.lives import CARRIED, CLIMBING, LONG, NEXT, OFFICE

# --- escalations ---


@forges("escalation_wrong", dossier(CARRIED), "already_escalated")
def a_second_escalation_while_one_is_open(story: Story) -> None:
    story.insert(dossier(CARRIED), 3, first(story, CARRIED, "escalated"))


@forges("escalation_wrong", dossier(CARRIED), r"spite \+15wd")
def an_escalation_for_no_cause(story: Story) -> None:
    first(story, CARRIED, "escalated")["body"]["cause"] = "spite"


@forges("escalation_wrong", dossier(CARRIED), r"stalled \+15wd")
def an_escalation_of_a_dossier_that_had_not_stalled(story: Story) -> None:
    first(story, CARRIED, "escalated")["body"]["occurrence"] = "2024-09-11"


@forges("escalation_wrong", dossier(CARRIED), r"rung \+5wd")
def an_escalation_about_a_date_that_was_moved_since(story: Story) -> None:
    last = [e for e in story.entries[dossier(CARRIED)] if e["kind"] == "escalated"][-1]
    last["body"]["due_version"] = 1


@forges("escalation_wrong", dossier(CARRIED), "dard_appraiser")
def a_difficulty_with_a_rung(story: Story) -> None:
    raised = next(e for e in story.entries[dossier(CARRIED)] if e["body"].get("cause") == "raised")
    raised["body"]["rung"] = "+5wd"


@forges("escalation_wrong", dossier(CLIMBING), "1")
def a_climb_of_nothing(story: Story) -> None:
    first(story, CLIMBING, "climbed")["body"]["escalation"] = 1


@forges("not_while_paused", dossier(CLIMBING), "2024-08-01")
def a_climb_while_the_clock_stands_still(story: Story) -> None:
    entry = first(story, CLIMBING, "escalated")
    paused = {**first(story, LONG, "paused"), "at": entry["at"], "effective_on": "2024-08-01"}
    story.insert(dossier(CLIMBING), 3, {**paused, "body": {"state": "registered"}, "private": {}})
    story.open(dossier(CLIMBING), 3, reason="nghỉ")
    for later in story.entries[dossier(CLIMBING)][3:]:
        later["effective_on"] = "2024-08-01"


@forges("machine_acts", dossier(LONG), "system:reminders")
def dates_counted_anew_by_another_machine(story: Story) -> None:
    first(story, LONG, "recomputed")["actor"]["person"] = "system:reminders"


@forges("not_in_this_state", dossier(LONG), "registered")
def dates_counted_anew_in_another_state(story: Story) -> None:
    first(story, LONG, "recomputed")["body"]["state"] = "registered"


@forges("due_differs", dossier(LONG))
def dates_counted_anew_that_did_not_move(story: Story) -> None:
    story.insert(
        dossier(LONG),
        story.entries[dossier(LONG)].index(first(story, LONG, "recomputed")) + 2,
        first(story, LONG, "recomputed"),
    )
    again = story.entries[dossier(LONG)][story.entries[dossier(LONG)].index(first(story, LONG, "recomputed")) + 1]
    again["body"]["due"], again["private"] = [], {}


@forges("escalation_wrong", dossier(CARRIED), "answer_by 2024-12-31")
def a_day_to_answer_that_the_rules_do_not_give(story: Story) -> None:
    first(story, CARRIED, "escalated")["body"]["answer_by"] = "2024-12-31"


@forges("escalation_wrong", dossier(CARRIED), r"stalled \+15wd")
def an_escalation_before_its_day(story: Story) -> None:
    entry = first(story, CARRIED, "escalated")
    entry["at"] = "2024-09-12T00:00:00.000000Z"


@forges("escalation_wrong", dossier(CARRIED), r"rung \+9wd")
def an_escalation_by_a_rung_the_ladder_has_not(story: Story) -> None:
    last = [e for e in story.entries[dossier(CARRIED)] if e["kind"] == "escalated"][-1]
    last["body"]["rung"] = "+9wd"


@forges("escalation_wrong", dossier(CARRIED), "steering_committee")
def a_difficulty_brought_before_somebody_else(story: Story) -> None:
    raised = next(e for e in story.entries[dossier(CARRIED)] if e["body"].get("cause") == "raised")
    raised["body"]["addressee"] = "steering_committee"


@forges("escalation_wrong", dossier(CARRIED), "1")
def an_answer_to_what_nobody_asked(story: Story) -> None:
    first(story, CARRIED, "answered")["body"]["escalation"] = 1


@forges("escalation_wrong", dossier(CARRIED), "None")
def an_escalation_not_asked_again_after_a_pause(story: Story) -> None:
    del first(story, CARRIED, "resumed")["body"]["escalations"]


@forges("escalation_wrong", dossier(CARRIED), r"\[\{'answer_by': '2024-12-31', 'escalation': 4\}\]")
def an_escalation_asked_again_for_another_day(story: Story) -> None:
    first(story, CARRIED, "resumed")["body"]["escalations"][0]["answer_by"] = "2024-12-31"


def after_the_end(story: Story, entry: dict[str, Any], at: str, effective_on: str, **body: object) -> None:
    seq = len(story.entries[dossier(LONG)]) + 1
    late = story.insert(dossier(LONG), seq, entry)
    late |= {"at": at, "effective_on": effective_on, "private": {}}
    late["body"] |= body
    if entry["private"]:
        story.open(dossier(LONG), seq, reason="bão")


@forges("not_in_this_state", dossier(LONG), "revoked")
def a_difficulty_after_the_end(story: Story) -> None:
    raised = next(e for e in story.entries[dossier(CARRIED)] if e["body"].get("cause") == "raised")
    actor = first(story, LONG, "registered")["actor"]
    after_the_end(
        story, {**raised, "actor": actor}, "2024-12-23T02:00:01.000000Z", "2024-12-23", answer_by="2024-12-30"
    )


@forges("escalation_wrong", dossier(LONG), r"stalled \+15wd")
def an_escalation_of_a_dossier_that_had_ended(story: Story) -> None:
    stalled = first(story, CARRIED, "escalated")
    after_the_end(
        story, stalled, "2025-01-15T00:00:00.000000Z", "2024-12-23", occurrence="2025-01-14", answer_by="2025-02-05"
    )


@forges("not_while_paused", dossier(LONG), "2024-08-15")
def dates_counted_anew_while_the_clock_stands_still(story: Story) -> None:
    anew, paused = first(story, LONG, "recomputed"), first(story, LONG, "paused")
    place = story.entries[dossier(LONG)].index(anew) + 1
    story.drop(dossier(LONG), place)
    moved_down = story.insert(dossier(LONG), place + 1, anew)
    moved_down |= {"at": paused["at"], "effective_on": paused["effective_on"], "private": {}}


@forges("calendar_not_in_use", dossier(LONG), "b{64}")
def dates_counted_anew_by_order_of_another_calendar(story: Story) -> None:
    first(story, LONG, "recomputed")["body"]["order"] = 1


@forges("calendar_not_in_use", dossier(LONG), "b{64}")
def dates_counted_anew_without_an_order(story: Story) -> None:
    first(story, LONG, "recomputed")["body"]["order"] = 9


@forges("due_differs", dossier(CARRIED))
def dates_counted_anew_that_hang_on_no_calendar(story: Story) -> None:
    anew, begun = first(story, LONG, "recomputed"), first(story, CARRIED, "registered")
    added = story.insert(dossier(CARRIED), 2, anew)
    added |= {"at": begun["at"], "effective_on": begun["effective_on"], "private": {}}
    added["body"] |= {"state": "registered", "due": []}


@forges("escalation_wrong", dossier(CLIMBING), "steering_committee")
def a_climb_past_the_next_above(story: Story) -> None:
    first(story, CLIMBING, "climbed")["body"]["addressee"] = "steering_committee"


@forges("escalation_wrong", dossier(CLIMBING), "2024-08-05|answer_by 2024-08-08")
def a_climb_while_there_was_time_to_answer(story: Story) -> None:
    first(story, CLIMBING, "climbed")["at"] = "2024-08-05T02:00:00.000000Z"


# --- times ---


@forges("time_backwards", dossier(LONG), r"2024-12-20T01:59:59\.999999Z")
def an_act_recorded_before_the_previous_one(story: Story) -> None:
    moved(story, LONG, "revoke").update(at="2024-12-20T01:59:59.999999Z", effective_on="2024-12-20")


@forges("time_outside", dossier(OFFICE), r"2024-04-17T02:00:00\.000000Z")
def an_act_dated_back_by_months(story: Story) -> None:
    story.late[dossier(OFFICE), 1] = "2024-12-31T00:00:00.000000Z"


@forges("time_outside", dossier(LONG), r"2024-12-23T02:00:00\.000000Z")
def an_act_dated_after_a_witness_saw_it(story: Story) -> None:
    last = story.entries[dossier(LONG)]
    story.late = {(dossier(code), e["seq"]): "2024-12-20T02:00:00.000000Z" for code in (LONG, CARRIED, NEXT)
                  for e in story.entries[dossier(code)] if e["at"] > "2024-12-20"}  # fmt: skip
    assert (dossier(LONG), len(last)) in story.late
