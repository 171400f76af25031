"""The pages that stop a dossier's clock, let it run again, and give a deadline a later date."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.commands.extend import Extend, extend
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.errors import DossierError, NotAllowed, NotPossible, Paused
from dossier_engine.queries.worklist import Line
from dossier_engine.records.access import roles_on
from dossier_engine.rules.codes import read_code
from dossier_engine.shown import dossiers
from dossier_engine.web.acting import act_of, done_at, dossier_form, parts
from dossier_engine.web.frame import Link
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)


@router.get("/ho-so/{code}/dong-ho")
def show_clock(visit: Visiting, code: str) -> Response:
    """Whether the clock runs, and what stops it or lets it run again."""
    return _clock_form(visit, code, None, None)


@router.post("/ho-so/{code}/dong-ho")
def set_clock(visit: Visiting, code: str, typed: Form) -> Response:
    """Stop the clock, or let it run again, as the form said that was sent."""
    verb = resume if typed.raw("clock") == "running" else pause

    def work(doing: Doing) -> dict[str, Any]:
        order = Clock(dossier=read_code(code), act=act_of(doing, typed))
        return doing.receipt(verb(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return visit.attempt(typed, work, form=lambda refusal: _clock_form(visit, code, typed, refusal), then=done_at)


@router.get("/ho-so/{code}/gia-han")
def show_extension(visit: Visiting, code: str) -> Response:
    """Which deadline can be given a later date, and what that takes."""
    return _extension_form(visit, code, None, None)


@router.post("/ho-so/{code}/gia-han")
def extend_deadline(visit: Visiting, code: str, typed: Form) -> Response:
    """Give an open deadline a later date."""

    def work(doing: Doing) -> dict[str, Any]:
        order = Extend(
            dossier=read_code(code),
            key=typed.line("deadline"),
            until=typed.day("until"),
            number=typed.line("number"),
            dated=typed.day("date"),
            act=act_of(doing, typed),
        )
        return doing.receipt(extend(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return visit.attempt(typed, work, form=lambda refusal: _extension_form(visit, code, typed, refusal), then=done_at)


def ways(looking: Looking, line: Line, held: frozenset[str]) -> list[Link]:
    """What somebody of these roles can do to the dossier's clock and deadlines now, as ways to the pages for it."""
    say, address = looking.words.say, f"/ho-so/{line.code}"
    found = []
    if line.is_open and not held.isdisjoint(line.workflow.pause_by):
        found.append(Link(say(f"page.clock.{'resume' if line.paused_on else 'pause'}"), f"{address}/dong-ho"))
    if line.paused_on is None and not held.isdisjoint(line.workflow.extend_by.get(line.state.key, ())):
        found.append(Link(say("page.extension.title"), f"{address}/gia-han"))
    return found


def _clock_form(visit: Visit, code: str, typed: Typed | None, refusal: DossierError | None) -> Response:
    def asked(looking: Looking, line: Line) -> dict[str, Any]:
        if typed is None:
            if not line.is_open:
                raise _impossible("pause", line)
            _check_roles(looking, "pause", line.workflow.pause_by)
        wanted = "paused" if line.paused_on is None else "running"
        return {"clock": typed.raw("clock") if typed is not None else wanted}

    return dossier_form(visit, "clock_form.html", code, asked, typed, refusal)


def _extension_form(visit: Visit, code: str, typed: Typed | None, refusal: DossierError | None) -> Response:
    def asked(looking: Looking, line: Line) -> dict[str, Any]:
        if typed is None:
            if line.state.key not in line.workflow.extend_by:
                raise _impossible("extend", line)
            _check_roles(looking, "extend", line.workflow.extend_by[line.state.key])
            if line.paused_on is not None:
                raise Paused(line.code, line.paused_on)
        due = dossiers.deadlines(looking.words, looking.session, looking.law, line, today=looking.today)
        still_open = [one for one in due if one["met_on"] is None]
        return {
            "deadlines": still_open,
            "chosen": typed.raw("deadline") if typed is not None else line.state.key,
            "until": parts(typed, "until"),
            "date": parts(typed, "date"),
        }

    return dossier_form(visit, "extension_form.html", code, asked, typed, refusal)


def _check_roles(looking: Looking, act: str, roles: Sequence[str]) -> None:
    """Whether whoever looks is one of those. Raises NotAllowed."""
    if roles_on(looking.session.connection(), looking.caller.person, looking.today).isdisjoint(roles):
        raise NotAllowed(looking.caller.person, act, roles)


def _impossible(act: str, line: Line) -> NotPossible:
    leaving = [transition.name for transition in line.workflow.leaving(line.state.key)]
    return NotPossible(act, line.state.key, leaving, line.workflow.sha256)
