"""What an activation says of a definition is compared with the definition that is stored."""

from dataclasses import replace

from dossier_engine.commands.activate import activate
from dossier_engine.queries.audit import verify
from tests.makers import SETUP, Province, at
from workflows.loader import load, packaged

NAME, CONTENT = next(found for found in packaged() if "commune-advanced" in found[0])
NEWER = CONTENT.replace(b"version: 1\n", b"version: 2\n", 1)


def findings(province: Province, goal: str) -> list[tuple[str, str]]:
    """What is found after version 2 was activated by somebody whose rules have another goal than the file."""
    stored = load(NEWER, NAME)
    with province.writing() as session:
        activate(session, replace(stored, goal=goal), NEWER, SETUP, now=at("2024-03-01"), rng=province.rng)
    law = replace(province.law, workflows={**province.law.workflows, stored.sha256: stored})
    with province.database.reading() as session:
        return [(f.where, f.code) for f in verify(session, law).findings]


def test_rules_that_are_the_files_are_believed(province):
    assert findings(province, load(NEWER, NAME).goal) == []


def test_rules_that_the_file_does_not_say_are_named(province):
    assert findings(province, "withdrawn") == [("definition commune-advanced@2", "definition_changed")]
