"""Judges what is done to a dossier's clock and dates by people: pauses, extensions, escalations and their answers."""

from collections.abc import Iterator

from dossier_engine.rules.requirements import check_text
from dossier_engine.verifier import due, machines
from dossier_engine.verifier.act import Act, Flaw, day
from dossier_engine.verifier.case import Case
from dossier_engine.verifier.conditions import in_state, may, running, worded


def paused(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with a clock that was stopped."""
    yield from running(case)
    yield from in_state(case, act)
    if case.state.final:
        yield "not_in_this_state", case.standing.state
    yield from may(case, act, case.workflow.pause_by)
    yield from worded(act, "reason")


def resumed(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with a clock that was let run again."""
    since = case.standing.paused_on
    if since is None or act.body["paused_from"] != since.isoformat():
        yield "not_paused", str(act.body["paused_from"])
        return
    yield from in_state(case, act)
    yield from may(case, act, case.workflow.pause_by)
    yield from worded(act, "reason")
    calendar = due.named(case.registers, act)
    if calendar is None:
        yield "calendar_not_in_use", str(act.body["calendar"])
        return
    dates = due.recounted(case.workflow, case.told, calendar, year=case.opened.year, resumed_on=act.on)
    yield from due.differing(act, dates)
    yield from machines.asked_anew(case, act, calendar)


def extended(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with a later date for a deadline."""
    yield from running(case)
    roles = case.workflow.extend_by.get(case.standing.state)
    if roles is None:
        yield "not_in_this_state", case.standing.state
        return
    yield from may(case, act, roles)
    yield from _approved(case, act)


def _approved(case: Case, act: Act) -> Iterator[Flaw]:
    """By which document, and, where a date is given, that it may be."""
    body = act.body
    yield from worded(act, "reason")
    number = body["number"]
    if not isinstance(number, str) or not number.strip():
        yield "words_missing", "number"
        return
    check_text("number", number)
    if day(body["date"]) > act.on:
        yield "extension_wrong", str(body["date"])
    if "due" not in body:
        return
    deadlines, moved = due.open_deadlines(case.told), due.stated(body)
    if len(moved) != 1 or body.get("deadline", *moved) not in moved:
        yield "extension_wrong", ", ".join(moved)
    for key, until in moved.items():
        if key not in deadlines or until <= deadlines[key].due_on or until < act.on:
            yield "extension_wrong", f"{key}: {until}"


def answered(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with an answer to an escalation."""
    yield from running(case)
    roles = machines.answering(case, act.body["escalation"])
    if roles is None:
        yield "escalation_wrong", str(act.body["escalation"])
        return
    yield from may(case, act, roles)
    yield from _approved(case, act)


def escalated(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with an escalation, by a person or a machine."""
    yield from running(case)
    if act.body["cause"] != "raised":
        yield from machines.escalated(case, act)
        return
    if case.state.final:
        yield "not_in_this_state", case.standing.state
    yield from may(case, act, machines.ACTING)
    yield from worded(act, "reason")
    yield from machines.raised(case, act)
