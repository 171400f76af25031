"""Forgeries about ended appointments: what is done under them, and the entries that end them."""

from typing import Any

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import appointed, dossier, moved, recorded
from tests.verifier.forging import Story
from tests.verifier.lives import LONG

LATER = "2024-08-13T04:00:00.000001Z"  # an hour after the end, and no more of what clocks may differ by
BEFORE = {"at": "2024-07-14T02:00:00.000000Z", "effective_on": "2024-07-14"}


def ended(story: Story, n: int) -> dict[str, Any]:
    """The entry that ends the reviewer's appointment, or the delegation that stood on it (1)."""
    return story.entry("people", "appointment_ended", n)


@forges("not_authorised", dossier(LONG), "not_allowed")
def an_act_after_what_was_stood_in_for_had_ended(story: Story) -> None:
    recorded(story, LONG, "district_receipt")["at"] = LATER


@forges("not_authorised", dossier(LONG), "not_allowed")
def an_act_under_a_delegation_that_nobody_ended_with_what_it_stood_on(story: Story) -> None:
    recorded(story, LONG, "district_receipt")["at"] = LATER
    story.drop("people", ended(story, 1)["seq"])


@forges("not_authorised", dossier(LONG), "appointment_expired")
def an_act_under_a_delegation_that_was_ended_by_itself(story: Story) -> None:
    recorded(story, LONG, "district_receipt")["at"] = LATER
    story.drop("people", ended(story, 0)["seq"])


@forges("not_authorised", dossier(LONG), "appointment_expired|not_allowed")
def acts_under_appointments_that_had_ended_before(story: Story) -> None:
    for n in (0, 1):
        ended(story, n).update(BEFORE)


@forges("not_authorised", dossier(LONG), "appointment_expired")
def an_act_on_the_day_after_the_last(story: Story) -> None:
    ended(story, 0).update(BEFORE)
    ended(story, 0)["body"]["last_day"] = "2024-07-14"
    story.drop("people", ended(story, 1)["seq"])
    story.cut(dossier(LONG), moved(story, LONG, "return_to_commune")["seq"])


@forges("not_authorised", "people", "not_allowed")
def an_end_by_who_is_no_administrator(story: Story) -> None:
    ended(story, 0)["actor"]["person"] = appointed(story, "ubnd-tinh")["body"]["person"]


@forges("register_wrong", "people", "appointment district_reviewer, ubnd-huyen-295")
def an_end_of_an_appointment_that_nobody_made(story: Story) -> None:
    ended(story, 1)["body"]["valid_from"] = "2024-01-02"


@forges("register_wrong", "people", "appointment district_reviewer, ubnd-huyen-295")
def an_end_before_the_appointment_was_made(story: Story) -> None:
    made = next(e for e in story.entries["people"] if e["body"].get("on_behalf_of"))
    end = story.insert("people", made["seq"], ended(story, 1))
    end |= {"at": made["at"], "effective_on": made["effective_on"]}
    end["body"] |= {name: made["body"][name] for name in ("person", "on_behalf_of")}
    end["body"]["last_day"] = "2024-12-30"


@forges("register_wrong", "people", "office ubnd-huyen-295")
def an_end_in_another_territory(story: Story) -> None:
    ended(story, 1)["body"]["territory"] = "30/"


@forges("register_wrong", "people", "last_day: no_earlier_end")
def an_end_that_makes_it_longer(story: Story) -> None:
    ended(story, 1)["body"]["last_day"] = "2025-12-31"


@forges("register_wrong", "people", "last_day: in_the_past")
def an_end_dated_back(story: Story) -> None:
    ended(story, 1)["body"]["last_day"] = "2024-08-12"


@forges("register_wrong", "people", "last_day: is_over")
def an_end_of_what_has_ended(story: Story) -> None:
    story.insert("people", ended(story, 1)["seq"] + 1, ended(story, 1))


@forges("register_wrong", "people", "on_behalf_of")
def a_delegation_of_what_has_ended(story: Story) -> None:
    delegation = next(e for e in story.entries["people"] if e["body"].get("on_behalf_of") and e["body"]["office"])
    principal = ended(story, 0)["body"]["person"]
    made = story.insert("people", ended(story, 1)["seq"] + 1, delegation)
    made |= {"at": ended(story, 0)["at"], "effective_on": ended(story, 0)["effective_on"]}
    made["body"] |= {"on_behalf_of": principal, "valid_from": "2024-08-14"}


@forges("body_wrong", "people", "TypeError: not a day: 7")
def an_end_on_no_day(story: Story) -> None:
    ended(story, 1)["body"]["last_day"] = 7
