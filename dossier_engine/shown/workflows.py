"""A workflow definition in rows: its versions, states, transitions, requirements and limits, and how sure each is."""

import re

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.queries.registers import Version
from dossier_engine.rules.limits import Limit
from dossier_engine.rules.workflow import Requirement, State, Transition, Workflow
from dossier_engine.shown import Row, Shown
from dossier_engine.shown.labels import certainty, level, limit_words, roles

_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def stored(words: Catalogue, version: Version) -> Row:
    """One stored version in a list."""
    workflow = version.workflow
    return {
        "workflow": workflow.reference,
        "label": said(words, workflow.title),
        "active": version.is_active,
        "running": version.running,
        "valid_from": workflow.valid_from,
        "valid_to": workflow.valid_to,
        "sha256": Shown(workflow.sha256, workflow.sha256[:12]),
    }


def whole(words: Catalogue, workflow: Workflow) -> Row:
    """A definition with all that it asks for."""
    return {
        "workflow": workflow.reference,
        "label": said(words, workflow.title),
        "sha256": workflow.sha256,
        "subject": Shown(workflow.subject, words.say(f"kind.{workflow.subject}")),
        "level": level(words, workflow.level),
        "valid_from": workflow.valid_from,
        "valid_to": workflow.valid_to,
        "legal_basis": workflow.legal_basis,
        "initial": workflow.initial,
        "goal": workflow.goal,
        "milestones": workflow.milestones,
        "states": [state(words, s) for s in workflow.states.values()],
        "transitions": [transition(words, workflow, t) for t in workflow.transitions.values()],
        "requirements": [requirement(words, r) for r in workflow.requirements.values()],
        "separation_of_duties": workflow.separation,
    }


def state(words: Catalogue, found: State) -> Row:
    """Where a dossier may stand, who holds it there, and for how long; `status` and `source` are the limit's."""
    return {
        "key": found.key,
        "state": said(words, found.label),
        "milestone": found.milestone,
        "final": found.final,
        "holder": Shown(found.holder, roles(words, (found.holder,)) if found.holder else words.say("say.none")),
        **_limited(words, found.limit),
    }


def transition(words: Catalogue, workflow: Workflow, found: Transition) -> Row:
    """A way from one state to another, who may take it, and what must be there; its limit replaces the state's."""
    return {
        "transition": found.name,
        "label": said(words, found.label),
        "origins": found.origins,
        "by": Shown(found.by, roles(words, found.by)),
        "to": Shown(found.target, said(words, workflow.states[found.target].label)),
        "requirement": Shown([r.key for r in found.requires], "; ".join(said(words, r.label) for r in found.requires)),
        "reason": found.reason,
        "returns": found.returns,
        "limit": limit_words(words, found.limit) if found.limit else None,
    }


def ways(words: Catalogue, workflow: Workflow) -> list[Row]:
    """Every transition in a line of words: where from and to, who, on what condition, and how long there is then."""
    return [
        {
            "from": ", ".join(said(words, workflow.states[origin].label) for origin in found.origins),
            **transition(words, workflow, found),
            "limit": _time(words, found.limit or workflow.states[found.target].limit),
        }
        for found in workflow.transitions.values()
    ]


def _time(words: Catalogue, limit: Limit | None) -> str:
    return limit_words(words, limit) if limit else words.say("say.none")


def requirement(words: Catalogue, found: Requirement) -> Row:
    """One requirement, how sure it is that it is asked, and its own limit where it has one."""
    return {
        "key": found.key,
        "label": said(words, found.label),
        "kind": _INNER_CAPITAL.sub("_", type(found).__name__).lower(),
        "by": Shown(found.by, roles(words, (found.by,)) if found.by else words.say("say.none")),
        "status": certainty(words, found.provenance),
        "source": found.provenance.source or None,
        "limit": _limited(words, found.limit) if found.limit else None,
    }


def _limited(words: Catalogue, limit: Limit | None) -> dict[str, object]:
    return {
        "limit": limit_words(words, limit) if limit else None,
        "status": certainty(words, limit) if limit else None,
        "source": limit.source if limit else None,
    }
