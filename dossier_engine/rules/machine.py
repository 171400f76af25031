"""The graph of a definition, held by one shared `transitions.Machine` per definition.

The machine answers what leads where; it never holds a dossier. Guards are our own, because the library's answer a
bare False, and `auto_transitions` stays off, or every state could jump to `recognized`.
"""

from functools import lru_cache

from transitions import Machine

from dossier_engine.errors import NotPossible
from dossier_engine.rules.workflow import Transition, Workflow


@lru_cache(maxsize=64)
def graph(workflow: Workflow) -> Machine:
    """The shared machine of this definition, built once in a process."""
    return Machine(
        model=None,
        states=list(workflow.states),
        transitions=[[t.name, origin, t.target] for t in workflow.transitions.values() for origin in t.origins],
        initial=workflow.initial,
        auto_transitions=False,
    )


@lru_cache(maxsize=1024)
def _leads_out(workflow: Workflow, state: str) -> frozenset[str]:
    return frozenset(graph(workflow).get_triggers(state))


def step(workflow: Workflow, state: str, name: str) -> Transition:
    """The transition `name` out of `state`. Raises NotPossible with those the state has."""
    if name not in _leads_out(workflow, state):
        raise NotPossible(name, state, [t.name for t in workflow.leaving(state)], workflow.sha256)
    return workflow.transitions[name]
