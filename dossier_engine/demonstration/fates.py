"""What befalls the dossiers of a programme besides their way to the goal."""

import random
from collections.abc import Mapping, Sequence
from typing import Literal

from dossier_engine.demonstration.programme import Candidate
from dossier_engine.rules.authority import part_of
from dossier_engine.rules.workflow import Display, Documents, Requirement, Transition, Vote, Workflow

Incident = Literal["returned", "late", "paused", "extended", "absence", "haste", "withdrawn", "not_met", "carried_over"]
Fate = Mapping[str, frozenset[Incident]]  # by the state in which it happens

ENDS: tuple[Incident, ...] = ("withdrawn", "not_met", "carried_over")

# Every programme has so many of these, each on a dossier of its own; more returns and delays are drawn.
_CERTAIN: Mapping[Incident, int] = {
    "withdrawn": 1,
    "not_met": 1,
    "carried_over": 1,
    "absence": 1,
    "haste": 1,
    "extended": 2,
    "paused": 3,
    "returned": 3,
    "late": 4,
}
_RETURNED_SHARE, _LATE_SHARE = 0.2, 0.2


def way(workflow: Workflow, milestone: str) -> dict[str, Transition]:
    """For each state on the way to `milestone` the transition to take from it: the shortest way, first in the file.

    Raises LookupError where no way leads there.
    """
    ways: dict[str, dict[str, Transition]] = {workflow.initial: {}}
    queue = [workflow.initial]
    while queue:
        state = queue.pop(0)
        if workflow.states[state].milestone == milestone:
            return ways[state]
        for transition in workflow.leaving(state):
            if not transition.returns and transition.target not in ways:
                ways[transition.target] = {**ways[state], state: transition}
                queue.append(transition.target)
    raise LookupError(f"{workflow.reference} has no way to {milestone}")


def doubtful(transition: Transition) -> list[Requirement]:
    """What a return may ask to supplement of all that `transition` was taken on.

    No report that a posting followed: the days of the posting would have to begin again.
    """
    shown = {r.after for r in transition.requires if isinstance(r, Display)}
    return [r for r in transition.requires if isinstance(r, Documents | Vote) and r.key not in shown]


def allot(candidates: Sequence[Candidate], rng: random.Random) -> Sequence[Fate]:
    """A fate for each candidate, in their order. No district leaves its way: the plan wants all of them ready."""
    fates: list[dict[str, frozenset[Incident]]] = [{} for _ in candidates]
    districts = {c.territory for c in candidates if c.workflow.subject == "district"}
    order = [n for n, c in enumerate(candidates) if c.workflow.subject != "district"]
    rng.shuffle(order)
    for incident in (incident for incident, times in _CERTAIN.items() for _ in range(times)):
        for number in order:
            where = [] if fates[number] else _where(candidates[number], incident, districts)
            if where:
                fates[number][rng.choice(where)] = frozenset([incident])
                break
    return [fate or _by_chance(candidate, rng) for fate, candidate in zip(fates, candidates, strict=True)]


def _by_chance(candidate: Candidate, rng: random.Random) -> dict[str, frozenset[Incident]]:
    happens: tuple[tuple[Incident, float], ...] = (("returned", _RETURNED_SHARE), ("late", _LATE_SHARE))
    drawn: dict[str, frozenset[Incident]] = {}
    for incident, share in happens:
        where = _where(candidate, incident, set())
        if where and rng.random() < share:
            state = rng.choice(where)
            drawn[state] = drawn.get(state, frozenset()) | {incident}
    return drawn


def _where(candidate: Candidate, incident: Incident, districts: set[str]) -> list[str]:
    """The states on the candidate's way in which `incident` can happen."""
    on_the_way = way(candidate.workflow, candidate.milestone)
    # Who stands in for a reviewer prepares the district's own dossier, and may not review that one.
    if incident == "absence" and part_of(candidate.territory, 2) in districts:
        return []
    return [state for state in on_the_way if _can_happen(candidate.workflow, on_the_way, state, incident)]


def _can_happen(workflow: Workflow, on_the_way: Mapping[str, Transition], state: str, incident: Incident) -> bool:
    limit = workflow.states[state].limit
    match incident:
        case "returned":
            back = [t.target for t in workflow.leaving(state) if t.returns]
            return any(target in on_the_way and doubtful(on_the_way[target]) for target in back)
        case "withdrawn" | "not_met" | "carried_over":
            return any(t.target == incident for t in workflow.leaving(state))
        case "paused":
            return limit is not None and limit.days is not None  # a date fixed by law does not wait
        case "extended":
            return limit is not None and state in workflow.extend_by
        case "absence":
            return workflow.states[state].holder == "district_reviewer"
        case "late" | "haste":
            return limit is not None
