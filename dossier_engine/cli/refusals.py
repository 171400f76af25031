"""Refusals in words: every code has a sentence that says what to do next, in both languages."""

from datetime import datetime
from typing import TYPE_CHECKING

from dossier_engine.catalogue.labels import dated, named
from dossier_engine.cli.labels import lack, roles
from dossier_engine.cli.output import text
from dossier_engine.errors import BadInput, DossierError, FileProblems, IntegrityBroken, NotFound, RequirementsUnmet

if TYPE_CHECKING:
    from dossier_engine.cli.call import Call
    from dossier_engine.rules.workflow import Workflow


def in_words(refusal: DossierError, call: "Call") -> list[str]:
    """The lines that tell a person about `refusal`: one sentence, then one line for each thing it lists."""
    workflow = _workflow(refusal, call)
    listed = _listed(refusal, call, workflow)
    facts = {name: _worded(call, workflow, name, value, refusal) for name, value in refusal.facts.items()}
    facts["count"] = str(len(listed))
    if isinstance(refusal, BadInput):
        facts |= _field(refusal, call)
    if isinstance(refusal, NotFound):
        facts["look"] = call.words.say(f"next.look_{refusal.facts['kind']}")
    sentence = call.words.say(f"error.{refusal.code}", **facts)
    return [sentence, *_explained(refusal, call), *listed]


def _listed(refusal: DossierError, call: "Call", workflow: "Workflow | None") -> list[str]:
    if isinstance(refusal, RequirementsUnmet):
        return [f"  - {named(call.words, workflow, u.key)}: {lack(call, workflow, u)} [{u.key}]" for u in refusal.unmet]
    if isinstance(refusal, FileProblems):
        return [str(problem) for problem in refusal.problems]
    if isinstance(refusal, IntegrityBroken):
        return [_finding(str(finding), call) for finding in refusal.facts["findings"]]  # type: ignore[union-attr]
    return []


def _finding(finding: str, call: "Call") -> str:
    """`where: code: what`, as `audit verify` states it, with the code in words."""
    where, code, what = finding.split(": ", 2)
    return f"  - {where}: {call.words.say(f'finding.{code}')}" + (f" ({what})" if what else "")


def _explained(refusal: DossierError, call: "Call") -> list[str]:
    """What the codes of the faulty lines mean, each once."""
    if not isinstance(refusal, FileProblems):
        return []
    return [
        f"  {code} = {call.words.say(f'problem.{code}')}" for code in dict.fromkeys(p.code for p in refusal.problems)
    ]


def _field(refusal: BadInput, call: "Call") -> dict[str, str]:
    """The field in words with the option it is typed under; a field of one item is written `item.field`."""
    item, _, field = str(refusal.facts["field"]).rpartition(".")
    shown = call.words.say(f"field.{field}") if call.words.has(f"field.{field}") else field
    value = refusal.facts["value"]
    return {"field": f"{item}: {shown}" if item else shown, "value": f" “{value}”" if value else ""}


def _worded(call: "Call", workflow: "Workflow | None", name: str, value: object, refusal: DossierError) -> str:
    say = call.words.say
    if name == "suggestions" and isinstance(value, tuple):
        return say("next.suggestions", names=", ".join(str(v) for v in value)) if value else ""
    if name == "why":
        return say(f"why.{value}", **{k: str(v) for k, v in refusal.facts.items() if k != "why"})
    if name == "roles" and isinstance(value, tuple):
        return roles(call, tuple(str(v) for v in value))
    if name in ("kind", "accepts"):
        return say(f"kind.{value}")
    if name in ("transition", "state", "performed", "act", "key"):
        return named(call.words, workflow, str(value))
    if name in ("possible", "open") and isinstance(value, tuple):  # what can be typed next, so the names too
        return ", ".join(f"{named(call.words, workflow, str(v))} [{v}]" for v in value) or say("next.nothing")
    if isinstance(value, tuple):
        return ", ".join(str(v) for v in value) or say("next.nothing")
    if name in ("clock", "recorded"):
        return text(call, datetime.fromisoformat(str(value)))
    if isinstance(value, str) and len(value) == len("2024-12-09") and value[4:5] == value[7:8] == "-":
        return dated(value)
    return say("say.none") if value is None else str(value)


def _workflow(refusal: DossierError, call: "Call") -> "Workflow | None":
    """The definition a refusal speaks of, or else one that knows what it names, for its labels."""
    definition, name = refusal.facts.get("definition"), refusal.facts.get("transition", refusal.facts.get("key"))
    if call.settings is None or name is None:
        return None
    with call.engine.looking() as (_, law):
        if isinstance(definition, str):
            return law.workflows.get(definition)
        known = (w for w in law.workflows.values() if name in {**w.transitions, **w.states, **w.requirements})
        return next(known, None)
