"""Refusals in words: every code has a sentence that says what to do next, in both languages."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import dated, named
from dossier_engine.errors import (
    BadInput,
    DossierError,
    FileProblems,
    IntegrityBroken,
    Malformed,
    NotFound,
    RequirementsUnmet,
)
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow
from dossier_engine.shown import text
from dossier_engine.shown.labels import lack, roles

NO_LABELS: Mapping[str, str] = MappingProxyType({})


def in_words(
    refusal: DossierError, words: Catalogue, law: Law | None = None, labels: Mapping[str, str] = NO_LABELS
) -> list[str]:
    """The lines that tell a person about `refusal`: one sentence, then one line for each thing it lists.

    With the law, what a definition names is told by its labels; `labels` are those of the fields of a form.
    """
    workflow = _workflow(refusal, law)
    listed = _listed(refusal, words, workflow)
    facts = {name: _worded(words, workflow, name, value, refusal) for name, value in refusal.facts.items()}
    facts["count"] = str(len(listed))
    if isinstance(refusal, BadInput):
        facts |= _field(refusal, words, labels)
    if isinstance(refusal, NotFound):
        facts["look"] = words.say(f"next.look_{refusal.facts['kind']}")
    sentence = words.say(f"error.{refusal.code}", **facts)
    return [sentence, *_explained(refusal, words), *listed]


def _listed(refusal: DossierError, words: Catalogue, workflow: Workflow | None) -> list[str]:
    if isinstance(refusal, RequirementsUnmet):
        return [
            words.keyed(f"  - {named(words, workflow, u.key)}: {lack(words, workflow, u)}", u.key)
            for u in refusal.unmet
        ]
    if isinstance(refusal, FileProblems):
        return [str(problem) for problem in refusal.problems]
    if isinstance(refusal, Malformed):
        return [f"  - {pointer}: {words.say(f'shape.{code}')}" for pointer, code in refusal.faults]
    if isinstance(refusal, IntegrityBroken):
        return [_finding(str(finding), words) for finding in refusal.facts["findings"]]  # type: ignore[union-attr]
    return []


def _finding(finding: str, words: Catalogue) -> str:
    """`where: code: what`, as `audit verify` states it, with the code in words."""
    where, code, what = finding.split(": ", 2)
    return f"  - {where}: {words.say(f'finding.{code}')}" + (f" ({what})" if what else "")


def _explained(refusal: DossierError, words: Catalogue) -> list[str]:
    """What the codes of the faulty lines mean, each once."""
    if not isinstance(refusal, FileProblems):
        return []
    return [f"  {code} = {words.say(f'problem.{code}')}" for code in dict.fromkeys(p.code for p in refusal.problems)]


def _field(refusal: BadInput, words: Catalogue, labels: Mapping[str, str]) -> dict[str, str]:
    """The field in words with the option it is typed under; a field of one item is written `item.field`."""
    item, _, field = str(refusal.facts["field"]).rpartition(".")
    known = words.say(f"field.{field}") if words.has(f"field.{field}") else field
    shown = labels.get(field, known)
    value = refusal.facts["value"]
    return {"field": f"{item}: {shown}" if item else shown, "value": f" “{value}”" if value else ""}


def _worded(words: Catalogue, workflow: Workflow | None, name: str, value: object, refusal: DossierError) -> str:
    say = words.say
    if name == "suggestions" and isinstance(value, tuple):
        return say("next.suggestions", names=", ".join(str(v) for v in value)) if value else ""
    if name == "why":
        return say(f"why.{value}", **{k: str(v) for k, v in refusal.facts.items() if k != "why"})
    if name == "roles" and isinstance(value, tuple):
        return roles(words, tuple(str(v) for v in value))
    if name in ("kind", "accepts"):
        return say(f"kind.{value}")
    if name in ("transition", "state", "performed", "act", "key"):
        return named(words, workflow, str(value))
    if name in ("possible", "open") and isinstance(value, tuple):  # what can be typed next, so the names too
        return ", ".join(words.keyed(named(words, workflow, str(v)), v) for v in value) or say("next.nothing")
    if isinstance(value, tuple):
        return ", ".join(str(v) for v in value) or say("next.nothing")
    if name in ("clock", "recorded"):
        return text(words, datetime.fromisoformat(str(value)))
    if isinstance(value, str) and len(value) == len("2024-12-09") and value[4:5] == value[7:8] == "-":
        return dated(value)
    return say("say.none") if value is None else str(value)


def _workflow(refusal: DossierError, law: Law | None) -> Workflow | None:
    """The definition a refusal speaks of, or else one that knows what it names, for its labels."""
    definition, name = refusal.facts.get("definition"), refusal.facts.get("transition", refusal.facts.get("key"))
    if law is None or name is None:
        return None
    if isinstance(definition, str):
        return law.workflows.get(definition)
    known = (w for w in law.workflows.values() if name in {**w.transitions, **w.states, **w.requirements})
    return next(known, None)
