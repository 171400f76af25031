"""The plan's targets and obligations as rows, with what has come of them."""

from typing import TYPE_CHECKING, Any

from config.wiring import packaged_law
from dossier_engine.catalogue.labels import dated, named, said
from dossier_engine.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dossier_engine.cli.call import Call
    from dossier_engine.demonstration.summary import Summary
    from dossier_engine.queries.registers import Progress
    from dossier_engine.rules.law import Law
    from dossier_engine.rules.workflow import Workflow


def targets(call: "Call", law: "Law", progress: "Progress") -> list[dict[str, object]]:
    """Each target with how many dossiers reached its milestone, and where all of them stand."""
    return [_target(call, law, progress, target) for target in progress.content["targets"]]


def _target(call: "Call", law: "Law", progress: "Progress", target: dict[str, Any]) -> dict[str, object]:
    workflow = law.workflows.get(law.active.get(f"{target['subject']}-{target['level']}", ""))
    standing = progress.standing.get(f"{target['subject']}-{target['level']}", {})
    counts = ", ".join(f"{named(call.words, workflow, state)}: {n}" for state, n in standing.items())
    return {
        "key": target["key"],
        "label": Shown(target["label"], target["label"][call.words.language]),
        "target": target["count"],
        "reached": _reached(workflow, standing, target["milestone"]),
        "counts": Shown(dict(standing), counts or call.words.say("say.none")),
        "section": target["section"],
    }


def _reached(workflow: "Workflow | None", standing: "Mapping[str, int]", milestone: str) -> int:
    """How many dossiers stand at the milestone or beyond."""
    if workflow is None or milestone not in workflow.milestones:
        return 0
    there = workflow.milestones[workflow.milestones.index(milestone) :]
    return sum(n for state, n in standing.items() if workflow.states[state].milestone in there)


def obligations(call: "Call", law: "Law", progress: "Progress") -> list[dict[str, object]]:
    """What the plan asks of whom, in its own words, before which day, and how many of those have done it."""
    return [
        {
            "id": o["id"],
            "section": o["section"],
            "actor": Shown(o["actor"], call.words.say(f"actor.{o['actor']}")),
            "before": Shown(o["before"], dated(o["before"]) if o["before"] else call.words.say("say.none")),
            "done": _done(call, law, progress, o),
            "quote_vi": o["quote_vi"],
        }
        for o in progress.content["obligations"]
    ]


def _done(call: "Call", law: "Law", progress: "Progress", obligation: dict[str, Any]) -> Shown:
    """Whoever is past the first milestone has done what is asked, though it may still lie with whom it was sent to."""
    name = obligation["workflow"]
    if name not in law.active:
        return Shown(None, call.words.say("say.none"))
    workflow = law.named(name)
    done = _reached(workflow, progress.standing.get(name, {}), workflow.milestones[1])
    of = progress.offices.get(obligation["actor"], 0)
    return Shown({"done": done, "of": of}, call.words.say("say.done_of", done=done, of=of))


def simulated(call: "Call", summary: "Summary") -> tuple[list[dict[str, object]], dict[str, object]]:
    """A simulated year: one row a target, and the figures of the whole."""
    law = packaged_law()
    rows: list[dict[str, object]] = []
    for outcome in summary.outcomes:
        workflow = law.named(outcome.workflow)
        counts = ", ".join(f"{named(call.words, workflow, state)}: {n}" for state, n in outcome.states.items())
        rows.append(
            {
                "workflow": Shown(outcome.workflow, said(call.words, workflow.title)),
                "target": outcome.wanted,
                "reached": outcome.reached,
                "counts": Shown(dict(outcome.states), counts),
            }
        )
    totals: dict[str, object] = {
        "acts": summary.acts,
        "transitions": summary.transitions,
        "returns": summary.returns,
        "late_stages": summary.late_stages,
        "histories_sha256": summary.histories_sha256,
    }
    return rows, totals
