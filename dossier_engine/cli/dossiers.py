"""Commands on one dossier: open it, look at it, move it, stop and start its clock."""

from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import app
from dossier_engine.cli.call import Call, Doing, changes, day, opens
from dossier_engine.cli.scope import line_of, scope
from dossier_engine.errors import BadInput
from dossier_engine.rules.codes import read_code

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.desk import Receipt
    from dossier_engine.rules.law import Law
    from dossier_engine.rules.workflow import Workflow

Code = Annotated[str, typer.Argument(metavar="CODE", help="argument.code")]


@app.command("register", help="register")
@opens
def register_(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="argument.subject")],
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help="option.year")],
    workflow: Annotated[str, typer.Option("--workflow", metavar="NAME", help="option.workflow")] = "commune-advanced",
) -> None:
    call = Call.here(context)
    from dossier_engine.commands.register import Register, register

    def work(doing: Doing) -> "Receipt":
        code = _subject(doing, doing.law.named(workflow), subject, doing.act.effective_on or call.today)
        order = Register(workflow=workflow, subject=code, target_year=year, act=doing.act)
        return register(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    call.change(work)


def _subject(doing: Doing, workflow: "Workflow", typed: str, on: "date") -> str:
    """The code of what a dossier under `workflow` is about. Raises NotFound or AmbiguousLocality."""
    from dossier_engine.records import localities, offices

    conn = doing.session.connection()
    if workflow.subject == "office":
        return offices.find(conn, typed, workflow.kinds)
    return localities.find(conn, typed, on, localities.KINDS[workflow.subject])


@app.command("list", help="list")
def list_(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", metavar="STATE", help="option.state")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="LEVEL", help="option.level")] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR", help="option.of_year")] = None,
    district: Annotated[str | None, typer.Option("--district", metavar="NAME", help="option.district")] = None,
    name: Annotated[str | None, typer.Option("-q", "--name", metavar="TEXT", help="option.name")] = None,
    holder: Annotated[str | None, typer.Option("--holder", metavar="ROLE", help="option.holder")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="option.overdue")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, metavar="N", help="option.limit")] = 50,
    after: Annotated[str | None, typer.Option("--after", metavar="CODE", help="option.after")] = None,
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")] = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.listing import Filter, check, listing
    from dossier_engine.shown.dossiers import listed

    wanted = Filter(
        states=(state,) if state else (),
        levels=(level,) if level else (),
        years=(year,) if year else (),
        holders=(holder,) if holder else (),
        urgencies=("overdue",) if overdue else (),
        district=district,
        name=name,
    )

    def question(session: "Session", law: "Law") -> "Answer":
        check(law, wanted)
        lines = listing(
            session, law, scope(call, session), wanted, today=call.today, limit=limit,
            after=("", read_code(after)) if after else None,
        )  # fmt: skip
        columns = ("code", "locality", "district", "level", "state", "holder", "due_on", "days_left")
        notes = [("say.more", {"code": lines[-1].code})] if len(lines) == limit else []
        return Answer([Rows(columns, [listed(call.words, line) for line in lines])], notes=notes)

    call.look(question)


@app.command("show", help="show")
def show_(
    context: typer.Context,
    code: Code,
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")] = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.cli.parts import actions, deadlines
    from dossier_engine.shown.dossiers import alone

    def question(session: "Session", law: "Law") -> "Answer":
        line = line_of(call, session, law, code)
        row = alone(call.words, line)
        due, next_ = deadlines(call, session, law, line), actions(call, session, law, line)
        return Answer([Fields(row), due, next_], data={**row, "deadlines": due.rows, "actions": next_.rows})

    call.look(question)


@app.command("actions", help="actions")
def actions_(
    context: typer.Context,
    code: Code,
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.judge_as")] = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer
    from dossier_engine.cli.parts import actions

    call.look(lambda session, law: Answer([actions(call, session, law, line_of(call, session, law, code))]))


@app.command("advance", help="advance")
@changes
def advance_(
    context: typer.Context,
    code: Code,
    transition: Annotated[str, typer.Argument(metavar="TRANSITION", help="argument.transition")],
    successor: Annotated[str | None, typer.Option("--successor", metavar="CODE", help="option.successor")] = None,
) -> None:
    _advance(Call.here(context), code, transition, successor=successor)


@app.command("return", help="return")
@changes
def return_(
    context: typer.Context,
    code: Code,
    supplement: Annotated[list[str], typer.Option("--supplement", metavar="KEY:TEXT", help="option.supplement")],
) -> None:
    _advance(Call.here(context), code, None, supplements=supplement)


@app.command("withdraw", help="withdraw")
@changes
def withdraw_(context: typer.Context, code: Code) -> None:
    _advance(Call.here(context), code, "withdraw")


@app.command("carry-over", help="carry_over")
@changes
def carry_over_(context: typer.Context, code: Code) -> None:
    _advance(Call.here(context), code, "carry_over")


def _advance(
    call: Call,
    typed: str,
    transition: str | None,
    *,
    supplements: list[str] | None = None,
    successor: str | None = None,
) -> None:
    """One transition; None means the return that the present state has."""
    from dossier_engine.commands.advance import Advance, Supplement, advance
    from dossier_engine.queries.possibilities import return_from

    code = read_code(typed)
    listed = []
    for supplement in supplements or []:
        key, separator, what = supplement.partition(":")
        if not separator:
            raise BadInput("--supplement", supplement, "not_a_supplement")
        listed.append(Supplement(key.strip(), what.strip()))

    def work(doing: Doing) -> "Receipt":
        order = Advance(
            dossier=code,
            transition=transition or return_from(doing.session, doing.law, code, person=doing.act.person),
            act=doing.act,
            supplements=tuple(listed),
            successor=read_code(successor) if successor else None,
        )
        return advance(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    call.change(work)


@app.command("pause", help="pause")
@changes
def pause_(context: typer.Context, code: Code) -> None:
    from dossier_engine.commands.pause import Clock, pause

    def work(doing: Doing) -> "Receipt":
        order = Clock(dossier=read_code(code), act=doing.act)
        return pause(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    Call.here(context).change(work)


@app.command("resume", help="resume")
@changes
def resume_(context: typer.Context, code: Code) -> None:
    from dossier_engine.commands.pause import Clock, resume

    def work(doing: Doing) -> "Receipt":
        order = Clock(dossier=read_code(code), act=doing.act)
        return resume(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    Call.here(context).change(work)


@app.command("extend", help="extend")
@changes
def extend_(
    context: typer.Context,
    code: Code,
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="option.until")],
    number: Annotated[str, typer.Option("--number", metavar="TEXT", help="option.number")],
    dated: Annotated[str, typer.Option("--date", metavar="DATE", help="option.dated")],
    deadline: Annotated[str | None, typer.Option("--deadline", metavar="KEY", help="option.deadline")] = None,
) -> None:
    from dossier_engine.commands.extend import Extend, extend

    until, approved = day(to, "--to"), day(dated, "--date")

    def work(doing: Doing) -> "Receipt":
        order = Extend(dossier=read_code(code), until=until, number=number, dated=approved, act=doing.act, key=deadline)
        return extend(doing.session, doing.law, order, now=doing.now, rng=doing.rng)

    Call.here(context).change(work)


@app.command("history", help="history")
def history_(
    context: typer.Context,
    code: Code,
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")] = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer
    from dossier_engine.cli.parts import history, newest_checkpoint

    def question(session: "Session", law: "Law") -> "Answer":
        found = history(call, session, line_of(call, session, law, code))
        return Answer([found, *newest_checkpoint(call, session)], data=list(found.rows))

    call.look(question)
