"""What can be done with a dossier next, by whom, and what is still missing for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from dossier_engine.errors import BadInput, DossierError, NotPossible, Paused, Unmet
from dossier_engine.queries.worklist import Line
from dossier_engine.records import dossiers, facts
from dossier_engine.rules.authority import check_separation, standing
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import (
    Confirmation,
    Documents,
    Holds,
    Requirement,
    SectorConfirmations,
    ShareOfCommunes,
    Transition,
    Workflow,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement of a transition and what it still lacks (None: met)."""

    requirement: Requirement
    lack: Unmet | None


@dataclass(frozen=True, slots=True)
class Possibility:
    """One transition out of the present state; `refusal` says why the person asked about may not take it."""

    transition: Transition
    asked: tuple[Asked, ...]
    refusal: DossierError | None

    @property
    def is_open(self) -> bool:
        """Whether the transition would be accepted now, as far as can be told without taking it."""
        return self.refusal is None and all(a.lack is None for a in self.asked)


def possibilities(session: Session, line: Line, *, person: str | None, today: date) -> list[Possibility]:
    """Every transition out of the dossier's state with what it asks; judged for `person` when one is given."""
    conn = session.connection()
    row = dossiers.read(conn, line.code)
    workflow = line.workflow
    held, performed, _ = dossiers.sheet(conn, person, row.id, None) if person else ((), (), None)
    appointments = [a for a in held if a.concerns(row.office)]
    found = []
    for transition in workflow.leaving(row.state):
        gathered = facts.gather(
            conn,
            transition.requires,
            dossier=row.id,
            stage_seq=row.stage_seq,
            locality=row.locality,
            territory=row.territory,
            on=today,
            criteria=workflow.criteria,
        )
        lacks = {lack.key: lack for lack in facts.ask(transition.requires, gathered)}
        refusal: DossierError | None = None
        try:
            if row.paused_on is not None and not transition.while_paused:
                raise Paused(row.code, row.paused_on)
            if person is not None:
                under = standing(
                    appointments, person=person, act=transition.name, roles=transition.by, territory=row.territory,
                    on=today, level=transition.at,
                )  # fmt: skip
                check_separation(
                    workflow.separation.items(), performed, persons=under.accountable, transition=transition.name
                )
        except DossierError as error:
            refusal = error
        asked = tuple(Asked(r, lacks.get(r.key)) for r in transition.requires)
        found.append(Possibility(transition, asked, refusal))
    return found


@dataclass(frozen=True, slots=True)
class Recordable:
    """A requirement the state asks for; `refusal` says why the person asked about may not record it now.

    `offices` are those in whose name they may confirm, where it is confirmed.
    """

    requirement: Requirement
    offices: tuple[str, ...]
    refusal: DossierError | None

    @property
    def is_open(self) -> bool:
        """Whether they may."""
        return self.refusal is None


def recordables(session: Session, line: Line, *, person: str, today: date) -> dict[str, Recordable]:
    """Everything that somebody records in the dossier's state, by key; judged for `person`."""
    conn = session.connection()
    row = dossiers.read(conn, line.code)
    held = [a for a in dossiers.sheet(conn, person, row.id, None)[0] if a.concerns(row.office)]
    confirming = {o for offices in dossiers.confirming_offices(conn, row.territory).values() for o in offices}
    found = {}
    for key, (requirement, roles) in line.workflow.asked_in(row.state).items():
        if isinstance(requirement, Holds | ShareOfCommunes):
            continue
        may = [
            a
            for a in held
            if not isinstance(requirement, SectorConfirmations | Confirmation)
            or a.office in ({requirement.office} if isinstance(requirement, Confirmation) else confirming)
        ]
        refusal: DossierError | None = None
        try:
            standing(may, person=person, act=key, roles=roles, territory=row.territory, on=today, level=requirement.at)
            if row.paused_on is not None:
                raise Paused(row.code, row.paused_on)
        except DossierError as error:
            refusal = error
        offices = {a.office for a in may if a.role in roles and a.is_valid(today) and a.covers(row.territory)}
        found[key] = Recordable(requirement, tuple(sorted(offices)), refusal)
    return found


def return_from(session: Session, law: Law, code: str, *, person: str) -> str:
    """The name of the return that the dossier's present state has. Raises NotFound or NotPossible."""
    row = _known_to(session, person, code)
    workflow = law.workflows[row.definition]
    returns = [t.name for t in workflow.leaving(row.state) if t.returns]
    if not returns:
        raise NotPossible("return", row.state, [t.name for t in workflow.leaving(row.state)], workflow.sha256)
    return returns[0]


def asked_now(session: Session, law: Law, code: str, *, person: str) -> tuple[Workflow, Mapping[str, Requirement]]:
    """The dossier's definition and the requirements its present state asks for, by key. Raises NotFound."""
    row = _known_to(session, person, code)
    workflow = law.workflows[row.definition]
    return workflow, {key: requirement for key, (requirement, _) in workflow.asked_in(row.state).items()}


def fitting(asked: Mapping[str, Requirement], kinds: tuple[type[Requirement], ...], items: Collection[str]) -> str:
    """The key of the one requirement of these types among those asked that takes these items. Raises BadInput."""

    def takes(requirement: Requirement) -> bool:
        if isinstance(requirement, Documents):
            return all(item in {d.kind for d in requirement.documents} for item in items)
        return not isinstance(requirement, Confirmation) or requirement.office in items

    found = [key for key, requirement in asked.items() if isinstance(requirement, kinds) and takes(requirement)]
    if len(found) != 1:
        raise BadInput("requirement", ", ".join(found), "which_requirement" if found else "no_requirement")
    return found[0]


def _known_to(session: Session, person: str, code: str) -> Row[Any]:
    conn = session.connection()
    appointments, _, _ = dossiers.sheet(conn, person, 0, None)
    return dossiers.find(conn, code, appointments)
