"""Forgeries of due dates, of the clock and of facts."""

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import dossier, first, moved, recorded
from tests.verifier.forging import Story
from tests.verifier.lives import LONG

# --- dates ---


@forges("due_differs", dossier(LONG), "district_reviewed: 2024-12-31, 2024-10-21")
def a_later_date_than_the_law_gives(story: Story) -> None:
    moved(story, LONG, "review")["body"]["due"][0]["on"] = "2024-12-31"


@forges("body_wrong", dossier(LONG), "ValueError: due")
def a_deadline_stated_twice(story: Story) -> None:
    due = moved(story, LONG, "review")["body"]["due"]
    due.append({**due[0]})


@forges("due_differs", dossier(LONG), "province_receipt: None, 2024-09-12")
def a_deadline_left_out(story: Story) -> None:
    moved(story, LONG, "review")["body"]["due"].pop()


@forges("due_differs", dossier(LONG), "review_report: 2024-12-31, 2024-09-05")
def a_later_date_from_the_receipt(story: Story) -> None:
    recorded(story, LONG, "district_receipt")["body"]["due"][0]["on"] = "2024-12-31"


@forges("due_differs", dossier(LONG), "review_report")
def a_receipt_that_begins_nothing(story: Story) -> None:
    body = recorded(story, LONG, "district_receipt")["body"]
    del body["due"], body["calendar"]


@forges("due_differs", dossier(LONG), "council_vote")
def a_record_that_gives_itself_a_date(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["due"] = []


@forges("due_differs", dossier(LONG), "council_vote")
def a_record_that_names_a_calendar(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["calendar"] = "b" * 64


@forges("due_differs", dossier(LONG), "review_report: 2024-12-31, 2024-09-10")
def a_pause_that_gained_too_many_days(story: Story) -> None:
    first(story, LONG, "resumed")["body"]["due"][0]["on"] = "2024-12-31"


@forges("due_differs", dossier(LONG), "review_report: 2024-12-31, 2024-09-06")
def a_date_counted_anew_to_another_day(story: Story) -> None:
    first(story, LONG, "recomputed")["body"]["due"][0]["on"] = "2024-12-31"


@forges("due_differs", dossier(LONG), "registered: 2024-08-31, 2024-07-31")
def a_registration_with_another_date(story: Story) -> None:
    first(story, LONG, "registered")["body"]["due"][0]["on"] = "2024-08-31"


@forges("extension_wrong", dossier(LONG), "self_assessed: 2024-08-21")
def an_extension_to_an_earlier_day(story: Story) -> None:
    first(story, LONG, "extended")["body"]["due"][0]["on"] = "2024-08-21"


@forges("extension_wrong", dossier(LONG), "2024-08-21")
def an_extension_by_a_document_dated_later(story: Story) -> None:
    first(story, LONG, "extended")["body"]["date"] = "2024-08-21"


@forges("extension_wrong", dossier(LONG), "announcement: 2024-10-15")
def an_extension_of_a_deadline_that_is_not_running(story: Story) -> None:
    body = first(story, LONG, "extended")["body"]
    body["deadline"] = body["due"][0]["deadline"] = "announcement"


@forges("extension_wrong", dossier(LONG), "self_assessed")
def an_extension_of_another_deadline_than_it_moves(story: Story) -> None:
    first(story, LONG, "extended")["body"]["deadline"] = "announcement"


@forges("due_differs", dossier(LONG), "self_assessed: 2024-10-15, 2024-10-16")
def a_pause_after_an_extension_that_gains_no_day(story: Story) -> None:
    extended = first(story, LONG, "extended")
    place = story.entries[dossier(LONG)].index(extended) + 2
    paused = story.insert(dossier(LONG), place, first(story, LONG, "paused"))
    resumed = story.insert(dossier(LONG), place + 1, first(story, LONG, "resumed"))
    paused |= {"at": extended["at"], "effective_on": extended["effective_on"], "private": {}}
    resumed |= {"at": "2024-08-21T02:00:00.000000Z", "effective_on": "2024-08-21", "private": {}}
    resumed["body"]["paused_from"] = extended["effective_on"]
    resumed["body"]["due"] = [{"deadline": "review_report", "on": "2024-09-11"},
                              {"deadline": "self_assessed", "on": "2024-10-15"}]  # fmt: skip
    for number in (place, place + 1):
        story.open(dossier(LONG), number, reason="bão")


@forges("words_missing", dossier(LONG), "reason")
def an_extension_without_a_reason(story: Story) -> None:
    extended = first(story, LONG, "extended")
    seq, extended["private"] = story.entries[dossier(LONG)].index(extended) + 1, {}
    story.private = [p for p in story.private if (p["stream"], p["seq"]) != (dossier(LONG), seq)]


@forges("body_wrong", dossier(LONG), "BadInput: .*'number'.*'not_plain_text'.*")
def an_extension_by_a_document_whose_number_cannot_be_read(story: Story) -> None:
    first(story, LONG, "extended")["body"]["number"] = "12\u200b/CV"


@forges("words_missing", dossier(LONG), "number")
def an_extension_without_a_document(story: Story) -> None:
    first(story, LONG, "extended")["body"]["number"] = " "


# --- the clock ---


@forges("not_while_paused", dossier(LONG), "2024-08-15")
def a_record_while_the_clock_stands_still(story: Story) -> None:
    resumed, later = first(story, LONG, "resumed"), recorded(story, LONG, "district_criteria")
    story.drop(dossier(LONG), story.entries[dossier(LONG)].index(later) + 1)
    paused = first(story, LONG, "paused")
    place = story.entries[dossier(LONG)].index(resumed) + 1
    inserted = story.insert(dossier(LONG), place, later)
    inserted |= {"at": paused["at"], "effective_on": paused["effective_on"]}


@forges("not_paused", dossier(LONG), "2024-08-15")
def a_resumption_of_a_clock_that_runs(story: Story) -> None:
    paused = first(story, LONG, "paused")
    story.drop(dossier(LONG), story.entries[dossier(LONG)].index(paused) + 1)


@forges("not_in_this_state", dossier(LONG), "registered")
def a_pause_in_another_state(story: Story) -> None:
    first(story, LONG, "paused")["body"]["state"] = "registered"


@forges("not_in_this_state", dossier(LONG), "revoked")
def a_pause_after_the_end(story: Story) -> None:
    paused, end = first(story, LONG, "paused"), story.entries[dossier(LONG)][-1]
    seq = len(story.entries[dossier(LONG)]) + 1
    late = story.insert(dossier(LONG), seq, paused)
    late |= {"at": end["at"], "effective_on": end["effective_on"], "body": {"state": "revoked"}, "private": {}}
    story.open(dossier(LONG), seq, reason="bão")


@forges("calendar_not_in_use", dossier(LONG), "0{64}")
def a_resumption_by_an_unknown_calendar(story: Story) -> None:
    first(story, LONG, "resumed")["body"]["calendar"] = "0" * 64


@forges("not_in_this_state", dossier(LONG), "decision")
def a_record_of_what_the_state_does_not_ask(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["requirement"] = "decision"


@forges("not_in_this_state", dossier(LONG), "revoked")
def an_extension_in_a_state_that_has_none(story: Story) -> None:
    entries = story.entries[dossier(LONG)]
    late = story.insert(dossier(LONG), len(entries) + 1, first(story, LONG, "extended"))
    late |= {"at": entries[-2]["at"], "effective_on": entries[-2]["effective_on"]}
    late["private"] = {}


# --- facts ---


@forges("fact_wrong", dossier(LONG), "council_vote vote: bad_input")
def more_who_agree_than_are_present(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"][0]["agree"] = 999


@forges("fact_wrong", dossier(LONG), "decision decision: date_in_future")
def a_document_dated_tomorrow(story: Story) -> None:
    recorded(story, LONG, "decision")["body"]["items"][0]["date"] = "2024-09-21"


@forges("fact_wrong", dossier(LONG), "items")
def a_record_of_nothing(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"] = []


@forges("fact_wrong", dossier(LONG), "before_stage")
def a_receipt_before_the_stage(story: Story) -> None:
    body = recorded(story, LONG, "district_receipt")["body"]
    body["items"][0]["on"], body["due"][0]["on"] = "2024-07-18", "2024-08-08"


@forges("fact_wrong", dossier(LONG), "already_received")
def a_second_receipt_in_one_stage(story: Story) -> None:
    receipt = recorded(story, LONG, "district_receipt")
    story.insert(dossier(LONG), story.entries[dossier(LONG)].index(receipt) + 2, receipt)


@forges("fact_wrong", dossier(LONG), "items")
def two_departments_that_confirm_at_once(story: Story) -> None:
    one = recorded(story, LONG, "sector_confirmations")
    other = recorded(story, LONG, "sector_confirmations", 1)
    one["body"]["items"] = sorted(one["body"]["items"] + other["body"]["items"], key=lambda item: item["item"])
