"""Move a dossier by one transition: forward, back for supplements, out, or on to the next year."""

import random
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act, Desk, Outcome, Receipt, actor_under, settle, take
from dossier_engine.commands.register import open_next_year
from dossier_engine.commands.stage import deadline_row, standing_columns, stated, waking
from dossier_engine.commands.sweep import end_stage
from dossier_engine.errors import BadInput, NotFound, RequirementsUnmet
from dossier_engine.records import dossiers, facts
from dossier_engine.records.prepared import Write
from dossier_engine.rules.authority import Appointment, check_separation
from dossier_engine.rules.deadlines import Deadline, opened_by_entry
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import Law
from dossier_engine.rules.machine import step
from dossier_engine.rules.requirements import Facts
from dossier_engine.rules.workflow import Documents, State, Transition


@dataclass(frozen=True, slots=True)
class Supplement:
    """One line of a return's list: the requirement to supplement (its facts are voided), and in words what."""

    requirement: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """An order to take `transition`; `supplements` belong to a return, `successor` (a code) to `succeed`."""

    dossier: str
    transition: str
    act: Act
    supplements: tuple[Supplement, ...] = ()
    successor: str | None = None

    def request(self) -> dict[str, Json]:
        """What the idempotency key stands for."""
        supplements: list[Json] = [[s.requirement, s.what] for s in self.supplements]
        return {"transition": self.transition, "supplements": supplements, "successor": self.successor}


def advance(session: Session, law: Law, order: Advance, *, now: datetime, rng: random.Random) -> Receipt:
    """Carry out `order` in the caller's transaction; the face commits.

    Raises what `take` raises, NotPossible, Paused, NotAllowed, AppointmentExpired, SeparationOfDuties,
    RequirementsUnmet with everything that is unmet, NotFound for a successor that is not there, and BadInput for one
    that is closed, or a missing reason or list of supplements.
    """
    desk = take(session, law, "advance", order.dossier, order.act, order.request(), now=now)
    if isinstance(desk, Receipt):
        return desk
    transition = step(desk.workflow, desk.row.state, order.transition)
    if not transition.while_paused:
        desk.refuse_if_paused()
    under = desk.authorise(transition.name, transition.by, level=transition.at)
    sets = check_separation(
        desk.workflow.separation.items(), desk.performed, persons=under.accountable, transition=transition.name
    )
    _check_words(desk, transition, order)
    evidence = _check_requirements(desk, transition)
    target = desk.workflow.states[transition.target]
    deadlines = opened_by_entry(
        desk.workflow, target.key, transition.name, desk.on, year=desk.row.target_year, calendar=law.calendar
    )
    end_stage(desk, rng=rng)
    for requirement in dict.fromkeys(s.requirement for s in order.supplements):
        _void(desk, requirement)
    beside = dossiers.performing(desk.row.id, sets, under.accountable, transition.name, desk.performed)
    beside += dossiers.opening(deadline_row(desk.row.id, desk.next_seq, d, desk.now) for d in deadlines)
    beside += _recognition(desk, transition)
    wake_at = waking(desk.workflow, target, deadlines, now=desk.now, calendar=desk.law.calendar)
    beside += dossiers.waking(desk.row, wake_at)
    outcome = _outcome(desk, transition, target, deadlines, evidence, order)
    receipt = settle(desk, actor_under(under), outcome, rng=rng, beside=beside)
    _consequences(desk, transition, under, rng)
    return receipt


def _check_words(desk: Desk, transition: Transition, order: Advance) -> None:
    if transition.reason and not (order.act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    if transition.returns and not order.supplements:
        raise BadInput("supplements", "", "missing")
    if order.supplements and not transition.returns:
        raise BadInput("supplements", order.supplements[0].requirement, "not_a_return")
    for supplement in order.supplements:
        if supplement.requirement not in desk.workflow.requirements:
            raise BadInput("supplements", supplement.requirement, "unknown_requirement")
        if not supplement.what.strip():
            raise BadInput("supplements", supplement.requirement, "missing")
    if transition.needs_successor:
        if order.successor is None:
            raise BadInput("successor", "", "missing")
        if order.successor == order.dossier:
            raise NotFound("dossier", order.successor)
        if not dossiers.find(desk.conn, order.successor, desk.appointments).is_open:
            raise BadInput("successor", order.successor, "closed")
    elif order.successor is not None:
        raise BadInput("successor", order.successor, "unknown_item")


def _check_requirements(desk: Desk, transition: Transition) -> Facts | None:
    if not transition.requires:
        return None
    row = desk.row
    found = facts.gather(
        desk.conn,
        transition.requires,
        dossier=row.id,
        stage_seq=row.stage_seq,
        locality=row.locality,
        territory=row.territory,
        on=desk.on,
        criteria=desk.workflow.criteria,
    )
    unmet = facts.ask(transition.requires, found)
    if unmet:
        raise RequirementsUnmet(transition.name, unmet, desk.workflow.sha256)
    return found


def _void(desk: Desk, requirement: str) -> None:
    """A return voids the facts its list names; the others stand."""
    standing = dossiers.current_facts(desk.conn, desk.row.id)
    items = [item for key, item in standing if key == requirement]
    if items:
        dossiers.void_facts(desk.conn, desk.row.id, requirement, items, seq=desk.next_seq)


def _outcome(
    desk: Desk,
    transition: Transition,
    target: State,
    deadlines: tuple[Deadline, ...],
    evidence: Facts | None,
    order: Advance,
) -> Outcome:
    row = desk.row
    moved_round = row.round + transition.returns
    body: dict[str, Json] = {
        "transition": transition.name,
        "from": row.state,
        "to": target.key,
        "round": moved_round,
        "definition": row.definition,
        "calendar": desk.law.calendar.version,
        "met": [r.key for r in transition.requires],
        "files": list[Json](_files(transition, evidence)),
        "due": stated(deadlines),
    }
    if order.supplements:
        body["supplements"] = [s.requirement for s in order.supplements]
    if order.successor:
        body["successor"] = order.successor
    words = {f"supplement_{n}": s.what for n, s in enumerate(order.supplements, 1)}
    return Outcome(
        kind="moved",
        body=body,
        private=words,
        values={
            **standing_columns(target, row.territory, deadlines),
            "round": moved_round,
            "stage_seq": desk.next_seq,
            "stage_on": desk.on,
            "paused_on": None,
            "linked": order.successor or row.linked,
        },
    )


def _files(transition: Transition, evidence: Facts | None) -> list[str]:
    if evidence is None:
        return []
    keys = {r.key for r in transition.requires if isinstance(r, Documents)}
    return sorted(
        {str(f.value["sha256"]) for (k, _), f in evidence.recorded.items() if k in keys and "sha256" in f.value}
    )


def _recognition(desk: Desk, transition: Transition) -> list[Write]:
    row = desk.row
    if transition.target != desk.workflow.goal or row.office:  # an office is not recognised
        return []
    return [dossiers.recognising(row.locality, row.level, row.target_year, dossier=row.code, source=row.code)]


def _consequences(desk: Desk, transition: Transition, under: Appointment, rng: random.Random) -> None:
    if desk.row.state == desk.workflow.goal:
        dossiers.unrecognise(desk.conn, desk.row.code, desk.on)
    if transition.opens_next_year:
        open_next_year(desk, under, rng=rng)
