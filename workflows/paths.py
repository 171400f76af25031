"""The ways through the states of a definition: every state is reached, none is a trap, no milestone can be avoided."""

from collections.abc import Collection, Iterator

from dossier_engine.errors import Problem
from dossier_engine.rules.workflow import Workflow
from workflows.section import Path, Places

Way = tuple[str, ...]
"""States one after the other, both ends included."""


def way(workflow: Workflow, start: str, goals: Collection[str], *, avoiding: Collection[str] = ()) -> Way | None:
    """The shortest way from `start` to one of `goals` that enters no state of `avoiding`; None when there is none.

    Of ways equally short, the one whose transitions stand first in the file.
    """
    ways: list[Way] = [(start,)]
    seen = {start, *avoiding}
    for taken in ways:  # grows while it is walked, so nearer states come first
        if taken[-1] in goals:
            return taken
        for transition in workflow.leaving(taken[-1]):
            if transition.target not in seen:
                seen.add(transition.target)
                ways.append((*taken, transition.target))
    return None


def dead_states(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """States that no dossier reaches, and states that no dossier gets out of."""
    ends = {state.key for state in workflow.states.values() if state.final}
    for state in workflow.states.values():
        at = ("states", state.key)
        if way(workflow, workflow.initial, {state.key}) is None:
            yield places.problem("unreachable_state", at, f"no way leads here from {workflow.initial}")
        if way(workflow, state.key, ends) is None:
            yield places.problem("trap", at, "no way leads from here to a final state")


def milestones(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """The first milestone is where a dossier starts, the last its goal, and each between them is passed in order."""
    order = workflow.milestones
    members = {name: {s.key for s in workflow.states.values() if s.milestone == name} for name in order}
    for name in order:
        if not members[name]:
            yield places.problem("empty_milestone", ("milestones",), f"no state belongs to {name}")
    ends = ((workflow.initial, order[0]), (workflow.goal, order[-1]))
    misplaced = [(state, name) for state, name in ends if state not in members[name]]
    for state, name in misplaced:
        yield places.problem("milestone_order", ("states", state, "milestone"), f"must be {name}")
    if misplaced:
        return
    for rank, name in enumerate(order[1:], start=1):
        later = {state for following in order[rank + 1 :] for state in members[following]}
        if members[name]:
            yield from _avoided(workflow, places, name, members[name], later)


def _avoided(
    workflow: Workflow, places: Places, milestone: str, members: Collection[str], later: Collection[str]
) -> Iterator[Problem]:
    around = way(workflow, workflow.initial, {workflow.goal}, avoiding=members)
    early = around or way(workflow, workflow.initial, later, avoiding=members)
    if early is not None:
        code = "around_milestone" if around else "milestone_order"
        yield places.problem(code, _leap(workflow, early, later), f"{milestone} is left out by {' -> '.join(early)}")


def _leap(workflow: Workflow, taken: Way, later: Collection[str]) -> Path:
    """Where the file has the transition by which `taken` first comes to a state in `later`."""
    first = next(n for n, state in enumerate(taken) if state in later)
    name = next(t.name for t in workflow.leaving(taken[first - 1]) if t.target == taken[first])
    return "transitions", name, "to"


def returns(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """A return leads back to an open state, and whatever leads to an earlier milestone is a return."""
    rank = {s.key: workflow.milestones.index(s.milestone) for s in workflow.states.values() if s.milestone}
    for transition in workflow.transitions.values():
        at, target = ("transitions", transition.name), workflow.states[transition.target]
        for origin in (state for state in transition.origins if state in rank):
            if transition.returns and (target.final or rank[target.key] > rank[origin]):
                yield places.problem("bad_return", at, f"{origin} -> {target.key} does not lead back")
            if not transition.returns and not target.final and rank[target.key] < rank[origin]:
                yield places.problem("bad_return", at, f"{origin} -> {target.key} leads back and must say `returns`")
