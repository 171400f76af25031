"""What forgeries of the rules share: where in a story something stands."""

from typing import Any

from tests.verifier.forging import Story

NOBODY = dict.fromkeys(("role", "office", "territory", "on_behalf_of"))


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
