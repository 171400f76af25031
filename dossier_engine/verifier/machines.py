"""Judges what machines enter in a dossier by the rules alone, and the escalations that people raise and answer.

An escalation names no calendar: any that was in use by then may have given its dates.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from dossier_engine.rules.authority import ROLES
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.due import STALLED, Escalation, above, answer_anew, answer_by
from dossier_engine.rules.ladder import TOP, between, fallen, working_day_after
from dossier_engine.rules.seats import seat_of
from dossier_engine.rules.workflow import Rung
from dossier_engine.verifier import due
from dossier_engine.verifier.act import Act, Flaw
from dossier_engine.verifier.authority import by_machine
from dossier_engine.verifier.case import Case

# Everybody who acts may raise a difficulty; an auditor and an administrator only look on.
ACTING = tuple(role for role in ROLES if role not in ("auditor", "administrator"))

_RUNG = frozenset({"deadline", "due_version", "rung", "occurrence"})


def raised(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with a difficulty, beside who raised it."""
    rung = case.workflow.difficulty
    if not _RUNG.isdisjoint(act.body) or not _is_addressed(act.body, rung):
        yield "escalation_wrong", str(act.body["addressee"])
    yield from _answerable(act, (answer_by(rung, act.today, c) for c in case.registers.calendars_by(act.at)))


def escalated(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with an escalation that a rung opened, or that the dossier had stalled."""
    body = act.body
    yield from by_machine(act, "reminders")
    if any(row["cause"] != "raised" for row in case.escalations().values()):
        yield "escalation_wrong", "already_escalated"
    find = {"rung": _rung, "stalled": _stalled}.get(str(body["cause"]))
    calendars = list(case.registers.calendars_by(act.at))
    found = [] if find is None or not body.keys() >= _RUNG else [r for c in calendars for r in find(case, act, c)]
    rung = next((r for r in found if _is_addressed(body, r)), None)
    if rung is None:
        yield "escalation_wrong", f"{body['cause']} {body.get('rung')}"
        return
    yield from _answerable(act, (answer_by(rung, act.today, c) for c in calendars))


def _rung(case: Case, act: Act, calendar: Calendar) -> Iterator[Rung]:
    """The rung of the ladder that fell due by then, if the one named did."""
    body = act.body
    deadline = due.open_deadlines(case.told).get(str(body["deadline"]))
    if deadline is None or deadline.due_version != body["due_version"]:
        return
    moments = between(
        case.workflow, case.standing.state, deadline.due_on, calendar, after=fallen(deadline.set_at),
        until=fallen(act.now),
    )  # fmt: skip
    for moment in moments:
        if moment.rung.kind == "escalate" and (moment.rung.name, moment.on.isoformat()) == (
            body["rung"], body["occurrence"],
        ):  # fmt: skip
            yield moment.rung


def _stalled(case: Case, act: Act, calendar: Calendar) -> Iterator[Rung]:
    rung, body = case.workflow.stalled, act.body
    if rung is None or case.state.final:
        return
    on = working_day_after(case.acted_on, rung.working_days or 0, calendar)
    stated = body["deadline"], body["due_version"], body["rung"], body["occurrence"]
    if on is not None and on <= fallen(act.now) and stated == (STALLED, 0, rung.name, on.isoformat()):
        yield rung


def climbed(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with an escalation that is brought before the next above."""
    yield from by_machine(act, "reminders")
    if case.standing.paused_on is not None:
        yield "not_while_paused", case.standing.paused_on.isoformat()
    found = _open(case, act.body["escalation"])
    if found is None or found.addressee == TOP or found.mandate != "must_answer" or found.answer_by is None:
        yield "escalation_wrong", str(act.body["escalation"])
        return
    if act.body["addressee"] != above(found.addressee):
        yield "escalation_wrong", str(act.body["addressee"])
    calendars = list(case.registers.calendars_by(act.at))
    over = [working_day_after(found.answer_by, 1, calendar) for calendar in calendars]
    if not any(on is not None and on <= fallen(act.now) for on in over):
        yield "escalation_wrong", found.answer_by.isoformat()
    yield from _answerable(act, (answer_anew(found, act.today, calendar) for calendar in calendars))


def answering(case: Case, escalation: object) -> tuple[str, ...] | None:
    """The roles that may answer an escalation; None where it is not open in this stage."""
    found = _open(case, escalation)
    if found is None:
        return None
    seat = seat_of(case.workflow, case.placed, found.key, found.addressee)
    return tuple(dict.fromkeys((seat.role, TOP)))


def asked_anew(case: Case, act: Act, calendar: Calendar) -> Iterator[Flaw]:
    """Every open escalation is asked again with its whole limit when the clock runs again."""
    again = [
        {"escalation": seq, "answer_by": _iso(answer_anew(found, act.today, calendar))}
        for seq in sorted(case.escalations())
        if (found := _open(case, seq)) is not None
    ]
    if act.body.get("escalations", []) != again or ("escalations" in act.body and not again):
        yield "escalation_wrong", str(act.body.get("escalations"))


def recomputed(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with dates that were counted anew because another calendar was put in use."""
    body = act.body
    yield from by_machine(act, "calendar")
    if case.standing.paused_on is not None:
        yield "not_while_paused", case.standing.paused_on.isoformat()
    if body["state"] != case.standing.state:
        yield "not_in_this_state", str(body["state"])
    order = next((used for used in case.registers.calendars if used.seq == body["order"]), None)
    calendar = due.named(case.registers, act)
    if order is None or calendar is not order.calendar or order.at > act.at:
        yield "calendar_not_in_use", str(body["calendar"])
        return
    if body["ordered_by"] != order.person:
        yield "calendar_not_in_use", str(body["ordered_by"])
    stood = due.open_deadlines(case.told)
    dates = due.recounted(case.workflow, case.told, calendar, year=case.opened.year)
    yield from due.differing(act, {key: on for key, on in dates.items() if on != stood[key].due_on})
    if not body["due"]:
        yield "due_differs", ""


def _open(case: Case, seq: object) -> Escalation | None:
    row = case.escalations().get(seq) if type(seq) is int else None
    if row is None or type(seq) is not int:
        return None
    return Escalation(
        seq, row["cause"], row["addressee"], row["mandate"], row["addressed_at"], row["answer_by"], row["climbed_seq"]
    )


def _is_addressed(body: Mapping[str, Any], rung: Rung) -> bool:
    return (body["addressee"], body["mandate"]) == (rung.to, rung.mandate)


def _answerable(act: Act, by_law: Iterable[date | None]) -> Iterator[Flaw]:
    if act.body["answer_by"] not in {_iso(on) for on in by_law}:
        yield "escalation_wrong", f"answer_by {act.body['answer_by']}"


def _iso(on: date | None) -> str | None:
    return None if on is None else on.isoformat()
