"""Commands on what falls due: sweep by hand, look ahead, account for it, escalations and incidents."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import app, group
from dossier_engine.cli.call import Call, Doing, changes, day, registers
from dossier_engine.errors import BadInput
from dossier_engine.rules.codes import read_code

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.desk import Receipt
    from dossier_engine.rules.law import Law

remind = group("remind")
reminders = group("reminders")
escalation = group("escalation")
incident = group("incident")

Code = Annotated[str, typer.Argument(metavar="CODE", help="argument.code")]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="option.at_time")]
See = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")]


def instant(call: Call, typed: str | None) -> datetime:
    """The instant meant: now, a day (at its end), or a day and time in Hanoi. Raises BadInput."""
    from dossier_engine.rules.law import HANOI, opening_of

    if typed is None:
        return call.engine.now()
    try:
        return datetime.strptime(typed.strip(), "%Y-%m-%dT%H:%M").replace(tzinfo=HANOI)
    except ValueError:
        return opening_of(day(typed, "--at") + timedelta(days=1)) - timedelta(seconds=1)


@app.command("sweep", help="sweep")
def sweep_(context: typer.Context, at: At = None) -> None:
    call = Call.here(context)
    from config.weekly import make_pages
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.sweep import BATCH, sweep

    now = instant(call, at)
    if now > call.engine.now():
        raise BadInput("--at", at or "", "in_future")
    done = {"dossiers": 0, "sent": 0, "late": 0, "replaced": 0, "void": 0, "notices": 0, "escalations": 0}
    taken = BATCH
    while taken == BATCH:
        with call.engine.changing() as (session, law):
            swept = sweep(session, law, now=now, rng=call.engine.rng)
        taken = swept.dossiers
        figures = {**swept.rungs, "dossiers": taken, "notices": swept.notices, "escalations": swept.escalations}
        done = {name: done[name] + figures.get(name, 0) for name in done}
    with call.engine.changing() as (session, law):
        pages = make_pages(session, law, now=call.engine.now(), rng=call.engine.rng)  # with --at too: it tells of now
    call.show(Answer([Fields({**done, "week_pages": pages})]))


@remind.command("preview", help="remind_preview")
def remind_preview(context: typer.Context, at: At = None, person: See = None) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.shown.reminders import foreseen

    until = instant(call, at)

    def question(session: "Session", law: "Law") -> "Answer":
        rows = foreseen(call.words, session, law, scope(call, session), at=until, today=call.today)
        columns = ("code", "locality", "about", "rung", "day", "addressee", "outcome", "people")
        return Answer([Rows(columns, rows)], data={"at": until, "rungs": rows})

    call.look(question)


@reminders.command("account", help="reminders_account")
def reminders_account(
    context: typer.Context,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="option.first_day")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="option.last_day")],
    every: Annotated[bool, typer.Option("--all", help="option.every_rung")] = False,
    person: See = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Fields, Part, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.accounting import account
    from dossier_engine.shown.reminders import accounted, totals

    def question(session: "Session", law: "Law") -> "Answer":
        found = account(
            session, law, scope(call, session), day(first, "--from"), day(last, "--to"), now=call.engine.now()
        )
        figures = totals(call.words, found)
        rows = accounted(call.words, found.rungs if every else found.unexplained)
        parts: list[Part] = [Fields(figures)]
        if rows:
            columns = ("code", "about", "rung", "day", "addressee", "outcome", "why", "written_at", "notices")
            parts.append(Rows(columns, rows))
        return Answer(parts, data={**figures, "rungs": rows})

    call.look(question)


@escalation.command("list", help="escalation_list")
def escalation_list(context: typer.Context, person: See = None) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.reminders import escalations
    from dossier_engine.shown import reminders as shown

    def question(session: "Session", _: "Law") -> "Answer":
        rows = [shown.escalation(call.words, e) for e in escalations(session, scope(call, session))]
        return Answer([Rows(("code", "escalation", "cause", "addressee", "opened_at", "answer_by"), rows)])

    call.look(question)


@escalation.command("raise", help="escalation_raise")
@changes
def escalation_raise(context: typer.Context, code: Code) -> None:
    from dossier_engine.commands.escalations import Difficulty, raise_difficulty

    def work(doing: Doing) -> "Receipt":
        order = Difficulty(dossier=read_code(code), act=doing.act)
        return raise_difficulty(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    Call.here(context).change(work)


@escalation.command("answer", help="escalation_answer")
@changes
def escalation_answer(
    context: typer.Context,
    code: Code,
    number: Annotated[str, typer.Option("--number", metavar="TEXT", help="option.number")],
    dated: Annotated[str, typer.Option("--date", metavar="DATE", help="option.date")],
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="option.until")] = None,
    which: Annotated[int | None, typer.Option("--escalation", metavar="N", help="option.escalation")] = None,
    deadline: Annotated[str | None, typer.Option("--deadline", metavar="KEY", help="option.deadline")] = None,
) -> None:
    from dossier_engine.commands.escalations import Answer as Answered
    from dossier_engine.commands.escalations import answer

    def work(doing: Doing) -> "Receipt":
        order = Answered(
            dossier=read_code(code), number=number, dated=day(dated, "--date"), act=doing.act, seq=which,
            until=day(until, "--to") if until else None,
            deadline=deadline,
        )  # fmt: skip
        return answer(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    Call.here(context).change(work)


@incident.command("list", help="incident_list")
def incident_list(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--all", help="option.closed_too")] = False,
    person: See = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.reminders import incidents
    from dossier_engine.shown import reminders as shown

    def question(session: "Session", _: "Law") -> "Answer":
        found = incidents(session, scope(call, session), closed=closed)
        rows = [shown.incident(call.words, row) for row in found]
        return Answer([Rows(("incident", "kind", "about", "count", "first_at", "last_at", "reason"), rows)])

    call.look(question)


@incident.command("close", help="incident_close")
@registers
def incident_close(
    context: typer.Context, key: Annotated[int, typer.Argument(metavar="N", help="argument.incident")]
) -> None:
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.incidents import close_incident

    def work(doing: Doing) -> "Answer":
        close_incident(doing.session, key, doing.act, now=doing.now)
        return Answer([], data={"closed": key}, notes=[("say.incident_closed", {})])

    Call.here(context).alter(work)
