"""Judges the moves of a dossier: the transition, who, on what evidence, and the deadlines it opens."""

from collections.abc import Iterator
from functools import lru_cache

from dossier_engine.errors import SeparationOfDuties
from dossier_engine.rules.authority import check_separation
from dossier_engine.rules.deadlines import opened_by_entry
from dossier_engine.rules.requirements import unmet
from dossier_engine.rules.workflow import Documents, Holds, Requirement, ShareOfCommunes
from dossier_engine.verifier import due
from dossier_engine.verifier.act import Act, Flaw
from dossier_engine.verifier.authority import accountable
from dossier_engine.verifier.case import Case, Moved
from dossier_engine.verifier.conditions import may, running, worded

by_law = lru_cache(8_192)(opened_by_entry)


def moved(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with a move from one state to another."""
    body, workflow, standing = act.body, case.workflow, case.standing
    transition = workflow.transitions.get(str(body["transition"]))
    if transition is None or standing.state not in transition.origins or transition.target != body["to"]:
        yield "transition_unknown", f"{body['transition']}: {standing.state} > {body['to']}"
        return
    if not transition.while_paused:
        yield from running(case)
    yield from may(case, act, transition.by, level=transition.at)
    yield from _separated(case, act, transition.name)
    if transition.reason:
        yield from worded(act, "reason")
    yield from _lists(case, act, returns=transition.returns, succeeds=transition.needs_successor)
    yield from _met(case, act, transition.requires)
    if body["files"] != _files(case, transition.requires):
        yield "files_differ", transition.name
    if type(body["round"]) is not int or body["round"] != standing.round + transition.returns:
        yield "round_wrong", str(body["round"])
    if body["definition"] != standing.definition:
        yield "definition_differs", str(body["definition"])
    calendar = due.named(case.registers, act)
    year = case.opened.year
    law = by_law(workflow, transition.target, transition.name, act.on, year=year, calendar=calendar) if calendar else ()
    yield from due.opened(case.registers, act, law)
    successor = body.get("successor")
    case.moves.append(
        Moved(
            act.seq, act.at, act.on, act.person, transition.name, transition.target,
            None if successor is None else str(successor),
        )
    )  # fmt: skip


def _separated(case: Case, act: Act, transition: str) -> Iterator[Flaw]:
    rows = case.told.rows["performed"].items()
    performed = ((separation, person, row["transition"]) for (separation, person), row in rows)
    try:
        check_separation(
            case.workflow.separation.items(), performed, persons=accountable(act), transition=transition
        )  # fmt: skip
    except SeparationOfDuties as refusal:
        yield "separation_broken", f"{refusal.facts['person']}: {refusal.facts['performed']}, {transition}"


def _lists(case: Case, act: Act, *, returns: bool, succeeds: bool) -> Iterator[Flaw]:
    """The list of a return, each line with its words; the dossier that succeeds, where one must."""
    listed = act.body.get("supplements", [])
    if not isinstance(listed, list) or bool(listed) != returns or ("supplements" in act.body and not listed):
        yield "words_missing", "supplements"
        return
    for n, key in enumerate(listed, 1):
        if key not in case.workflow.requirements:
            yield "words_missing", f"supplements: {key}"
        yield from worded(act, f"supplement_{n}")
    successor = act.body.get("successor")
    if (successor is not None) != succeeds or act.stream == f"dossier/{successor}":
        yield "link_wrong", str(successor)


def _met(case: Case, act: Act, requires: tuple[Requirement, ...]) -> Iterator[Flaw]:
    if act.body["met"] != [r.key for r in requires]:
        yield "met_differs", str(act.body["met"])
    facts = case.facts(act.on) if requires else None
    for requirement in requires:
        if isinstance(requirement, Holds | ShareOfCommunes):
            case.ask(act, requirement)
        elif facts is not None and (lack := unmet(requirement, facts)) is not None:
            yield "requirement_unmet", f"{requirement.key}: {lack.why}"


def _files(case: Case, requires: tuple[Requirement, ...]) -> list[str]:
    keys = {r.key for r in requires if isinstance(r, Documents)}
    facts = case.told.facts.items()
    return sorted({str(f.value["sha256"]) for (owner, _), f in facts if owner in keys and "sha256" in f.value})
