"""Forgeries of reads: who looked, and at what."""

from typing import Any

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import NOBODY, appointed
from tests.verifier.forging import Story


def noted(story: Story, office: str = "thanh-tra-tinh", **body: Any) -> dict[str, Any]:
    """Somebody appointed there looked at a list, on the last day of the year; the entry, to be changed in place."""
    made = appointed(story, office)["body"]
    entry = {
        **story.entries["people"][0],
        "kind": "read",
        "at": "2024-12-31T00:00:00.000000Z",
        "effective_on": "2024-12-31",
        "actor": {name: made[name] for name in ("office", "on_behalf_of", "person", "role", "territory")},
        "body": {"what": "dossiers.list", "asked": {"state": "registered"}, "count": 7} | body,
        "private": {},
    }
    return story.insert("reads", len(story.entries.setdefault("reads", [])) + 1, entry)


@forges("not_authorised", "reads", "not_allowed")
def a_read_noted_by_who_oversees_nothing(story: Story) -> None:
    noted(story, "ubnd-tinh")


@forges("machine_acts", "reads", "system:reader")
def a_read_by_a_machine(story: Story) -> None:
    noted(story)["actor"] = {"person": "system:reader", **NOBODY}


@forges("body_wrong", "reads", r"what: Cẩm Hưng\?")
def a_read_of_no_question(story: Story) -> None:
    noted(story, what="Cẩm Hưng?")


@forges("body_wrong", "reads", "what: 7")
def a_read_of_a_number(story: Story) -> None:
    noted(story, what=7)


@forges("body_wrong", "reads", r"asked: \['x'\]")
def a_read_by_no_filters(story: Story) -> None:
    noted(story, asked=["x"])


@forges("body_wrong", "reads", "count: -1")
def a_read_of_fewer_than_nothing(story: Story) -> None:
    noted(story, count=-1)


@forges("body_wrong", "reads", "count: True")
def a_read_of_so_many_that_it_is_no_number(story: Story) -> None:
    noted(story, count=True)


@forges("not_authorised", "reads", "not_allowed")
def a_list_taken_away_in_an_office_one_was_never_in(story: Story) -> None:
    noted(story)["kind"] = "taken_away"
    story.entries["reads"][-1]["actor"]["office"] = "ubnd-tinh"


@forges("machine_acts", "reads", "system:reader")
def a_list_taken_away_by_a_machine(story: Story) -> None:
    noted(story)["kind"] = "taken_away"
    story.entries["reads"][-1]["actor"] = {"person": "system:reader", **NOBODY}
