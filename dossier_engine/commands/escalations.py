"""A difficulty somebody raises, and the answer that closes an escalation: opinion, document, and perhaps a new date."""

import random
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from dossier_engine.commands.desk import Act, Desk, Outcome, Receipt, actor_under, settle, take
from dossier_engine.commands.extend import check_approval, movable, move
from dossier_engine.commands.sweep import catch_up, look_again, tell, watched_on
from dossier_engine.errors import BadInput, NotFound
from dossier_engine.records import reminders
from dossier_engine.rules.authority import ROLES
from dossier_engine.rules.due import Escalation, Line, answer_by
from dossier_engine.rules.entry import Json
from dossier_engine.rules.ladder import TOP
from dossier_engine.rules.law import Law
from dossier_engine.rules.seats import seat_of

# Everybody who acts may raise a difficulty (kế hoạch 2024, mục VI); an auditor and an administrator only look on.
ACTING = tuple(role for role in ROLES if role not in ("auditor", "administrator"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """A difficulty on a dossier, in the words of `act.reason`, to be brought before whom the definition names."""

    dossier: str
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to escalation `seq` (None: the only one open), by document `number` of the day `dated`.

    The opinion is `act.reason`. `until` is a new last day, if one is given, for `deadline` (None: that of the state).
    """

    dossier: str
    number: str
    dated: date
    act: Act
    seq: int | None = None
    until: date | None = None
    deadline: str | None = None

    def request(self) -> dict[str, Json]:
        """What the idempotency key stands for."""
        until = self.until.isoformat() if self.until else None
        return {
            "escalation": self.seq,
            "number": self.number,
            "date": self.dated.isoformat(),
            "until": until,
            "deadline": self.deadline,
        }


def raise_difficulty(session: Session, law: Law, order: Difficulty, *, now: datetime, rng: random.Random) -> Receipt:
    """Open an escalation by hand, in the caller's transaction; the face commits.

    Raises what `take` raises, Paused, NotPossible in a final state, NotAllowed and BadInput without a reason.
    """
    desk = take(session, law, "raise", order.dossier, order.act, {}, now=now)
    if isinstance(desk, Receipt):
        return desk
    desk.refuse_if_paused()
    if not desk.row.is_open:
        raise desk.impossible("raise")
    under = desk.authorise("raise", ACTING)
    if not (order.act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    catch_up(desk, rng=rng)
    rung = desk.workflow.difficulty
    by = answer_by(rung, desk.today, law.calendar)
    body: dict[str, Json] = {
        "cause": "raised", "addressee": rung.to, "mandate": rung.mandate, "answer_by": by.isoformat() if by else None,
    }  # fmt: skip
    receipt = settle(desk, actor_under(under), Outcome(kind="escalated", body=body), rng=rng)
    opened = {
        "dossier": desk.row.id, "seq": receipt.seq, "stage_seq": desk.row.stage_seq, "cause": "raised",
        "addressee": rung.to, "mandate": rung.mandate, "opened_at": desk.now, "addressed_at": desk.now, "answer_by": by,
    }  # fmt: skip
    reminders.open_escalation(desk.conn, opened)
    line = Line(f"escalation/{receipt.seq}", receipt.seq, "raised", rung.to, desk.today, by, "escalate", "sent")
    tell(desk, line, rng=rng)
    look_again(desk)
    return receipt


def answer(session: Session, law: Law, order: Answer, *, now: datetime, rng: random.Random) -> Receipt:
    """Close an escalation, in the caller's transaction; the face commits.

    Whom it is addressed to now may answer, and the committee at any time. Raises what `take` raises, Paused, NotFound
    without such an open escalation, NotAllowed, NoSuchDeadline, and BadInput without an opinion or document, or for a
    date that is not later.
    """
    desk = take(session, law, "answer", order.dossier, order.act, order.request(), now=now)
    if isinstance(desk, Receipt):
        return desk
    desk.refuse_if_paused()
    catch_up(desk, rng=rng)
    escalation = _open_one(desk, order.seq)
    under = desk.authorise("answer", _answering(desk, escalation))
    check_approval(order.act, order.number, order.dated, desk.on)
    deadline = movable(desk, order.deadline or desk.row.state, order.until) if order.until else None
    body: dict[str, Json] = {
        "escalation": escalation.seq, "number": order.number, "date": order.dated.isoformat(),
    }  # fmt: skip
    values: dict[str, Any] = {}
    if deadline is not None and order.until is not None:
        body["due"] = [{"deadline": deadline.key, "on": order.until.isoformat()}]
        values = {"due_on": order.until} if deadline.key == desk.row.state else {}
    receipt = settle(desk, actor_under(under), Outcome(kind="answered", body=body, values=values), rng=rng)
    reminders.change_escalation(desk.conn, desk.row.id, escalation.seq, {"closed_seq": receipt.seq})
    tell(
        desk,
        Line(escalation.key, receipt.seq, "answered", "holder", desk.today, order.until, "remind", "sent"),
        rng=rng,
    )
    if deadline is not None and order.until is not None:
        move(desk, deadline, order.until)
    else:
        look_again(desk)
    return receipt


def _open_one(desk: Desk, seq: int | None) -> Escalation:
    found = [e for e in watched_on(desk).escalations if seq in (None, e.seq)]
    if not found:
        raise NotFound("escalation", str(seq or desk.row.code))
    if len(found) > 1:
        raise BadInput("escalation", ", ".join(str(e.seq) for e in found), "several_open")
    return found[0]


def _answering(desk: Desk, escalation: Escalation) -> tuple[str, ...]:
    seat = seat_of(desk.workflow, desk.row, escalation.key, escalation.addressee)
    return tuple(dict.fromkeys((seat.role, TOP)))
