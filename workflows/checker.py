"""What a definition must keep as a whole, once each of its parts could be read.

Each check is one generator of Problems, and `check` asks them all. Ways through the states are judged only when
every name leads somewhere, or one misspelt word would be reported many times over.
"""

from collections.abc import Iterator, Sequence

from dossier_engine.errors import Problem
from dossier_engine.rules.authority import OFFICE_KINDS, ROLE_LEVELS
from dossier_engine.rules.workflow import (
    Criteria,
    Display,
    Documents,
    Holds,
    Receipt,
    Requirement,
    Rung,
    SectorConfirmations,
    ShareOfCommunes,
    State,
    Workflow,
)
from workflows import paths
from workflows.section import Path, Places


def check(workflow: Workflow, places: Places) -> list[Problem]:
    """Everything wrong with the definition as a whole; `places` knows the lines it was read from."""
    nowhere = [(state, path) for state, path in _spoken_of(workflow) if state not in workflow.states]
    # A blank name has been reported as missing already.
    lost = [places.problem("unknown_state", path, state) for state, path in nowhere if state]
    placed = list(_milestone_of_each(workflow, places))
    parts = (_header, _office, _desks, _ends, _separation, _seats, _keys, _requirements, _limits)
    found = [problem for part in parts for problem in part(workflow, places)]
    if not nowhere and not placed and workflow.milestones:
        ways = (paths.dead_states, paths.milestones, paths.returns)
        found += [problem for part in ways for problem in part(workflow, places)]
    return lost + placed + found


def _spoken_of(workflow: Workflow) -> Iterator[tuple[str, Path]]:
    """Every mention of a state, and where."""
    yield workflow.goal, ("goal",)
    for transition in workflow.transitions.values():
        at = ("transitions", transition.name)
        yield from ((origin, (*at, "from")) for origin in transition.origins)
        yield transition.target, (*at, "to")
    yield from ((state, ("extend", state)) for state in workflow.extend_by)


def _milestone_of_each(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """Every state a dossier can wait in, and the goal, names its milestone."""
    for state in workflow.states.values():
        at = ("states", state.key)
        if state.milestone is None and (not state.final or state.key == workflow.goal):
            yield places.problem("no_milestone", at)
        if state.milestone is not None and state.milestone not in workflow.milestones:
            yield places.problem("unknown_milestone", (*at, "milestone"), state.milestone)


def _header(workflow: Workflow, places: Places) -> Iterator[Problem]:
    if workflow.valid_to is not None and workflow.valid_to < workflow.valid_from:
        yield places.problem("bad_validity", ("valid_to",), f"lies before {workflow.valid_from}")
    if not workflow.states and places.has("states"):
        yield places.problem("missing", ("states",))
    if not workflow.criteria.criteria and places.has("criteria", "items"):
        yield places.problem("missing", ("criteria", "items"))


def _office(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """A dossier about an office waits there first, and asks for nothing that only a locality has."""
    if workflow.subject != "office":
        return
    first = workflow.states.get(workflow.initial)
    if first is not None and first.holder is not None and not _is_in(first.holder, workflow.kinds):
        at = ("states", first.key, "holder")
        yield places.problem("not_its_own", at, f"{first.holder} has no office of kind {', '.join(workflow.kinds)}")
    for path, requirement in _asked(workflow):
        if isinstance(requirement, Criteria | SectorConfirmations | Holds | ShareOfCommunes):
            yield places.problem("not_of_an_office", (*path, "type"))


def _is_in(role: str, kinds: Sequence[str]) -> bool:
    return not set(OFFICE_KINDS[role]).isdisjoint(kinds)


def _desks(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """Wherever a dossier can wait, somebody holds it, for a limited time, and is reminded."""
    for state in workflow.states.values():
        if not state.final:
            yield from _desk(workflow, places, state)


def _desk(workflow: Workflow, places: Places, state: State) -> Iterator[Problem]:
    at = ("states", state.key)
    if state.holder is None:
        yield places.problem("no_holder", at)
    elif not any(state.holder in transition.by for transition in workflow.leaving(state.key)):
        yield places.problem("idle_holder", (*at, "holder"), f"no transition from here is by {state.holder}")
    if not places.has(*at, "limit"):
        yield places.problem("no_limit", at)
    if not places.has(*at, "ladder"):
        yield places.problem("no_ladder", at)
    elif state.ladder and not _escalates(state.ladder):
        yield places.problem("ladder_without_escalation", (*at, "ladder"), "its last rung must escalate")


def _escalates(ladder: Sequence[Rung]) -> bool:
    """Whether one of the latest dated rungs escalates; weekly ones only repeat."""
    dated = [rung for rung in ladder if rung.working_days is not None]
    last = max((rung.working_days for rung in dated if rung.working_days is not None), default=None)
    return any(rung.kind == "escalate" for rung in dated if rung.working_days == last)


def _ends(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """Nobody waits in a final state, and only the goal can still be left."""
    for state in workflow.states.values():
        at = ("states", state.key)
        if state.final and (state.holder or places.has(*at, "limit")):
            yield places.problem("bad_end", at, "a final state has neither holder nor limit")
        if state.final and state.key != workflow.goal and workflow.leaving(state.key):
            yield places.problem("bad_end", at, "only the goal can be left again")
        if state.key == workflow.goal and not state.final:
            yield places.problem("bad_end", at, "the goal is a final state")
        if state.announce and (state.key != workflow.goal or not _can_be_announced(state.announce)):
            yield places.problem("bad_end", (*at, "announce"), "the goal alone is announced: documents, within a limit")
    for transition in workflow.transitions.values():
        target = workflow.states.get(transition.target)
        if (transition.opens_next_year or transition.needs_successor) and target and not target.final:
            yield places.problem(
                "bad_end", ("transitions", transition.name, "to"), "another dossier takes over from here"
            )


def _can_be_announced(requirement: Requirement) -> bool:
    return isinstance(requirement, Documents) and requirement.limit is not None


def _separation(workflow: Workflow, places: Places) -> Iterator[Problem]:
    for name, members in workflow.separation.items():
        at = ("separation_of_duties", name)
        for member in members:
            if member not in workflow.transitions:
                yield places.problem("separation_unknown", at, member)
        if len(set(members)) < 2:
            yield places.problem("separation_too_small", at, "two duties at least can be kept apart")


def _seats(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """Whoever acts at a level has an office there."""
    acts: list[tuple[Path, Sequence[str], Sequence[int]]] = [
        (("register", "by"), workflow.register.by, workflow.register.levels)
    ]
    acts += [(("transitions", t.name, "by"), t.by, [t.at]) for t in workflow.transitions.values()]
    acts += [(path, [r.by], [r.at]) for path, r in _asked(workflow) if r.by is not None and r.at is not None]
    for path, roles, levels in acts:
        for role in roles:
            if levels and not set(levels) & set(ROLE_LEVELS.get(role, levels)):
                yield places.problem("role_not_at_level", path, f"{role} has no office at level {levels[0]}")


def _asked(workflow: Workflow) -> Iterator[tuple[Path, Requirement]]:
    """Every requirement with its path, in the order of reading."""
    for requirement in workflow.register.requires:
        yield ("register", "requires", requirement.key), requirement
    for transition in workflow.transitions.values():
        for requirement in transition.requires:
            yield ("transitions", transition.name, "requires", requirement.key), requirement
    for state in workflow.states.values():
        if state.announce is not None:
            yield ("states", state.key, "announce"), state.announce


def _keys(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """A fact is filed under the key of its requirement, so a key names one requirement of the definition."""
    seen: dict[str, Path] = {}
    for path, requirement in _asked(workflow):
        if requirement.key in seen and requirement.key:
            yield places.problem("duplicate_key", path, f"also {'.'.join(seen[requirement.key])}")
        seen.setdefault(requirement.key, path)


def _requirements(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """What a requirement leans on exists."""
    for path, requirement in _asked(workflow):
        if path[0] == "register" and not isinstance(requirement, Holds | ShareOfCommunes):
            yield places.problem("unknown_requirement", path, "nothing can be recorded before there is a dossier")
        if isinstance(requirement, Documents) and not requirement.documents and places.has(*path, "documents"):
            yield places.problem("missing", (*path, "documents"))
        if isinstance(requirement, Display) and requirement.after and not _is_dated(workflow, requirement.after):
            yield places.problem("unknown_requirement", (*path, "after"), f"{requirement.after} has no dated document")


def _is_dated(workflow: Workflow, key: str) -> bool:
    found = workflow.requirements.get(key)
    return isinstance(found, Documents) and any("date" in document.fields for document in found.documents)


def _limits(workflow: Workflow, places: Places) -> Iterator[Problem]:
    """Whatever counts from receipt belongs to a stage in which a receipt is recorded."""
    for section, owners in (("states", workflow.states), ("transitions", workflow.transitions)):
        for name, owner in owners.items():
            if owner.limit is not None and owner.limit.start == "received":
                yield places.problem("bad_limit", (section, name, "limit", "from"), "a stage begins when it is entered")
    for path, requirement in _asked(workflow):
        received = requirement.limit is not None and requirement.limit.start == "received"
        if received and (isinstance(requirement, Receipt) or not _has_receipt(workflow, path)):
            yield places.problem("bad_limit", (*path, "limit", "from"), "no receipt is recorded before")


def _has_receipt(workflow: Workflow, path: Path) -> bool:
    """Whether every stage in which the requirement at `path` is asked records a receipt."""
    transition = workflow.transitions.get(path[1]) if path[0] == "transitions" else None
    return transition is not None and all(
        any(isinstance(r, Receipt) for leaving in workflow.leaving(origin) for r in leaving.requires)
        for origin in transition.origins
    )
