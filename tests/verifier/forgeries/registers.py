"""Forgeries of registers, and of what every entry of a dossier has."""

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import NOBODY, appointed, dossier, first, moved, recorded
from tests.verifier.forging import Story
from tests.verifier.lives import CARRIED, CLIMBING, DISTRICT, LONG

# --- registers ---


@forges("register_wrong", "territory", r"recognition \['x'\]")
def a_recognition_of_no_locality_at_no_level(story: Story) -> None:
    story.entry("territory", "recognitions_imported")["body"]["recognitions"][0] = [["x"], {"a": 1}, None]


@forges("not_authorised", "territory", "system:setup")
def a_machine_that_claims_an_office(story: Story) -> None:
    story.entry("territory", "adopted")["actor"]["office"] = "thanh-tra-tinh"


@forges("register_wrong", "people", "office ubnd-huyen-291")
def an_appointment_to_another_territory_than_the_offices(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["territory"] = "30/295/"


@forges("register_wrong", "people", "role decision_clerk")
def an_appointment_to_a_role_the_office_does_not_exercise(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["role"] = "decision_clerk"


@forges("register_wrong", "people", "valid_to")
def an_appointment_that_ends_before_it_begins(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["valid_to"] = "2023-12-31"


@forges("register_wrong", "people", "person p-nobody")
def an_appointment_of_a_person_nobody_added(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["person"] = "p-nobody"


@forges("register_wrong", "people", "on_behalf_of")
def a_delegation_by_who_does_not_hold_it(story: Story) -> None:
    body = appointed(story, "ubnd-huyen-291")["body"]
    body |= {"on_behalf_of": appointed(story, "ubnd-tinh")["body"]["person"], "valid_to": "2024-12-31"}


@forges("register_wrong", "definitions", "definition small-advanced@1")
def a_definition_activated_under_the_hash_of_other_rules(story: Story) -> None:
    entry = story.entries["definitions"][-1]
    again = story.insert("definitions", entry["seq"] + 1, entry)
    again |= {"at": "2024-12-31T00:00:00.000000Z", "effective_on": "2024-12-31"}
    again["body"] |= {"definition": "0" * 64}


@forges("register_wrong", "calendar", "instead_of")
def a_calendar_that_follows_on_another(story: Story) -> None:
    story.entries["calendar"][1]["body"]["instead_of"] = "0" * 64


@forges("register_wrong", "territory", "locality 10507")
def a_locality_whose_path_is_not_its_own(story: Story) -> None:
    unit = next(u for u in story.entries["territory"][0]["body"]["localities"] if u["kind"] == "ward")
    unit["path"] = "30/295/"


@forges("not_authorised", "calendar", "not_allowed")
def a_calendar_put_in_use_by_who_is_no_administrator(story: Story) -> None:
    entry, actor = story.entries["calendar"][1], appointed(story, "ubnd-tinh")["body"]
    entry["actor"]["person"] = actor["person"]
    for moving in (e for s in story.entries.values() for e in s if e["kind"] == "recomputed"):
        moving["body"]["ordered_by"] = actor["person"]


@forges("kind_unknown", "people", "forgotten")
def something_filed_that_nobody_files(story: Story) -> None:
    entries = story.entries["people"]
    story.insert("people", len(entries) + 1, {**entries[-1], "kind": "forgotten", "private": {}})


@forges("dates_wrong", "people", "2024-01-01")
def something_filed_for_yesterday(story: Story) -> None:
    story.entry("people", "person_added")["effective_on"] = "2024-01-01"


@forges("body_wrong", "territory", r"ValueError: not enough values to unpack \(expected 3, got 1\)")
def recognitions_that_are_no_list(story: Story) -> None:
    story.entry("territory", "recognitions_imported", 1)["body"]["recognitions"] = [["10894"]]
    story.cut(dossier(DISTRICT), 1)


@forges("body_wrong", "people", "KeyError: 'person'|person")
def a_person_added_without_an_id(story: Story) -> None:
    last = story.entries["people"][-1]
    added = {**last, "kind": "person_added", "body": {}, "private": {}}
    story.insert("people", len(story.entries["people"]) + 1, added)


@forges("not_authorised", "reads", "not_allowed")
def an_export_by_who_is_no_auditor(story: Story) -> None:
    late = {"at": "2024-12-31T00:00:00.000000Z", "effective_on": "2024-12-31"}
    body = {"scope": "all", "size": 1, "streams": 1, "heads": "0" * 64, "manifest": "0" * 64}
    actor = moved(story, LONG, "recognize")["actor"]
    story.entries["reads"] = []
    story.insert("reads", 1, {**story.entries["people"][0], **late, "kind": "exported", "actor": actor, "body": body})
    story.entries["reads"][0]["private"] = {}


# --- any entry of a dossier ---


@forges("kind_unknown", dossier(LONG), "waved")
def an_act_nobody_does(story: Story) -> None:
    entries = story.entries[dossier(LONG)]
    story.insert(dossier(LONG), len(entries) + 1, {**entries[-1], "kind": "waved", "private": {}})


@forges("body_wrong", dossier(LONG), r"ValueError: names \['note'\]")
def a_word_too_many(story: Story) -> None:
    first(story, LONG, "paused")["body"]["note"] = "x"


@forges("body_wrong", dossier(LONG), "TypeError: list indices must be integers or slices, not str")
def a_value_of_another_kind(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"] = [["vote"]]


@forges("does_not_follow", dossier(LONG), "45: leaves district_reviewed but the dossier stood in dard_appraised")
def a_move_from_another_state(story: Story) -> None:
    moved(story, LONG, "recognize")["body"]["from"] = "district_reviewed"


@forges("does_not_follow", dossier(LONG), "45: takes effect before the previous entry")
def an_effect_before_the_previous_one(story: Story) -> None:
    moved(story, LONG, "recognize")["effective_on"] = "2024-09-01"


@forges("dates_wrong", dossier(LONG), "2024-12-24")
def an_effect_in_the_future(story: Story) -> None:
    moved(story, LONG, "revoke")["effective_on"] = "2024-12-24"


@forges("dates_wrong", dossier(CARRIED), "2024-09-16")
def a_machine_that_moves_the_legal_clock(story: Story) -> None:
    first(story, CARRIED, "escalated")["effective_on"] = "2024-09-16"


@forges("machine_acts", dossier(LONG), "system:reminders")
def a_record_by_a_machine(story: Story) -> None:
    recorded(story, LONG, "council_vote")["actor"] = {"person": "system:reminders", **NOBODY}


@forges("machine_acts", dossier(CARRIED), "system:calendar")
def an_escalation_by_another_machine(story: Story) -> None:
    first(story, CARRIED, "escalated")["actor"]["person"] = "system:calendar"


@forges("machine_acts", dossier(CLIMBING), "p-[a-z0-9]{16}")
def a_climb_by_a_person(story: Story) -> None:
    actor = first(story, CLIMBING, "registered")["actor"]
    first(story, CLIMBING, "climbed")["actor"] = actor
