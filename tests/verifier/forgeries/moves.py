"""Forgeries of who acted, and of the moves they made."""

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import appointed, dossier, first, moved, recorded
from tests.verifier.forging import Story
from tests.verifier.lives import CARRIED, CLIMBING, DISTRICT, LONG, NEXT, OFFICE

# --- who ---


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_move_by_somebody_else(story: Story) -> None:
    moved(story, LONG, "recognize")["actor"]["person"] = first(story, CARRIED, "registered")["actor"]["person"]


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_move_by_nobody_who_was_ever_appointed(story: Story) -> None:
    moved(story, LONG, "recognize")["actor"]["person"] = "p-nobody"


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_move_in_a_role_that_may_not(story: Story) -> None:
    moved(story, LONG, "recognize")["actor"] = first(story, CARRIED, "answered")["actor"]


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_move_from_an_office_elsewhere(story: Story) -> None:
    body = appointed(story, "ubnd-huyen-291")["body"]
    actor = {"person": body["person"], "role": body["role"], "office": body["office"], "territory": body["territory"]}
    moved(story, LONG, "review")["actor"] = {**actor, "on_behalf_of": None}


@forges("not_authorised", dossier(LONG), "not_allowed")
def an_act_before_its_appointment_was_entered(story: Story) -> None:
    delegation = next(e for e in story.entries["people"] if e["body"].get("on_behalf_of"))
    story.drop("people", delegation["seq"])
    again = story.insert("people", len(story.entries["people"]) + 1, delegation)
    again |= {"at": "2024-09-06T03:00:00.000001Z", "effective_on": "2024-09-06"}


@forges("not_authorised", dossier(LONG), "appointment_expired")
def an_act_after_its_appointment_ended(story: Story) -> None:
    delegation = next(e for e in story.entries["people"] if e["body"].get("on_behalf_of"))
    delegation["body"]["valid_to"] = "2024-09-05"


@forges("not_authorised", dossier(LONG), "not_allowed")
def an_act_of_who_stands_in_without_saying_so(story: Story) -> None:
    moved(story, LONG, "review")["actor"]["on_behalf_of"] = None


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_confirmation_by_another_department(story: Story) -> None:
    one, other = (recorded(story, LONG, key) for key in ("no_construction_arrears", "security_not_complex"))
    one["actor"] = other["actor"]


@forges("not_authorised", dossier(OFFICE), "not_allowed")
def a_report_by_another_department(story: Story) -> None:
    begun, other = first(story, OFFICE, "registered"), recorded(story, LONG, "security_not_complex")
    paper = {"item": "report", "number": "1/BC", "date": "2024-04-17", "sha256": "ab" * 32}
    body = {"definition": begun["body"]["definition"], "requirement": "report", "items": [paper]}
    reported = {**begun, "kind": "recorded", "actor": other["actor"], "body": body, "private": {}}
    story.insert(dossier(OFFICE), 2, reported)


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_registration_by_who_may_not(story: Story) -> None:
    first(story, LONG, "registered")["actor"] = moved(story, LONG, "recognize")["actor"]


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_pause_by_who_may_not(story: Story) -> None:
    first(story, LONG, "paused")["actor"] = moved(story, LONG, "recognize")["actor"]


@forges("not_authorised", dossier(LONG), "not_allowed")
def an_extension_by_who_may_not(story: Story) -> None:
    first(story, LONG, "extended")["actor"] = first(story, LONG, "paused")["actor"]


@forges("not_authorised", dossier(CARRIED), "not_allowed")
def an_answer_by_who_was_not_asked(story: Story) -> None:
    first(story, CARRIED, "answered")["actor"] = first(story, CARRIED, "registered")["actor"]


@forges("not_authorised", dossier(NEXT), "not_allowed")
def a_next_year_opened_by_who_could_not_carry_over(story: Story) -> None:
    first(story, NEXT, "registered")["actor"] = first(story, CARRIED, "registered")["actor"]


@forges("separation_broken", dossier(LONG), "p-[a-z0-9]{16}: review, appraise")
def an_appraisal_by_who_reviewed(story: Story) -> None:
    reviewer = moved(story, LONG, "review")["actor"]["person"]
    appraising = appointed(story, "so-nong-nghiep-va-ptnt")
    added = story.insert("people", len(story.entries["people"]) + 1, appraising)
    added["body"]["person"] = reviewer
    moved(story, LONG, "appraise")["actor"]["person"] = reviewer


@forges("separation_broken", dossier(LONG), "p-[a-z0-9]{16}: review, appraise")
def an_appraisal_by_who_was_stood_in_for(story: Story) -> None:
    reviewer = moved(story, LONG, "review")["actor"]["on_behalf_of"]
    appraising = appointed(story, "so-nong-nghiep-va-ptnt")
    story.insert("people", len(story.entries["people"]) + 1, appraising)["body"]["person"] = reviewer
    moved(story, LONG, "appraise")["actor"]["person"] = reviewer


@forges("separation_broken", dossier(LONG), "p-[a-z0-9]{16}: review, appraise")
def an_appraisal_on_behalf_of_who_reviewed(story: Story) -> None:
    reviewer, appraisal = moved(story, LONG, "review")["actor"]["on_behalf_of"], moved(story, LONG, "appraise")["actor"]
    appraising = appointed(story, "so-nong-nghiep-va-ptnt")
    filed = story.entries["people"]
    story.insert("people", len(filed) + 1, appraising)["body"]["person"] = reviewer
    story.insert("people", len(filed) + 1, appraising)["body"] |= {
        "on_behalf_of": reviewer, "valid_to": "2024-12-31", "person": appraisal["person"],
    }  # fmt: skip
    appraisal["on_behalf_of"] = reviewer


# --- moves ---


@forges("transition_unknown", dossier(LONG), "leap: self_assessed > district_reviewed")
def a_move_the_definition_does_not_have(story: Story) -> None:
    moved(story, LONG, "review")["body"]["transition"] = "leap"


@forges("transition_unknown", dossier(LONG), "appraise: self_assessed > district_reviewed")
def a_move_from_a_state_that_has_it_not(story: Story) -> None:
    moved(story, LONG, "review")["body"]["transition"] = "appraise"


@forges("transition_unknown", dossier(LONG), "review: self_assessed > dard_appraised")
def a_move_to_another_state(story: Story) -> None:
    moved(story, LONG, "review")["body"]["to"] = "dard_appraised"


@forges("requirement_unmet", dossier(LONG), "council_vote: no_assent")
def a_move_without_assent(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["items"][0]["agree"] = 1


@forges("requirement_unmet", dossier(LONG), "commune_vote: vote_missing")
def a_move_on_a_fact_that_a_return_voided(story: Story) -> None:
    again = recorded(story, LONG, "commune_vote", 1)
    story.drop(dossier(LONG), story.entries[dossier(LONG)].index(again) + 1)


@forges("requirement_unmet", dossier(LONG), "sector_confirmations: not_confirmed")
def a_move_though_a_department_does_not_agree(story: Story) -> None:
    recorded(story, LONG, "sector_confirmations", 2)["body"]["items"][0]["result"] = "disagree"


@forges("requirement_unmet", dossier(DISTRICT), "advanced_communes: too_few_communes")
def a_district_of_too_few_communes(story: Story) -> None:
    imports = [e for e in story.entries["territory"] if e["kind"] == "recognitions_imported"]
    imports[-1]["body"]["recognitions"] = imports[-1]["body"]["recognitions"][:3]


@forges("requirement_unmet", dossier(DISTRICT), "is_ntm: not_recognised")
def a_district_that_did_not_hold_what_it_must(story: Story) -> None:
    held = story.entry("territory", "recognitions_imported")["body"]
    held["recognitions"] = [r for r in held["recognitions"] if r[0] != "295"]


@forges("requirement_unmet", dossier(CLIMBING), "is_ntm: not_recognised")
def a_commune_that_did_not_hold_what_it_must(story: Story) -> None:
    imports = [e for e in story.entries["territory"] if e["kind"] == "recognitions_imported"]
    held = imports[0]["body"]["recognitions"]
    imports[0]["body"]["recognitions"] = [r for r in held if r[0] != "10894"]


@forges("met_differs", dossier(LONG), r"\[.+\]")
def a_move_that_does_not_list_what_was_met(story: Story) -> None:
    moved(story, LONG, "review")["body"]["met"].pop()


@forges("files_differ", dossier(LONG), "review")
def a_move_with_other_files(story: Story) -> None:
    moved(story, LONG, "review")["body"]["files"] = ["0" * 64]


@forges("round_wrong", dossier(LONG), "1")
def a_return_that_opens_no_round(story: Story) -> None:
    moved(story, LONG, "return_to_commune")["body"]["round"] = 1


@forges("words_missing", dossier(LONG), "supplements")
def a_return_without_a_list(story: Story) -> None:
    del moved(story, LONG, "return_to_commune")["body"]["supplements"]


@forges("words_missing", dossier(LONG), "supplements: blessing")
def a_list_with_something_the_definition_does_not_ask(story: Story) -> None:
    moved(story, LONG, "return_to_commune")["body"]["supplements"] = ["blessing"]


@forges("words_missing", dossier(LONG), "reason")
def a_pause_without_a_reason(story: Story) -> None:
    entry = first(story, LONG, "paused")
    seq = story.entries[dossier(LONG)].index(entry) + 1
    entry["private"] = {}
    story.private = [p for p in story.private if (p["stream"], p["seq"]) != (dossier(LONG), seq)]


@forges("definition_differs", dossier(LONG), "0{64}")
def a_move_under_another_definition(story: Story) -> None:
    moved(story, LONG, "review")["body"]["definition"] = "0" * 64


@forges("definition_differs", dossier(LONG), "0{64}")
def a_record_under_another_definition(story: Story) -> None:
    recorded(story, LONG, "council_vote")["body"]["definition"] = "0" * 64


@forges("calendar_not_in_use", dossier(LONG), "0{64}")
def a_date_by_an_unknown_calendar(story: Story) -> None:
    moved(story, LONG, "review")["body"]["calendar"] = "0" * 64


@forges("calendar_not_in_use", dossier(LONG), "b{64}")
def a_date_by_a_calendar_not_yet_in_use(story: Story) -> None:
    moved(story, LONG, "self_assess")["body"]["calendar"] = "b" * 64


@forges("calendar_not_in_use", dossier(LONG), "p-nobody")
def dates_counted_anew_by_order_of_somebody_else(story: Story) -> None:
    first(story, LONG, "recomputed")["body"]["ordered_by"] = "p-nobody"


@forges("link_wrong", dossier(LONG), "HD-2024-NC-0003")
def a_move_to_a_successor_that_needs_none(story: Story) -> None:
    moved(story, LONG, "review")["body"]["successor"] = CARRIED
