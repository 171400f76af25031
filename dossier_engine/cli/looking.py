"""Commands that only look: deadlines and their explanation, the calendar, localities, offices, the plan."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, day, opens, registers
from dossier_engine.errors import BadInput

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.rules.law import Law
    from dossier_engine.rules.limits import Due

deadline = group("deadline")
calendar = group("calendar")
locality = group("locality")
office = group("office")
plan = group("plan")


@deadline.command("list", help="deadline_list")
def deadline_list(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", min=0, max=730, metavar="N", help="option.days")] = 45,
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")] = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.deadlines import due_until
    from dossier_engine.shown.deadlines import listed

    def question(session: "Session", law: "Law") -> "Answer":
        until = call.today + timedelta(days=days)
        found = due_until(session, law, scope(call, session), until, today=call.today)
        rows = [listed(call.words, line, o) for line, o in found]
        return Answer([Rows(("code", "locality", "label", "holder", "due_on", "days_left", "status"), rows)])

    call.look(question)


@deadline.command("explain", help="deadline_explain")
def deadline_explain(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="argument.code")],
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="argument.deadline")] = None,
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.cli.scope import line_of
    from dossier_engine.queries.deadlines import explained
    from dossier_engine.shown.dossiers import obligation

    def question(session: "Session", law: "Law") -> "Answer":
        line = line_of(call, session, law, code)
        found, due = explained(session, law, line, key, today=call.today)
        row = obligation(call.words, line, found)
        steps = _steps(call, due)
        return Answer([Fields(row), steps], data={**row, "explain": steps.rows}, notes=_provisional(due))

    call.look(question)


def _steps(call: Call, due: "Due") -> "Rows":
    from dossier_engine.cli.output import Rows
    from dossier_engine.shown.deadlines import steps

    return Rows(("day", "count", "why"), steps(call.words, due))


def _provisional(due: "Due") -> list[tuple[str, dict[str, object]]]:
    return [("say.provisional", {})] if due.provisional else []


@calendar.command("show", help="calendar_show")
def calendar_show(
    context: typer.Context, year: Annotated[int, typer.Argument(metavar="YEAR", help="argument.year")]
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.shown.territory import special_days

    known = call.engine.calendar
    rows = special_days(call.words, known, year)
    notes: list[tuple[str, dict[str, object]]] = [("say.provisional", {})] if year in known.provisional else []
    call.show(Answer([Rows(("day", "kind", "name"), rows)], notes=notes))


@calendar.command("due", help="calendar_due")
def calendar_due(
    context: typer.Context,
    start: Annotated[str, typer.Argument(metavar="START", help="argument.start")],
    days: Annotated[int, typer.Argument(min=1, max=3650, metavar="DAYS", help="argument.days")],
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="option.unit")] = "working_days",
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.rules.limits import Limit, explain

    if unit not in ("working_days", "calendar_days"):
        raise BadInput("--unit", unit, "not_a_choice")
    begun = day(start, "START")
    limit = Limit(days, unit, "entered", None, None, "configured")  # type: ignore[arg-type]
    due = explain(limit, start=begun, target_year=begun.year, calendar=call.engine.calendar)
    steps = _steps(call, due)
    data = {"due_on": due.on, "provisional": due.provisional, "explain": steps.rows}
    call.show(Answer([steps, Fields({"due_on": due.on})], data=data, notes=_provisional(due)))


@calendar.command("recompute", help="calendar_recompute")
@registers
def calendar_recompute(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.catalogue.labels import named
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.commands.recompute import recompute
    from dossier_engine.shown import Shown

    def work(doing: Doing) -> "Answer":
        moved = recompute(doing.session, doing.law, doing.act, now=doing.now, rng=doing.rng)
        rows = [
            {
                "code": m.dossier,
                "key": Shown(m.key, named(call.words, doing.law.workflows[m.definition], m.key)),
                "was": m.was,
                "due_on": m.due_on,
            }
            for m in moved
        ]
        note = ("say.recomputed", {"count": len(rows), "calendar": doing.law.calendar.version[:12]})
        return Answer([Rows(("code", "key", "was", "due_on"), rows)], notes=[note])

    call.alter(work)


@locality.command("list", help="locality_list")
def locality_list(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="option.locality_kind")] = None,
    name: Annotated[str | None, typer.Option("-q", "--name", metavar="TEXT", help="option.name")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="option.at")] = None,
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.registers import localities
    from dossier_engine.records.localities import KINDS
    from dossier_engine.shown.territory import locality as shown

    if kind not in (None, "province", *KINDS["district"], *KINDS["commune"]):
        raise BadInput("--kind", str(kind), "not_a_choice")

    def question(session: "Session", _: "Law") -> "Answer":
        on = day(at, "--at") if at else call.today
        rows = [shown(call.words, r) for r in localities(session, on=on, kind=kind, name=name)]
        return Answer([Rows(("code", "kind", "name", "parent", "valid_from", "valid_to"), rows)])

    call.look(question)


@office.command("list", help="office_list")
def office_list(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="option.office_kind")] = None,
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.registers import offices
    from dossier_engine.rules.authority import OFFICE_KINDS
    from dossier_engine.shown.territory import office as shown

    if kind not in (None, *(k for kinds in OFFICE_KINDS.values() for k in kinds)):
        raise BadInput("--kind", str(kind), "not_a_choice")

    def question(session: "Session", _: "Law") -> "Answer":
        rows = [shown(call.words, r) for r in offices(session, kind=kind)]
        return Answer([Rows(("code", "kind", "name", "criteria"), rows)])

    call.look(question)


@plan.command("show", help="plan_show")
def plan_show(
    context: typer.Context, year: Annotated[int, typer.Option("--year", metavar="YEAR", help="option.of_year")] = 2024
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.registers import progress
    from dossier_engine.shown.progress import obligations, targets

    def question(session: "Session", law: "Law") -> "Answer":
        found = progress(session, year, scope(call, session))
        reached, due = targets(call.words, law, found), obligations(call.words, law, found)
        tables = [
            Rows(("label", "target", "reached", "counts", "section"), reached),
            Rows(("section", "actor", "before", "done", "quote_vi"), due),
        ]
        return Answer(tables, data={"year": year, "targets": reached, "obligations": due})

    call.look(question)


@plan.command("open-obligations", help="plan_open_obligations")
@opens
def plan_open_obligations(
    context: typer.Context, year: Annotated[int, typer.Option("--year", metavar="YEAR", help="option.of_year")] = 2024
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.commands.open_obligations import OpenObligations, open_obligations

    def work(doing: Doing) -> "Answer":
        order = OpenObligations(year=year, act=doing.act)
        done = open_obligations(doing.session, doing.law, order, now=doing.now, rng=doing.rng)
        rows = [{"code": r.dossier, "office": r.body["office"]} for r in done.receipts]
        note = ("say.opened", {"count": len(rows), "known": done.known})
        return Answer([Rows(("code", "office"), rows)], data={"opened": rows, "known": done.known}, notes=[note])

    call.alter(work)
