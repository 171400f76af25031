"""One forgery for each thing the replay of the rules can find, by somebody who re-chains, re-roots and re-signs all."""

from collections.abc import Callable
from typing import Any

import pytest

from dossier_engine.verifier.finding import CLASSES
from tests.verifier.forging import Story, members, reported
from tests.verifier.lives import CARRIED, CLIMBING, DISTRICT, LONG, NEXT, OFFICE, SUCCEEDED

pytestmark = pytest.mark.slow  # Each forgery is a bundle made and verified twice.

Forge = Callable[[Story], None]
FORGERIES: list[tuple[str, str, Forge]] = []
NOBODY = dict.fromkeys(("role", "office", "territory", "on_behalf_of"))


def forges(code: str, stream: str = "") -> Callable[[Forge], Forge]:
    """The decorated forgery is found out as `code`, in that stream."""

    def kept(forge: Forge) -> Forge:
        FORGERIES.append((code, stream, forge))
        return forge

    return kept


def dossier(code: str) -> str:
    return f"dossier/{code}"


def moved(story: Story, code: str, transition: str, n: int = 0) -> dict[str, Any]:
    found = [e for e in story.entries[dossier(code)] if e["body"].get("transition") == transition]
    return found[n]


def recorded(story: Story, code: str, requirement: str, n: int = 0) -> dict[str, Any]:
    return [e for e in story.entries[dossier(code)] if e["body"].get("requirement") == requirement][n]


def first(story: Story, code: str, kind: str) -> dict[str, Any]:
    return story.entry(dossier(code), kind)


def appointed(story: Story, office: str) -> dict[str, Any]:
    return next(e for e in story.entries["people"] if e["kind"] == "appointed" and e["body"]["office"] == office)


# --- registers ---


@forges("register_wrong", "territory")
def a_recognition_of_no_locality_at_no_level(story: Story) -> None:
    story.entry("territory", "recognitions_imported")["body"]["recognitions"][0] = [["x"], {"a": 1}, None]


@forges("not_authorised", "territory")
def a_machine_that_claims_an_office(story: Story) -> None:
    story.entry("territory", "adopted")["actor"]["office"] = "thanh-tra-tinh"


@forges("register_wrong", "people")
def an_appointment_to_another_territory_than_the_offices(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["territory"] = "30/295/"


@forges("register_wrong", "people")
def an_appointment_to_a_role_the_office_does_not_exercise(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["role"] = "decision_clerk"


@forges("register_wrong", "people")
def an_appointment_that_ends_before_it_begins(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["valid_to"] = "2023-12-31"


@forges("register_wrong", "people")
def an_appointment_of_a_person_nobody_added(story: Story) -> None:
    appointed(story, "ubnd-huyen-291")["body"]["person"] = "p-nobody"


@forges("register_wrong", "people")
def a_delegation_by_who_does_not_hold_it(story: Story) -> None:
    body = appointed(story, "ubnd-huyen-291")["body"]
    body |= {"on_behalf_of": appointed(story, "ubnd-tinh")["body"]["person"], "valid_to": "2024-12-31"}


@forges("register_wrong", "definitions")
def a_definition_activated_under_the_hash_of_other_rules(story: Story) -> None:
    entry = story.entries["definitions"][-1]
    again = story.insert("definitions", entry["seq"] + 1, entry)
    again |= {"at": "2024-12-31T00:00:00.000000Z", "effective_on": "2024-12-31"}
    again["body"] |= {"definition": "0" * 64}


@forges("register_wrong", "calendar")
def a_calendar_that_follows_on_another(story: Story) -> None:
    story.entries["calendar"][1]["body"]["instead_of"] = "0" * 64


@forges("register_wrong", "territory")
def a_locality_whose_path_is_not_its_own(story: Story) -> None:
    unit = next(u for u in story.entries["territory"][0]["body"]["localities"] if u["kind"] == "ward")
    unit["path"] = "30/295/"


@forges("not_authorised", "calendar")
def a_calendar_put_in_use_by_who_is_no_administrator(story: Story) -> None:
    entry, actor = story.entries["calendar"][1], appointed(story, "ubnd-tinh")["body"]
    entry["actor"]["person"] = actor["person"]
    for moving in (e for s in story.entries.values() for e in s if e["kind"] == "recomputed"):
        moving["body"]["ordered_by"] = actor["person"]


@forges("kind_unknown", "people")
def something_filed_that_nobody_files(story: Story) -> None:
    entries = story.entries["people"]
    story.insert("people", len(entries) + 1, {**entries[-1], "kind": "forgotten", "private": {}})


@forges("dates_wrong", "people")
def something_filed_for_yesterday(story: Story) -> None:
    story.entry("people", "person_added")["effective_on"] = "2024-01-01"


@forges("body_wrong", "territory")
def recognitions_that_are_no_list(story: Story) -> None:
    story.entry("territory", "recognitions_imported", 1)["body"]["recognitions"] = [["10894"]]
    story.cut(dossier(DISTRICT), 1)


@forges("body_wrong", "people")
def a_person_added_without_an_id(story: Story) -> None:
    last = story.entries["people"][-1]
    added = {**last, "kind": "person_added", "body": {}, "private": {}}
    story.insert("people", len(story.entries["people"]) + 1, added)


@forges("not_authorised", "reads")
def an_export_by_who_is_no_auditor(story: Story) -> None:
    late = {"at": "2024-12-31T00:00:00.000000Z", "effective_on": "2024-12-31"}
    body = {"scope": "all", "size": 1, "streams": 1, "heads": "0" * 64, "manifest": "0" * 64}
    actor = moved(story, LONG, "recognize")["actor"]
    story.entries["reads"] = []
    story.insert("reads", 1, {**story.entries["people"][0], **late, "kind": "exported", "actor": actor, "body": body})
    story.entries["reads"][0]["private"] = {}


# --- any entry of a dossier ---


@forges("kind_unknown", dossier(LONG))
def an_act_nobody_does(story: Story) -> None:
    entries = story.entries[dossier(LONG)]
    story.insert(dossier(LONG), len(entries) + 1, {**entries[-1], "kind": "waved", "private": {}})


@forges("body_wrong", dossier(LONG))
def a_word_too_many(story: Story) -> None:
    first(story, LONG, "paused")["body"]["note"] = "x"


@forges("body_wrong", dossier(LONG))
def a_value_of_another_kind(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"] = [["vote"]]


@forges("does_not_follow", dossier(LONG))
def a_move_from_another_state(story: Story) -> None:
    moved(story, LONG, "recognize")["body"]["from"] = "district_reviewed"


@forges("does_not_follow", dossier(LONG))
def an_effect_before_the_previous_one(story: Story) -> None:
    moved(story, LONG, "recognize")["effective_on"] = "2024-09-01"


@forges("dates_wrong", dossier(LONG))
def an_effect_in_the_future(story: Story) -> None:
    moved(story, LONG, "revoke")["effective_on"] = "2024-12-24"


@forges("dates_wrong", dossier(CARRIED))
def a_machine_that_moves_the_legal_clock(story: Story) -> None:
    first(story, CARRIED, "escalated")["effective_on"] = "2024-09-16"


@forges("machine_acts", dossier(LONG))
def a_record_by_a_machine(story: Story) -> None:
    recorded(story, LONG, "council_vote")["actor"] = {"person": "system:reminders", **NOBODY}


@forges("machine_acts", dossier(CARRIED))
def an_escalation_by_another_machine(story: Story) -> None:
    first(story, CARRIED, "escalated")["actor"]["person"] = "system:calendar"


@forges("machine_acts", dossier(CLIMBING))
def a_climb_by_a_person(story: Story) -> None:
    actor = first(story, CLIMBING, "registered")["actor"]
    first(story, CLIMBING, "climbed")["actor"] = actor


# --- who ---


@forges("not_authorised", dossier(LONG))
def a_move_by_somebody_else(story: Story) -> None:
    moved(story, LONG, "recognize")["actor"]["person"] = first(story, CARRIED, "registered")["actor"]["person"]


@forges("not_authorised", dossier(LONG))
def a_move_in_a_role_that_may_not(story: Story) -> None:
    moved(story, LONG, "recognize")["actor"] = first(story, CARRIED, "answered")["actor"]


@forges("not_authorised", dossier(LONG))
def a_move_from_an_office_elsewhere(story: Story) -> None:
    body = appointed(story, "ubnd-huyen-291")["body"]
    actor = {"person": body["person"], "role": body["role"], "office": body["office"], "territory": body["territory"]}
    moved(story, LONG, "review")["actor"] = {**actor, "on_behalf_of": None}


@forges("not_authorised", dossier(LONG))
def an_act_before_its_appointment_was_entered(story: Story) -> None:
    delegation = next(e for e in story.entries["people"] if e["body"].get("on_behalf_of"))
    story.drop("people", delegation["seq"])
    again = story.insert("people", len(story.entries["people"]) + 1, delegation)
    again |= {"at": "2024-09-06T02:00:00.000001Z", "effective_on": "2024-09-06"}


@forges("not_authorised", dossier(LONG))
def an_act_after_its_appointment_ended(story: Story) -> None:
    delegation = next(e for e in story.entries["people"] if e["body"].get("on_behalf_of"))
    delegation["body"]["valid_to"] = "2024-09-05"


@forges("not_authorised", dossier(LONG))
def an_act_of_who_stands_in_without_saying_so(story: Story) -> None:
    moved(story, LONG, "review")["actor"]["on_behalf_of"] = None


@forges("not_authorised", dossier(LONG))
def a_confirmation_by_another_department(story: Story) -> None:
    one, other = (recorded(story, LONG, key) for key in ("no_construction_arrears", "security_not_complex"))
    one["actor"] = other["actor"]


@forges("not_authorised", dossier(LONG))
def a_registration_by_who_may_not(story: Story) -> None:
    first(story, LONG, "registered")["actor"] = moved(story, LONG, "recognize")["actor"]


@forges("not_authorised", dossier(LONG))
def a_pause_by_who_may_not(story: Story) -> None:
    first(story, LONG, "paused")["actor"] = moved(story, LONG, "recognize")["actor"]


@forges("not_authorised", dossier(LONG))
def an_extension_by_who_may_not(story: Story) -> None:
    first(story, LONG, "extended")["actor"] = first(story, LONG, "paused")["actor"]


@forges("not_authorised", dossier(CARRIED))
def an_answer_by_who_was_not_asked(story: Story) -> None:
    first(story, CARRIED, "answered")["actor"] = first(story, CARRIED, "registered")["actor"]


@forges("not_authorised", dossier(NEXT))
def a_next_year_opened_by_who_could_not_carry_over(story: Story) -> None:
    first(story, NEXT, "registered")["actor"] = first(story, CARRIED, "registered")["actor"]


@forges("separation_broken", dossier(LONG))
def an_appraisal_by_who_reviewed(story: Story) -> None:
    reviewer = moved(story, LONG, "review")["actor"]["person"]
    appraising = appointed(story, "so-nong-nghiep-va-ptnt")
    added = story.insert("people", len(story.entries["people"]) + 1, appraising)
    added["body"]["person"] = reviewer
    moved(story, LONG, "appraise")["actor"]["person"] = reviewer


@forges("separation_broken", dossier(LONG))
def an_appraisal_by_who_was_stood_in_for(story: Story) -> None:
    reviewer = moved(story, LONG, "review")["actor"]["on_behalf_of"]
    appraising = appointed(story, "so-nong-nghiep-va-ptnt")
    story.insert("people", len(story.entries["people"]) + 1, appraising)["body"]["person"] = reviewer
    moved(story, LONG, "appraise")["actor"]["person"] = reviewer


# --- moves ---


@forges("transition_unknown", dossier(LONG))
def a_move_the_definition_does_not_have(story: Story) -> None:
    moved(story, LONG, "review")["body"]["transition"] = "leap"


@forges("transition_unknown", dossier(LONG))
def a_move_from_a_state_that_has_it_not(story: Story) -> None:
    moved(story, LONG, "review")["body"]["transition"] = "appraise"


@forges("transition_unknown", dossier(LONG))
def a_move_to_another_state(story: Story) -> None:
    moved(story, LONG, "review")["body"]["to"] = "dard_appraised"


@forges("requirement_unmet", dossier(LONG))
def a_move_without_assent(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"][0]["agree"] = 1


@forges("requirement_unmet", dossier(LONG))
def a_move_on_a_fact_that_a_return_voided(story: Story) -> None:
    again = recorded(story, LONG, "commune_vote", 1)
    story.drop(dossier(LONG), story.entries[dossier(LONG)].index(again) + 1)


@forges("requirement_unmet", dossier(LONG))
def a_move_though_a_department_does_not_agree(story: Story) -> None:
    recorded(story, LONG, "sector_confirmations", 2)["body"]["items"][0]["result"] = "disagree"


@forges("requirement_unmet", dossier(DISTRICT))
def a_district_of_too_few_communes(story: Story) -> None:
    imports = [e for e in story.entries["territory"] if e["kind"] == "recognitions_imported"]
    imports[-1]["body"]["recognitions"] = imports[-1]["body"]["recognitions"][:3]


@forges("requirement_unmet", dossier(CLIMBING))
def a_commune_that_did_not_hold_what_it_must(story: Story) -> None:
    imports = [e for e in story.entries["territory"] if e["kind"] == "recognitions_imported"]
    held = imports[0]["body"]["recognitions"]
    imports[0]["body"]["recognitions"] = [r for r in held if r[0] != "10894"]


@forges("met_differs", dossier(LONG))
def a_move_that_does_not_list_what_was_met(story: Story) -> None:
    moved(story, LONG, "review")["body"]["met"].pop()


@forges("files_differ", dossier(LONG))
def a_move_with_other_files(story: Story) -> None:
    moved(story, LONG, "review")["body"]["files"] = ["0" * 64]


@forges("round_wrong", dossier(LONG))
def a_return_that_opens_no_round(story: Story) -> None:
    moved(story, LONG, "return_to_commune")["body"]["round"] = 1


@forges("words_missing", dossier(LONG))
def a_return_without_a_list(story: Story) -> None:
    del moved(story, LONG, "return_to_commune")["body"]["supplements"]


@forges("words_missing", dossier(LONG))
def a_list_with_something_the_definition_does_not_ask(story: Story) -> None:
    moved(story, LONG, "return_to_commune")["body"]["supplements"] = ["blessing"]


@forges("words_missing", dossier(LONG))
def a_pause_without_a_reason(story: Story) -> None:
    entry = first(story, LONG, "paused")
    seq = story.entries[dossier(LONG)].index(entry) + 1
    entry["private"] = {}
    story.private = [p for p in story.private if (p["stream"], p["seq"]) != (dossier(LONG), seq)]


@forges("definition_differs", dossier(LONG))
def a_move_under_another_definition(story: Story) -> None:
    moved(story, LONG, "review")["body"]["definition"] = "0" * 64


@forges("definition_differs", dossier(LONG))
def a_record_under_another_definition(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["definition"] = "0" * 64


@forges("calendar_not_in_use", dossier(LONG))
def a_date_by_an_unknown_calendar(story: Story) -> None:
    moved(story, LONG, "review")["body"]["calendar"] = "0" * 64


@forges("calendar_not_in_use", dossier(LONG))
def a_date_by_a_calendar_not_yet_in_use(story: Story) -> None:
    moved(story, LONG, "self_assess")["body"]["calendar"] = "b" * 64


@forges("calendar_not_in_use", dossier(LONG))
def dates_counted_anew_by_order_of_somebody_else(story: Story) -> None:
    first(story, LONG, "recomputed")["body"]["ordered_by"] = "p-nobody"


@forges("link_wrong", dossier(LONG))
def a_move_to_a_successor_that_needs_none(story: Story) -> None:
    moved(story, LONG, "review")["body"]["successor"] = CARRIED


# --- dates ---


@forges("due_differs", dossier(LONG))
def a_later_date_than_the_law_gives(story: Story) -> None:
    moved(story, LONG, "review")["body"]["due"][0]["on"] = "2024-12-31"


@forges("due_differs", dossier(LONG))
def a_deadline_left_out(story: Story) -> None:
    moved(story, LONG, "review")["body"]["due"].pop()


@forges("due_differs", dossier(LONG))
def a_later_date_from_the_receipt(story: Story) -> None:
    recorded(story, LONG, "district_receipt")["body"]["due"][0]["on"] = "2024-12-31"


@forges("due_differs", dossier(LONG))
def a_receipt_that_begins_nothing(story: Story) -> None:
    body = recorded(story, LONG, "district_receipt")["body"]
    del body["due"], body["calendar"]


@forges("due_differs", dossier(LONG))
def a_record_that_gives_itself_a_date(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["due"] = []


@forges("due_differs", dossier(LONG))
def a_pause_that_gained_too_many_days(story: Story) -> None:
    first(story, LONG, "resumed")["body"]["due"][0]["on"] = "2024-12-31"


@forges("due_differs", dossier(LONG))
def a_date_counted_anew_to_another_day(story: Story) -> None:
    first(story, LONG, "recomputed")["body"]["due"][0]["on"] = "2024-12-31"


@forges("due_differs", dossier(LONG))
def a_registration_with_another_date(story: Story) -> None:
    first(story, LONG, "registered")["body"]["due"][0]["on"] = "2024-08-31"


@forges("extension_wrong", dossier(LONG))
def an_extension_to_an_earlier_day(story: Story) -> None:
    first(story, LONG, "extended")["body"]["due"][0]["on"] = "2024-08-21"


@forges("extension_wrong", dossier(LONG))
def an_extension_by_a_document_dated_later(story: Story) -> None:
    first(story, LONG, "extended")["body"]["date"] = "2024-08-21"


@forges("extension_wrong", dossier(LONG))
def an_extension_of_a_deadline_that_is_not_running(story: Story) -> None:
    body = first(story, LONG, "extended")["body"]
    body["deadline"] = body["due"][0]["deadline"] = "announcement"


@forges("words_missing", dossier(LONG))
def an_extension_without_a_document(story: Story) -> None:
    first(story, LONG, "extended")["body"]["number"] = " "


# --- the clock ---


@forges("not_while_paused", dossier(LONG))
def a_record_while_the_clock_stands_still(story: Story) -> None:
    resumed, later = first(story, LONG, "resumed"), recorded(story, LONG, "district_criteria")
    story.drop(dossier(LONG), story.entries[dossier(LONG)].index(later) + 1)
    paused = first(story, LONG, "paused")
    place = story.entries[dossier(LONG)].index(resumed) + 1
    inserted = story.insert(dossier(LONG), place, later)
    inserted |= {"at": paused["at"], "effective_on": paused["effective_on"]}


@forges("not_paused", dossier(LONG))
def a_resumption_of_a_clock_that_runs(story: Story) -> None:
    paused = first(story, LONG, "paused")
    story.drop(dossier(LONG), story.entries[dossier(LONG)].index(paused) + 1)


@forges("not_in_this_state", dossier(LONG))
def a_pause_in_another_state(story: Story) -> None:
    first(story, LONG, "paused")["body"]["state"] = "registered"


@forges("not_in_this_state", dossier(LONG))
def a_record_of_what_the_state_does_not_ask(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["requirement"] = "decision"


@forges("not_in_this_state", dossier(LONG))
def an_extension_in_a_state_that_has_none(story: Story) -> None:
    entries = story.entries[dossier(LONG)]
    late = story.insert(dossier(LONG), len(entries) + 1, first(story, LONG, "extended"))
    late |= {"at": entries[-2]["at"], "effective_on": entries[-2]["effective_on"]}
    late["private"] = {}


# --- facts ---


@forges("fact_wrong", dossier(LONG))
def more_who_agree_than_are_present(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"][0]["agree"] = 999


@forges("fact_wrong", dossier(LONG))
def a_document_dated_tomorrow(story: Story) -> None:
    recorded(story, LONG, "decision")["body"]["items"][0]["date"] = "2024-09-21"


@forges("fact_wrong", dossier(LONG))
def a_record_of_nothing(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"] = []


@forges("fact_wrong", dossier(LONG))
def a_receipt_before_the_stage(story: Story) -> None:
    body = recorded(story, LONG, "district_receipt")["body"]
    body["items"][0]["on"], body["due"][0]["on"] = "2024-07-18", "2024-08-08"


@forges("fact_wrong", dossier(LONG))
def a_second_receipt_in_one_stage(story: Story) -> None:
    receipt = recorded(story, LONG, "district_receipt")
    story.insert(dossier(LONG), story.entries[dossier(LONG)].index(receipt) + 2, receipt)


@forges("fact_wrong", dossier(LONG))
def two_departments_that_confirm_at_once(story: Story) -> None:
    one = recorded(story, LONG, "sector_confirmations")
    other = recorded(story, LONG, "sector_confirmations", 1)
    one["body"]["items"] = sorted(one["body"]["items"] + other["body"]["items"], key=lambda item: item["item"])


# --- registrations ---


@forges("definition_not_active", dossier(LONG))
def a_registration_under_an_unknown_definition(story: Story) -> None:
    first(story, LONG, "registered")["body"]["definition"] = "0" * 64


@forges("definition_not_active", dossier(CLIMBING))
def a_registration_before_its_definition_was_activated(story: Story) -> None:
    story.entries["definitions"][-1] |= {"at": "2024-07-25T03:00:00.000000Z", "effective_on": "2024-07-25"}


@forges("definition_differs", dossier(LONG))
def a_registration_for_another_level(story: Story) -> None:
    first(story, LONG, "registered")["body"]["level"] = "model"


@forges("subject_wrong", dossier(OFFICE))
def a_registration_about_an_office_that_is_not_there(story: Story) -> None:
    first(story, OFFICE, "registered")["body"]["office"] = "so-phep-thuat"


@forges("subject_wrong", dossier(LONG))
def a_registration_before_its_locality_was_adopted(story: Story) -> None:
    unit = next(u for u in story.entries["territory"][0]["body"]["localities"] if u["code"] == "10894")
    unit["valid_from"] = "2024-08-20"
    story.cut(dossier(CLIMBING), 1)
    story.rename(dossier(CLIMBING), dossier("HD-2024-NC-0009"))
    del story.entries[dossier("HD-2024-NC-0009")]
    story.private = [p for p in story.private if p["stream"] != dossier("HD-2024-NC-0009")]


@forges("code_wrong", "dossier/HA-2024-BC-0001")
def a_code_of_another_province(story: Story) -> None:
    story.rename(dossier(OFFICE), "dossier/HA-2024-BC-0001")


@forges("code_wrong", "dossier/HD-2024-BC-1")
def a_code_that_is_none(story: Story) -> None:
    story.rename(dossier(OFFICE), "dossier/HD-2024-BC-1")


@forges("dates_wrong", dossier(LONG))
def a_registration_for_tomorrow(story: Story) -> None:
    first(story, LONG, "registered")["effective_on"] = "2024-04-16"


@forges("definition_not_active", dossier(LONG))
def a_registration_before_the_definition_takes_effect(story: Story) -> None:
    first(story, LONG, "registered")["effective_on"] = "2022-08-01"


# --- escalations ---


@forges("escalation_wrong", dossier(CARRIED))
def a_second_escalation_while_one_is_open(story: Story) -> None:
    story.insert(dossier(CARRIED), 3, first(story, CARRIED, "escalated"))


@forges("escalation_wrong", dossier(CARRIED))
def an_escalation_for_no_cause(story: Story) -> None:
    first(story, CARRIED, "escalated")["body"]["cause"] = "spite"


@forges("escalation_wrong", dossier(CARRIED))
def an_escalation_of_a_dossier_that_had_not_stalled(story: Story) -> None:
    first(story, CARRIED, "escalated")["body"]["occurrence"] = "2024-09-11"


@forges("escalation_wrong", dossier(CARRIED))
def an_escalation_about_a_date_that_was_moved_since(story: Story) -> None:
    last = [e for e in story.entries[dossier(CARRIED)] if e["kind"] == "escalated"][-1]
    last["body"]["due_version"] = 1


@forges("escalation_wrong", dossier(CARRIED))
def a_difficulty_with_a_rung(story: Story) -> None:
    raised = next(e for e in story.entries[dossier(CARRIED)] if e["body"].get("cause") == "raised")
    raised["body"]["rung"] = "+5wd"


@forges("escalation_wrong", dossier(CLIMBING))
def a_climb_of_nothing(story: Story) -> None:
    first(story, CLIMBING, "climbed")["body"]["escalation"] = 1


@forges("not_while_paused", dossier(CLIMBING))
def a_climb_while_the_clock_stands_still(story: Story) -> None:
    entry = first(story, CLIMBING, "escalated")
    paused = {**first(story, LONG, "paused"), "at": entry["at"], "effective_on": "2024-08-01"}
    story.insert(dossier(CLIMBING), 3, {**paused, "body": {"state": "registered"}, "private": {}})
    story.open(dossier(CLIMBING), 3, reason="nghỉ")
    for later in story.entries[dossier(CLIMBING)][3:]:
        later["effective_on"] = "2024-08-01"


@forges("machine_acts", dossier(LONG))
def dates_counted_anew_by_another_machine(story: Story) -> None:
    first(story, LONG, "recomputed")["actor"]["person"] = "system:reminders"


@forges("not_in_this_state", dossier(LONG))
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


@forges("escalation_wrong", dossier(CARRIED))
def a_day_to_answer_that_the_rules_do_not_give(story: Story) -> None:
    first(story, CARRIED, "escalated")["body"]["answer_by"] = "2024-12-31"


@forges("escalation_wrong", dossier(CARRIED))
def an_escalation_before_its_day(story: Story) -> None:
    entry = first(story, CARRIED, "escalated")
    entry["at"] = "2024-09-12T00:00:00.000000Z"


@forges("escalation_wrong", dossier(CARRIED))
def an_escalation_by_a_rung_the_ladder_has_not(story: Story) -> None:
    last = [e for e in story.entries[dossier(CARRIED)] if e["kind"] == "escalated"][-1]
    last["body"]["rung"] = "+9wd"


@forges("escalation_wrong", dossier(CARRIED))
def a_difficulty_brought_before_somebody_else(story: Story) -> None:
    raised = next(e for e in story.entries[dossier(CARRIED)] if e["body"].get("cause") == "raised")
    raised["body"]["addressee"] = "steering_committee"


@forges("escalation_wrong", dossier(CARRIED))
def an_answer_to_what_nobody_asked(story: Story) -> None:
    first(story, CARRIED, "answered")["body"]["escalation"] = 1


@forges("escalation_wrong", dossier(CARRIED))
def an_escalation_not_asked_again_after_a_pause(story: Story) -> None:
    del first(story, CARRIED, "resumed")["body"]["escalations"]


@forges("escalation_wrong", dossier(CLIMBING))
def a_climb_past_the_next_above(story: Story) -> None:
    first(story, CLIMBING, "climbed")["body"]["addressee"] = "steering_committee"


@forges("escalation_wrong", dossier(CLIMBING))
def a_climb_while_there_was_time_to_answer(story: Story) -> None:
    first(story, CLIMBING, "climbed")["at"] = "2024-08-05T02:00:00.000000Z"


# --- between dossiers ---


@forges("second_open", "dossier/HD-2024-BC-0002")
def a_second_dossier_about_the_same(story: Story) -> None:
    other = dossier("HD-2024-BC-0002")
    story.entries[other] = []
    story.insert(other, 1, first(story, OFFICE, "registered"))
    story.entries[other][0]["private"] = {}


@forges("number_missing")
def a_dossier_that_is_gone(story: Story) -> None:
    story.rename(dossier(OFFICE), dossier("HD-2024-BC-0002"))


@forges("link_wrong", dossier(NEXT))
def a_next_year_opened_by_somebody_else_than_who_carried_over(story: Story) -> None:
    other = appointed(story, "ubnd-tinh")["body"]["person"]
    appraising = appointed(story, "so-nong-nghiep-va-ptnt")
    story.insert("people", len(story.entries["people"]) + 1, appraising)["body"]["person"] = other
    first(story, NEXT, "registered")["actor"]["person"] = other


@forges("link_wrong", dossier(CARRIED))
def a_dossier_carried_over_into_nothing(story: Story) -> None:
    del story.entries[dossier(NEXT)]
    story.private = [p for p in story.private if p["stream"] != dossier(NEXT)]


@forges("link_wrong", dossier(SUCCEEDED))
def a_successor_that_was_closed(story: Story) -> None:
    moved(story, SUCCEEDED, "succeed")["body"]["successor"] = LONG


@forges("link_wrong", dossier(SUCCEEDED))
def a_successor_that_is_not_there(story: Story) -> None:
    moved(story, SUCCEEDED, "succeed")["body"]["successor"] = "HD-2024-NC-9999"


@forges("link_wrong", dossier(SUCCEEDED))
def a_dossier_that_succeeds_itself(story: Story) -> None:
    moved(story, SUCCEEDED, "succeed")["body"]["successor"] = SUCCEEDED


# --- times ---


@forges("time_backwards", dossier(LONG))
def an_act_recorded_before_the_previous_one(story: Story) -> None:
    moved(story, LONG, "revoke").update(at="2024-12-20T01:59:59.999999Z", effective_on="2024-12-20")


@forges("time_outside", dossier(OFFICE))
def an_act_dated_back_by_months(story: Story) -> None:
    story.late[dossier(OFFICE), 1] = "2024-12-31T00:00:00.000000Z"


@forges("time_outside", dossier(LONG))
def an_act_dated_after_a_witness_saw_it(story: Story) -> None:
    last = story.entries[dossier(LONG)]
    story.late = {(dossier(code), e["seq"]): "2024-12-20T02:00:00.000000Z" for code in (LONG, CARRIED, NEXT)
                  for e in story.entries[dossier(code)] if e["at"] > "2024-12-20"}  # fmt: skip
    assert (dossier(LONG), len(last)) in story.late


@pytest.mark.parametrize(("code", "stream", "forge"), [pytest.param(*f, id=f[2].__name__) for f in FORGERIES])
def test_a_forgery_is_found_out_by_the_rules_alone(story, tmp_path, code, stream, forge):
    forge(story)

    report = reported(tmp_path / "forged.zip", members(story))

    assert {(f.code, f.stream) for f in report.findings} == {(code, stream)}


def test_every_code_of_the_rules_has_its_forgery():
    assert {code for code, _, _ in FORGERIES} == {*CLASSES["rules"], *CLASSES["times"]}
