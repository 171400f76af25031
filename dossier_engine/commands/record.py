"""Record what requirements look at: documents, criteria results, postings, votes, surveys, confirmations, receipts."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act, Desk, Outcome, Receipt, actor_under, settle, take
from dossier_engine.commands.stage import deadline_row, stated, waking
from dossier_engine.commands.sweep import end_stall
from dossier_engine.errors import BadInput, NotPossible
from dossier_engine.records import dossiers, facts
from dossier_engine.rules.authority import Appointment
from dossier_engine.rules.deadlines import Deadline, opened_by_receipt
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import Pause
from dossier_engine.rules.requirements import Value, check_shape
from dossier_engine.rules.workflow import Confirmation, Requirement, SectorConfirmations
from dossier_engine.rules.workflow import Receipt as ReceiptOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An order to record `items` of one requirement; an item recorded before is replaced, both stay in history."""

    dossier: str
    requirement: str
    items: Mapping[str, Value]
    act: Act

    def request(self) -> dict[str, Json]:
        """What the idempotency key stands for."""
        return {"requirement": self.requirement, "items": {item: dict(value) for item, value in self.items.items()}}


def record(session: Session, law: Law, order: Record, *, now: datetime, rng: random.Random) -> Receipt:
    """Carry out `order` in the caller's transaction; the face commits.

    Raises what `take` raises, Paused, NotPossible when the state does not ask for this requirement, NotAllowed,
    AppointmentExpired, BadInput and DateInFuture.
    """
    desk = take(session, law, "record", order.dossier, order.act, order.request(), now=now)
    if isinstance(desk, Receipt):
        return desk
    desk.refuse_if_paused()
    requirement, roles = _asked_for(desk, order.requirement)
    under = _recorder(desk, requirement, roles, order)
    if not order.items:
        raise BadInput("items", "", "missing")
    for item, value in order.items.items():
        check_shape(requirement, item, value, criteria=desk.workflow.criteria, today=desk.on)
    begun = _begun(desk, requirement, order)
    end_stall(desk, rng=rng)
    stage = dossiers.opening(deadline_row(desk.row.id, desk.row.stage_seq, d, desk.now) for d in begun)
    beside = [*stage, *dossiers.waking(desk.row, _wake(desk, begun))]
    receipt = settle(desk, actor_under(under), _outcome(desk, order, begun), rng=rng, beside=beside)
    _store(desk, order, receipt)
    for key in (requirement.key, *(d.key for d in begun)):  # what stands from an earlier round is met at once
        _meet(desk, desk.workflow.requirements[key])
    return receipt


def _asked_for(desk: Desk, key: str) -> tuple[Requirement, tuple[str, ...]]:
    """The requirement and who records it, if the state the dossier stands in asks for it."""
    asked = desk.workflow.asked_in(desk.row.state)
    if key not in asked:
        raise NotPossible(key, desk.row.state, list(asked), desk.workflow.sha256)
    return asked[key]


def _recorder(desk: Desk, requirement: Requirement, roles: tuple[str, ...], order: Record) -> Appointment:
    """Confirmations are given by the office that confirms; everything else by the role the definition names."""
    if isinstance(requirement, SectorConfirmations | Confirmation):
        if len(order.items) != 1:
            raise BadInput("items", ", ".join(order.items), "one_office_at_a_time")
        return desk.authorise(requirement.key, roles, level=requirement.at, office=next(iter(order.items)))
    return desk.authorise(requirement.key, roles, level=requirement.at)


def _begun(desk: Desk, requirement: Requirement, order: Record) -> tuple[Deadline, ...]:
    if not isinstance(requirement, ReceiptOf):
        return ()
    received = date.fromisoformat(str(order.items["receipt"]["on"]))
    if received < desk.row.stage_on:
        raise BadInput("on", received.isoformat(), "before_stage")
    if (requirement.key, "receipt") in _of_this_stage(desk):
        raise BadInput("requirement", requirement.key, "already_received")
    stood = [Pause(a, b) for a, b in dossiers.pauses(desk.conn, desk.row.id, desk.row.stage_seq) if b is not None]
    return opened_by_receipt(
        desk.workflow, desk.row.state, received, year=desk.row.target_year, calendar=desk.law.calendar, pauses=stood
    )


def _of_this_stage(desk: Desk) -> set[tuple[str, str]]:
    standing = dossiers.current_facts(desk.conn, desk.row.id)
    return {key for key, fact in standing.items() if fact.stage_seq == desk.row.stage_seq}


def _outcome(desk: Desk, order: Record, begun: tuple[Deadline, ...]) -> Outcome:
    items: list[Json] = [{"item": item, **value} for item, value in sorted(order.items.items())]
    body: dict[str, Json] = {"requirement": order.requirement, "items": items, "definition": desk.row.definition}
    if begun:
        body["due"] = stated(begun)
        body["calendar"] = desk.law.calendar.version
    return Outcome(kind="recorded", body=body)


def _wake(desk: Desk, begun: tuple[Deadline, ...]) -> datetime | None:
    """No later than before; too early does no harm, because the sweep looks at what is really due."""
    state = desk.workflow.states[desk.row.state]
    first = waking(desk.workflow, state, begun, now=desk.now, calendar=desk.law.calendar)
    return min((at for at in (first, desk.row.wake_at) if at is not None), default=None)


def _store(desk: Desk, order: Record, receipt: Receipt) -> None:
    items = {item: dict(value) for item, value in order.items.items()}
    dossiers.void_facts(desk.conn, desk.row.id, order.requirement, list(items), seq=receipt.seq)
    dossiers.add_facts(desk.conn, desk.row.id, order.requirement, items, seq=receipt.seq, stage=desk.row.stage_seq)


def _meet(desk: Desk, requirement: Requirement) -> None:
    """A deadline of the requirement is met on the day its last fact took effect, whatever is put right afterwards."""
    waiting = {d.key for d in dossiers.open_deadlines(desk.conn, desk.row.id, desk.row.stage_seq)}
    if requirement.key not in waiting:
        return
    found = facts.gather(
        desk.conn,
        [requirement],
        dossier=desk.row.id,
        stage_seq=desk.row.stage_seq,
        locality=desk.row.locality,
        territory=desk.row.territory,
        on=desk.on,
        criteria=desk.workflow.criteria,
    )
    if not facts.ask([requirement], found):
        dossiers.change_deadline(desk.conn, desk.row.id, desk.row.stage_seq, requirement.key, {"met_on": desk.on})
