"""The plan's targets and obligations as rows, with what has come of them."""

from collections.abc import Mapping
from typing import Any

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import dated, named
from dossier_engine.queries.registers import Progress
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow
from dossier_engine.shown import Row, Shown


def targets(words: Catalogue, law: Law, progress: Progress) -> list[Row]:
    """Each target with how many dossiers reached its milestone, and where all of them stand."""
    return [_target(words, law, progress, target) for target in progress.content["targets"]]


def _target(words: Catalogue, law: Law, progress: Progress, target: dict[str, Any]) -> Row:
    workflow = law.workflows.get(law.active.get(f"{target['subject']}-{target['level']}", ""))
    standing = progress.standing.get(f"{target['subject']}-{target['level']}", {})
    counts = ", ".join(f"{named(words, workflow, state)}: {n}" for state, n in standing.items())
    return {
        "key": target["key"],
        "label": Shown(target["label"], target["label"][words.language]),
        "target": target["count"],
        "reached": _reached(workflow, standing, target["milestone"]),
        "counts": Shown(dict(standing), counts or words.say("say.none")),
        "section": target["section"],
    }


def _reached(workflow: Workflow | None, standing: Mapping[str, int], milestone: str) -> int:
    """How many dossiers stand at the milestone or beyond."""
    there = workflow.reaching(milestone) if workflow is not None else ()
    return sum(n for state, n in standing.items() if state in there)


def obligations(words: Catalogue, law: Law, progress: Progress) -> list[Row]:
    """What the plan asks of whom, in its own words, before which day, and how many of those have done it."""
    return [
        {
            "id": o["id"],
            "section": o["section"],
            "actor": Shown(o["actor"], words.say(f"actor.{o['actor']}")),
            "before": Shown(o["before"], dated(o["before"]) if o["before"] else words.say("say.none")),
            "done": _done(words, law, progress, o),
            "quote_vi": o["quote_vi"],
        }
        for o in progress.content["obligations"]
    ]


def _done(words: Catalogue, law: Law, progress: Progress, obligation: dict[str, Any]) -> Shown:
    """Whoever is past the first milestone has done what is asked, though it may still lie with whom it was sent to."""
    name = obligation["workflow"]
    if name not in law.active:
        return Shown(None, words.say("say.none"))
    workflow = law.named(name)
    done = _reached(workflow, progress.standing.get(name, {}), workflow.milestones[1])
    of = progress.offices.get(obligation["actor"], 0)
    return Shown({"done": done, "of": of}, words.say("say.done_of", done=done, of=of))
