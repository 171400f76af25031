"""Stop a dossier's clock with a reason, and let it run again."""

import random
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from sqlmodel import Session

from dossier_engine.commands.desk import Act, Desk, Outcome, Receipt, actor_under, settle, take
from dossier_engine.commands.stage import stated
from dossier_engine.commands.sweep import catch_up, look_again, watched_on
from dossier_engine.errors import BadInput, NotPaused
from dossier_engine.records import dossiers, reminders
from dossier_engine.rules.deadlines import Deadline, when
from dossier_engine.rules.due import answer_anew
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import Extension, Pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """An order to stop or restart the clock of a dossier."""

    dossier: str
    act: Act


def pause(session: Session, law: Law, order: Clock, *, now: datetime, rng: random.Random) -> Receipt:
    """Stop the clock from the act's day on, in the caller's transaction; the face commits.

    Until it runs again the dossier takes nothing but resume and what the definition allows `while_paused`.
    Raises what `take` raises, Paused, NotPossible in a final state, NotAllowed and BadInput without a reason.
    """
    desk = take(session, law, "pause", order.dossier, order.act, {}, now=now)
    if isinstance(desk, Receipt):
        return desk
    desk.refuse_if_paused()
    if not desk.row.is_open:
        raise desk.impossible("pause")
    under = desk.authorise("pause", desk.workflow.pause_by)
    if not (order.act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    catch_up(desk, rng=rng)
    outcome = Outcome(kind="paused", body={"state": desk.row.state}, values={"paused_on": desk.on})
    receipt = settle(desk, actor_under(under), outcome, rng=rng, beside=dossiers.waking(desk.row, None))
    dossiers.begin_pause(desk.conn, desk.row.id, seq=receipt.seq, stage=desk.row.stage_seq, on=desk.on)
    return receipt


def resume(session: Session, law: Law, order: Clock, *, now: datetime, rng: random.Random) -> Receipt:
    """Let the clock run again from the act's day on; the days of the pause do not count in any open deadline.

    Raises what `take` raises, NotPaused, NotAllowed and BadInput without a reason.
    """
    desk = take(session, law, "resume", order.dossier, order.act, {}, now=now)
    if isinstance(desk, Receipt):
        return desk
    if desk.row.paused_on is None:
        raise NotPaused(desk.row.code)
    under = desk.authorise("resume", desk.workflow.pause_by)
    if not (order.act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    dossiers.end_pause(desk.conn, desk.row.id, desk.on)
    moved = _recomputed(desk)
    body: dict[str, Json] = {
        "state": desk.row.state,
        "paused_from": desk.row.paused_on.isoformat(),
        "due": stated(moved),
        "calendar": law.calendar.version,
    }
    if asked := _asked_anew(desk):
        body["escalations"] = asked
    values = {"paused_on": None, "due_on": _stage_due(desk, moved)}
    outcome = Outcome(kind="resumed", body=body, values=values)
    receipt = settle(desk, actor_under(under), outcome, rng=rng)
    look_again(desk)
    return receipt


def _recomputed(desk: Desk) -> tuple[Deadline, ...]:
    """Every open deadline of the stage with its date after all pauses so far, written back."""
    stood = [Pause(a, b) for a, b in dossiers.pauses(desk.conn, desk.row.id, desk.row.stage_seq) if b is not None]
    moved = []
    still_open = dossiers.open_deadlines(desk.conn, desk.row.id, desk.row.stage_seq)
    for row in sorted(still_open, key=attrgetter("key")):  # the entry's bytes must not hang on a database's plan
        extended = Extension(row.extended_on, row.extended_until) if row.extended_on else None
        due = when(
            desk.workflow, row.rule, row.start_on, year=desk.row.target_year, calendar=desk.law.calendar,
            pauses=stood, extension=extended,
        )  # fmt: skip
        change = {"due_on": due, "due_version": row.due_version + 1, "set_at": desk.now}
        dossiers.change_deadline(desk.conn, desk.row.id, desk.row.stage_seq, row.key, change)
        moved.append(Deadline(row.key, row.rule, row.start_on, due))
    return tuple(moved)


def _asked_anew(desk: Desk) -> list[Json]:
    """Every open escalation with its whole limit from today on, since nobody could answer meanwhile; written back."""
    asked: list[Json] = []
    for escalation in watched_on(desk).escalations:
        by = answer_anew(escalation, desk.today, desk.law.calendar)
        reminders.change_escalation(desk.conn, desk.row.id, escalation.seq, {"addressed_at": desk.now, "answer_by": by})
        asked.append({"escalation": escalation.seq, "answer_by": by.isoformat() if by else None})
    return asked


def _stage_due(desk: Desk, moved: tuple[Deadline, ...]) -> date | None:
    return next((d.due_on for d in moved if d.key == desk.row.state), desk.row.due_on)
