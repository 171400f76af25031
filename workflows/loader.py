"""From the bytes of a definition to a checked `Workflow`, section by section.

What each section may hold is what its function here asks for; `checker` then judges the whole.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Literal, get_args

from dossier_engine.errors import FileProblems
from dossier_engine.rules.authority import OFFICE_KINDS
from dossier_engine.rules.workflow import (
    NO_CRITERIA,
    RECOGNITION_LEVELS,
    CriteriaSet,
    Criterion,
    Opening,
    Requirement,
    Rung,
    State,
    Transition,
    Workflow,
)
from workflows import strict, terms
from workflows.checker import check
from workflows.ladders import escalation, ladders
from workflows.requirements import Recorder, requirement, requirements
from workflows.section import SLUG, Reading, Section

_Subject = Literal["commune", "district", "office"]
_SUBJECTS: tuple[_Subject, ...] = get_args(_Subject)
_KINDS = ("province", "district", "town", "city", "commune", "ward", "township")
_OFFICES = tuple(dict.fromkeys(kind for kinds in OFFICE_KINDS.values() for kind in kinds))
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")


def load(data: bytes, file: str) -> Workflow:
    """The definition in `data`, identified by the SHA-256 of exactly these bytes.

    `file` names it in faults. Raises FileProblems with every fault that was found, in the order of lines.
    """
    workflow, reading = _read(data, file)
    found = [*reading.problems, *check(workflow, reading.places)]
    if found:
        raise FileProblems(sorted(found, key=lambda problem: problem.line))
    return workflow


def stored(data: bytes, file: str) -> Workflow:
    """A definition that was checked when it was activated, read back from its stored bytes without being judged again.

    A later version may check more, and must not take away a definition that dossiers are pinned to. Raises
    FileProblems only for bytes that are no definition at all.
    """
    workflow, reading = _read(data, file)
    if reading.problems:
        raise FileProblems(reading.problems)
    return workflow


def _read(data: bytes, file: str) -> tuple[Workflow, Reading]:
    tree, problems = strict.read(data, file)
    reading = Reading(file, problems)
    workflow = _definition(Section(reading, (), tree), hashlib.sha256(data).hexdigest())
    reading.refuse_unread()
    return workflow, reading


def packaged() -> tuple[tuple[str, bytes], ...]:
    """File name and bytes of each definition that ships with the engine, by name."""
    files = (file for file in resources.files("workflows").iterdir() if file.name.endswith(".yaml"))
    return tuple(sorted((file.name, file.read_bytes()) for file in files))


def _definition(root: Section, sha256: str) -> Workflow:
    opening, states, transitions = _opening(root.section("register")), _states(root), _transitions(root)
    subject = root.choice("subject", _SUBJECTS)
    is_about_office = subject == "office"
    return Workflow(
        name=root.name("workflow", SLUG),
        version=str(root.whole("version")),
        sha256=sha256,
        title=terms.label(root, "title"),
        subject=subject,
        kinds=_kinds(root, _OFFICES if is_about_office else _KINDS),
        level="" if is_about_office else root.choice("level", RECOGNITION_LEVELS, "unknown_level"),
        abbreviation=_abbreviation(root),
        valid_from=root.day("valid_from"),
        valid_to=root.day("valid_to") if "valid_to" in root else None,
        legal_basis=root.texts("legal_basis"),
        goal=root.name("goal"),
        milestones=root.names("milestones"),
        initial=next(iter(states), ""),
        register=opening,
        states=states,
        transitions=transitions,
        pause_by=terms.roles(root.section("pause"), "by"),
        extend_by=_extend(root.section("extend")),
        separation=_separation(root.section("separation_of_duties")),
        stalled=None if is_about_office and "stalled" not in root else _stalled(root.section("stalled")),
        difficulty=escalation(root.section("difficulty"), 0),
        criteria=NO_CRITERIA if is_about_office else _criteria(root.section("criteria")),
        requirements=_by_key(opening, states, transitions),
    )


def _kinds(root: Section, known: Sequence[str]) -> tuple[str, ...]:
    kinds = root.texts("kinds")
    for kind in kinds:
        if kind not in known:
            root.fault("unknown_kind", "kinds", f"{kind} is none of {', '.join(known)}")
    return kinds


def _abbreviation(root: Section) -> str:
    text = root.text("abbreviation")
    if text and not _ABBREVIATION.fullmatch(text):
        root.fault("bad_name", "abbreviation", f"{text} is not two to five capital letters")
    return text


def _opening(section: Section) -> Opening:
    return Opening(terms.roles(section, "by"), terms.levels(section), requirements(section))


def _states(root: Section) -> dict[str, State]:
    known = ladders(root)
    return {key: _state(key, section, known) for key, section in root.sections("states").items()}


def _state(key: str, section: Section, known: Mapping[str, tuple[Rung, ...]]) -> State:
    return State(
        key=key,
        milestone=section.optional("milestone"),
        label=terms.label(section),
        final=section.flag("final"),
        holder=terms.role(section, "holder") if "holder" in section else None,
        limit=terms.limit(section),
        ladder=_ladder(section, known),
        announce=requirement(section.section("announce")) if "announce" in section else None,
    )


def _ladder(section: Section, known: Mapping[str, tuple[Rung, ...]]) -> tuple[Rung, ...]:
    name = section.optional("ladder")
    if name and name not in known:
        section.fault("no_ladder", "ladder", f"{name} is none of {', '.join(known)}")
    return known.get(name or "", ())


def _transitions(root: Section) -> dict[str, Transition]:
    read = [_transition(section) for section in root.listed("transitions", by="name", repeated="duplicate_transition")]
    return {transition.name: transition for transition in read}


def _transition(section: Section) -> Transition:
    by, at = terms.roles(section, "by"), terms.level(section)
    return Transition(
        name=section.name("name"),
        label=terms.label(section),
        origins=section.names("from"),
        target=section.name("to"),
        by=by,
        at=at,
        requires=requirements(section, Recorder(by[0] if len(by) == 1 else None, at)),
        reason="reason" in section and section.choice("reason", ("optional", "required")) == "required",
        returns=section.flag("returns"),
        while_paused=section.flag("while_paused"),
        opens_next_year=section.flag("opens_next_year"),
        needs_successor=section.flag("needs_successor"),
        limit=terms.limit(section),
    )


def _extend(section: Section) -> dict[str, tuple[str, ...]]:
    return {state: terms.roles(section, state) for state in section.own_names()}


def _stalled(section: Section) -> Rung:
    return escalation(section, section.whole("working_days"))


def _separation(section: Section) -> dict[str, tuple[str, ...]]:
    return {name: section.names(name) for name in section.own_names()}


def _criteria(section: Section) -> CriteriaSet:
    return CriteriaSet(
        key=section.name("set"),
        title=terms.label(section, "title"),
        provenance=terms.provenance(section),
        criteria=tuple(_criterion(item) for item in section.listed("items", by="number")),
    )


def _criterion(section: Section) -> Criterion:
    return Criterion(
        number=str(section.whole("number")),
        label=terms.label(section),
        provenance=terms.provenance(section),
        offices=section.names("offices", SLUG) if "offices" in section else (),
    )


def _by_key(
    opening: Opening, states: Mapping[str, State], transitions: Mapping[str, Transition]
) -> dict[str, Requirement]:
    announced = [state.announce for state in states.values() if state.announce]
    asked = [requirement for transition in transitions.values() for requirement in transition.requires]
    return {requirement.key: requirement for requirement in (*opening.requires, *asked, *announced)}
