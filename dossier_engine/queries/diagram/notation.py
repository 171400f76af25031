"""A definition as Mermaid text, for documents that developers read."""

from dossier_engine.queries.diagram.chart import Language, said
from dossier_engine.rules.workflow import Workflow

_PLAIN = frozenset(" ,.()/-")


def mermaid(workflow: Workflow, *, lang: Language) -> str:
    """A `stateDiagram-v2` of the definition, states and transitions in the order of the file."""
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{_escaped(said(s.label, lang))}" as {_at(s.key)}' for s in workflow.states.values()]
    lines.append(f"    [*] --> {_at(workflow.initial)}")
    for transition in workflow.transitions.values():
        label = _escaped(said(transition.label, lang))
        lines += [f"    {_at(origin)} --> {_at(transition.target)} : {label}" for origin in transition.origins]
    lines += [f"    {_at(state.key)} --> [*]" for state in workflow.states.values() if state.final]
    return "\n".join((*lines, ""))


def _at(state: str) -> str:
    """A name for the state; as it stands it could be a keyword (`class`, `note`, `scale`), which Mermaid refuses."""
    return f"at_{state}"


def _escaped(text: str) -> str:
    """Everything that is neither a letter, a digit nor harmless becomes an entity of Mermaid's."""
    return "".join(letter if letter.isalnum() or letter in _PLAIN else f"#{ord(letter)};" for letter in text)
