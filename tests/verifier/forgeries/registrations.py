"""Forgeries of how dossiers begin and follow on each other."""

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import appointed, dossier, first, moved
from tests.verifier.forging import Story
from tests.verifier.lives import CARRIED, CLIMBING, LONG, NEXT, OFFICE, SUCCEEDED

# --- registrations ---


def again(story: Story, day: str) -> None:
    """The commune of the long dossier registers another one on that day, for the same year."""
    other = dossier("HD-2024-NC-0005")
    story.entries[other] = []
    begun = story.insert(other, 1, first(story, LONG, "registered"))
    begun |= {"at": f"{day}T02:00:00.000000Z", "effective_on": day, "private": {}}


@forges("definition_not_active", dossier(LONG), "0{64}")
def a_registration_under_an_unknown_definition(story: Story) -> None:
    first(story, LONG, "registered")["body"]["definition"] = "0" * 64


@forges("definition_not_active", dossier(CLIMBING), "[0-9a-f]{64}")
def a_registration_before_its_definition_was_activated(story: Story) -> None:
    story.entries["definitions"][-1] |= {"at": "2024-07-25T03:00:00.000000Z", "effective_on": "2024-07-25"}


@forges("definition_differs", dossier(LONG), "commune-advanced@1")
def a_registration_for_another_level(story: Story) -> None:
    first(story, LONG, "registered")["body"]["level"] = "model"


@forges("subject_wrong", dossier(OFFICE), "so-phep-thuat")
def a_registration_about_an_office_that_is_not_there(story: Story) -> None:
    first(story, OFFICE, "registered")["body"]["office"] = "so-phep-thuat"


@forges("subject_wrong", dossier(LONG), "10894")
def a_registration_before_its_locality_was_adopted(story: Story) -> None:
    unit = next(u for u in story.entries["territory"][0]["body"]["localities"] if u["code"] == "10894")
    unit["valid_from"] = "2024-08-20"
    story.cut(dossier(CLIMBING), 1)
    story.rename(dossier(CLIMBING), dossier("HD-2024-NC-0009"))
    del story.entries[dossier("HD-2024-NC-0009")]
    story.private = [p for p in story.private if p["stream"] != dossier("HD-2024-NC-0009")]


@forges("code_wrong", "dossier/HA-2024-BC-0001", "dossier/HA-2024-BC-0001")
def a_code_of_another_province(story: Story) -> None:
    story.rename(dossier(OFFICE), "dossier/HA-2024-BC-0001")


@forges("code_wrong", "dossier/HD-2024-BC-1", "dossier/HD-2024-BC-1")
def a_code_that_is_none(story: Story) -> None:
    story.rename(dossier(OFFICE), "dossier/HD-2024-BC-1")


@forges("dates_wrong", dossier(LONG), "2024-04-16")
def a_registration_for_tomorrow(story: Story) -> None:
    first(story, LONG, "registered")["effective_on"] = "2024-04-16"


@forges("definition_not_active", dossier(LONG), "2022-08-01")
def a_registration_before_the_definition_takes_effect(story: Story) -> None:
    first(story, LONG, "registered")["effective_on"] = "2022-08-01"


@forges("met_differs", dossier(OFFICE), r"\['blessing'\]")
def a_registration_that_lists_what_was_not_asked(story: Story) -> None:
    first(story, OFFICE, "registered")["body"]["met"] = ["blessing"]


@forges("body_wrong", dossier(OFFICE), "ValueError: max.*")
def a_registration_in_a_province_that_is_not_there(story: Story) -> None:
    first(story, OFFICE, "registered")["body"]["territory"] = "99/"


@forges("link_wrong", dossier(CLIMBING), LONG)
def a_continuation_by_a_definition_that_carries_nothing_over(story: Story) -> None:
    first(story, CLIMBING, "registered")["body"]["continues"] = LONG


@forges("body_wrong", dossier(OFFICE), "TypeError: target_year")
def a_registration_for_a_year_that_is_no_number(story: Story) -> None:
    first(story, OFFICE, "registered")["body"]["target_year"] = "2024"


@forges("subject_wrong", "dossier/HD-9999-BC-0001", "9999")
def a_registration_for_a_year_that_never_comes(story: Story) -> None:
    first(story, OFFICE, "registered")["body"]["target_year"] = 9999
    story.rename(dossier(OFFICE), "dossier/HD-9999-BC-0001")


# --- between dossiers ---


@forges("second_open", "dossier/HD-2024-BC-0002", "HD-2024-BC-0001")
def a_second_dossier_about_the_same(story: Story) -> None:
    other = dossier("HD-2024-BC-0002")
    story.entries[other] = []
    story.insert(other, 1, first(story, OFFICE, "registered"))
    story.entries[other][0]["private"] = {}


@forges("second_open", "dossier/HD-2024-NC-0005", LONG)
def a_second_dossier_before_the_first_was_closed(story: Story) -> None:
    again(story, "2024-09-19")


@forges("link_wrong", dossier(NEXT), CARRIED)
def a_next_year_of_another_commune(story: Story) -> None:
    ours, theirs = first(story, LONG, "registered")["body"], first(story, NEXT, "registered")["body"]
    theirs |= {"locality": ours["locality"], "territory": ours["territory"]}


@forges("number_missing", "", "HD-2024-BC-0001")
def a_dossier_that_is_gone(story: Story) -> None:
    story.rename(dossier(OFFICE), dossier("HD-2024-BC-0002"))


@forges("link_wrong", dossier(NEXT), "HD-2024-NC-0003")
def a_next_year_opened_by_somebody_else_than_who_carried_over(story: Story) -> None:
    other = appointed(story, "ubnd-tinh")["body"]["person"]
    appraising = appointed(story, "so-nong-nghiep-va-ptnt")
    story.insert("people", appraising["seq"] + 1, appraising)["body"]["person"] = other
    first(story, NEXT, "registered")["actor"]["person"] = other


@forges("link_wrong", dossier(CARRIED), "carry_over")
def a_dossier_carried_over_into_nothing(story: Story) -> None:
    del story.entries[dossier(NEXT)]
    story.private = [p for p in story.private if p["stream"] != dossier(NEXT)]


@forges("link_wrong", dossier(SUCCEEDED), "HD-2024-NC-0002")
def a_successor_that_was_closed(story: Story) -> None:
    moved(story, SUCCEEDED, "succeed")["body"]["successor"] = LONG


@forges("link_wrong", dossier(SUCCEEDED), "HD-2024-NC-9999")
def a_successor_that_is_not_there(story: Story) -> None:
    moved(story, SUCCEEDED, "succeed")["body"]["successor"] = "HD-2024-NC-9999"


@forges("link_wrong", dossier(SUCCEEDED), "HD-2024-NC-0004")
def a_dossier_that_succeeds_itself(story: Story) -> None:
    moved(story, SUCCEEDED, "succeed")["body"]["successor"] = SUCCEEDED
