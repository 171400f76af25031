"""Give an open deadline a later date, approved by a document."""

import random
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from dossier_engine.commands.desk import Act, Desk, Outcome, Receipt, actor_under, settle, take
from dossier_engine.commands.sweep import catch_up, look_again
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
    check_approval(order.act, order.number, order.dated, desk.on)
    catch_up(desk, rng=rng)
    deadline = movable(desk, order.key or desk.row.state, order.until)
    body: dict[str, Json] = {
        "deadline": deadline.key,
        "number": order.number,
        "date": order.dated.isoformat(),
        "due": [{"deadline": deadline.key, "on": order.until.isoformat()}],
    }
    values = {"due_on": order.until} if deadline.key == desk.row.state else {}
    receipt = settle(desk, actor_under(under), Outcome(kind="extended", body=body, values=values), rng=rng)
    move(desk, deadline, order.until)
    return receipt


def check_approval(act: Act, number: str, dated: date, on: date) -> None:
    """Whoever approves says why, and by which document. Raises BadInput."""
    if not (act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    if not number.strip():
        raise BadInput("number", "", "missing")
    check_text("number", number)
    if dated > on:
        raise BadInput("date", dated.isoformat(), "after_the_act")


def movable(desk: Desk, key: str, until: date) -> Row[Any]:
    """The open deadline `key`, if it can be moved to `until`. Raises NoSuchDeadline, BadInput or CalendarMissing."""
    deadlines = {d.key: d for d in dossiers.open_deadlines(desk.conn, desk.row.id, desk.row.stage_seq)}
    if key not in deadlines:
        raise NoSuchDeadline(desk.row.code, key, sorted(deadlines))
    if until <= deadlines[key].due_on:
        raise BadInput("until", until.isoformat(), "not_later")
    if until < desk.on:
        raise BadInput("until", until.isoformat(), "already_past")
    desk.law.calendar.is_working(until)  # a date the calendar files do not cover cannot be watched
    return deadlines[key]


def move(desk: Desk, deadline: Row[Any], until: date) -> None:
    """The deadline is due on `until` from now on, and is reminded of anew."""
    change = {
        "due_on": until,
        "due_version": deadline.due_version + 1,
        "set_at": desk.now,
        "extended_on": desk.on,
        "extended_until": until,
    }
    dossiers.change_deadline(desk.conn, desk.row.id, desk.row.stage_seq, deadline.key, change)
    look_again(desk)
