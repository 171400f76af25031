"""Words for what a workflow names and for what a history entry says happened, in one language."""

from collections.abc import Mapping

from dossier_engine.catalogue import Catalogue
from dossier_engine.rules.entry import Json
from dossier_engine.rules.workflow import Text, Workflow


def said(words: Catalogue, label: Text) -> str:
    """A label in that language."""
    return label.vi if words.language == "vi" else label.en


def named(words: Catalogue, workflow: Workflow | None, key: str) -> str:
    """The label of a state, transition or requirement of `workflow`, or of an act that every workflow has."""
    if workflow is not None:
        for things in (workflow.transitions, workflow.states, workflow.requirements):
            if key in things:
                return said(words, things[key].label)
    return words.say(f"act.{key}") if words.has(f"act.{key}") else key


def act_label(words: Catalogue, workflow: Workflow, kind: str, body: Mapping[str, Json]) -> str:
    """What an entry says happened: the transition's own label, or the kind with the requirement it is about."""
    if kind == "moved":
        return named(words, workflow, str(body["transition"]))
    happened = words.say(f"entry.{kind}")
    key = body.get("requirement") or body.get("deadline")
    return f"{happened}: {about(words, workflow, str(key))}" if key else happened


def about(words: Catalogue, workflow: Workflow, key: str) -> str:
    """What a reminder or an escalation is about: a deadline by its label, a stall, or another escalation."""
    if key == "stalled" or key.startswith("escalation/"):
        return words.say("say.stalled") if key == "stalled" else words.say("say.escalation")
    return named(words, workflow, key)


def addressee(words: Catalogue, token: str) -> str:
    """Whom a rung addresses: a seat beside the holder, or a role."""
    return words.say(f"seat.{token}") if token in ("holder", "head") else words.say(f"role.{token}")


def dated(text: str) -> str:
    """`2024-12-09` or `12-09` in the order that people here read."""
    return "/".join(reversed(text.split("-")))
