"""Lives that broke the law by the definition they were under: the law is changed, and what was lived is not."""

from typing import Any

from tests.verifier.forgeries import forges
from tests.verifier.forgeries.rules import dossier, first
from tests.verifier.forging import Story
from tests.verifier.lives import LONG, NEXT, OFFICE


def rules(story: Story, workflow: str = "commune-advanced@1") -> dict[str, Any]:
    return next(e for e in story.entries["definitions"] if e["body"]["workflow"] == workflow)["body"]["rules"]


def transition(story: Story, name: str, workflow: str = "commune-advanced@1") -> dict[str, Any]:
    found: dict[str, Any] = dict(rules(story, workflow)["transitions"]["pairs"])[name]
    return found


def asked(story: Story, move: str, requirement: str, workflow: str = "commune-advanced@1") -> dict[str, Any]:
    return next(r for r in transition(story, move, workflow)["requires"] if r["key"] == requirement)


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_move_at_another_level(story: Story) -> None:
    transition(story, "review")["at"] = 1


@forges("not_authorised", dossier(LONG), "not_allowed")
def a_record_at_another_level(story: Story) -> None:
    asked(story, "review", "satisfaction")["at"] = 1


@forges("definition_not_active", dossier(NEXT), "2024-12-02")
def a_registration_after_the_definition_was_in_force(story: Story) -> None:
    rules(story)["valid_to"] = {"day": "2024-12-01"}


@forges("definition_not_active", dossier(OFFICE), "department-report@1")
def a_registration_under_a_definition_that_was_replaced(story: Story) -> None:
    old = next(e for e in story.entries["definitions"] if e["body"]["workflow"] == "department-report@1")
    new = story.insert("definitions", old["seq"] + 1, old)
    new["body"] |= {"workflow": "department-report@2", "definition": "e" * 64}
    new["body"]["rules"] |= {"version": "2", "sha256": "e" * 64}


@forges("requirement_unmet", dossier(OFFICE), "report: documents_missing")
def a_registration_without_what_it_asks(story: Story) -> None:
    report = asked(story, "submit", "report", "department-report@1")
    rules(story, "department-report@1")["register"]["requires"] = [report]
    first(story, OFFICE, "registered")["body"]["met"] = ["report"]
