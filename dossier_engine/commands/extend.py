"""Give an open deadline a later date, approved by a document."""

import random
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act, Outcome, Receipt, settle, take
from dossier_engine.errors import BadInput, NoSuchDeadline
from dossier_engine.records import dossiers
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import Law
from dossier_engine.rules.requirements import check_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """An order to move deadline `key` (None: that of the state) to `until`; `number` and `dated` name the approval."""

    dossier: str
    until: date
    number: str
    dated: date
    act: Act
    key: str | None = None

    def request(self) -> dict[str, Json]:
        """What the idempotency key stands for."""
        return {
            "deadline": self.key,
            "until": self.until.isoformat(),
            "number": self.number,
            "date": self.dated.isoformat(),
        }


def extend(session: Session, law: Law, order: Extend, *, now: datetime, rng: random.Random) -> Receipt:
    """Carry out `order` in the caller's transaction; the face commits.

    Who may extend is what the definition says for the state. Raises what `take` raises, Paused, NotPossible,
    NotAllowed, NoSuchDeadline, and BadInput for a date that is past or not after the present one, or a missing
    reason or document.
    """
    desk = take(session, law, "extend", order.dossier, order.act, order.request(), now=now)
    if isinstance(desk, Receipt):
        return desk
    desk.refuse_if_paused()
    roles = desk.workflow.extend_by.get(desk.row.state)
    if roles is None:
        raise desk.impossible("extend")
    under = desk.authorise("extend", roles)
    key = order.key or desk.row.state
    deadlines = {d.key: d for d in dossiers.open_deadlines(desk.conn, desk.row.id, desk.row.stage_seq)}
    if key not in deadlines:
        raise NoSuchDeadline(desk.row.code, key, sorted(deadlines))
    _check(order, deadlines[key].due_on, desk.on)
    law.calendar.is_working(order.until)  # a date the calendar files do not cover cannot be watched
    body: dict[str, Json] = {
        "deadline": key,
        "number": order.number,
        "date": order.dated.isoformat(),
        "due": [{"deadline": key, "on": order.until.isoformat()}],
    }
    values = {"due_on": order.until} if key == desk.row.state else {}
    receipt = settle(desk, under, Outcome(kind="extended", body=body, values=values), rng=rng)
    change = {
        "due_on": order.until,
        "due_version": deadlines[key].due_version + 1,
        "extended_on": desk.on,
        "extended_until": order.until,
    }
    dossiers.change_deadline(desk.conn, desk.row.id, desk.row.stage_seq, key, change)
    return receipt


def _check(order: Extend, due_on: date, on: date) -> None:
    if not (order.act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    if not order.number.strip():
        raise BadInput("number", "", "missing")
    check_text("number", order.number)
    if order.dated > on:
        raise BadInput("date", order.dated.isoformat(), "after_the_act")
    if order.until <= due_on:
        raise BadInput("until", order.until.isoformat(), "not_later")
    if order.until < on:
        raise BadInput("until", order.until.isoformat(), "already_past")
