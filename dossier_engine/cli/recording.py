"""`dossier record CODE …`: what requirements look at, one command for each type of fact."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, changes, day
from dossier_engine.errors import BadInput, HashMismatch
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.workflow import (
    Broadcast,
    Confirmation,
    Criteria,
    Display,
    Documents,
    Receipt,
    Requirement,
    SectorConfirmations,
    Survey,
    Vote,
    Workflow,
)

if TYPE_CHECKING:
    from dossier_engine.commands.desk import Receipt as Done
    from dossier_engine.rules.requirements import Value

record = group("record")
_CHUNK = 2**16

Key = Annotated[str | None, typer.Option("--requirement", metavar="KEY", help="option.requirement")]
Dated = Annotated[str, typer.Option("--date", metavar="DATE", help="option.date")]


@record.callback()
def of_dossier(
    context: typer.Context, code: Annotated[str, typer.Argument(metavar="CODE", help="argument.code")]
) -> None:
    """The dossier comes before the type of fact: `record HD-2024-NC-0017 vote …`."""
    Call.here(context).asked["CODE"] = code


def _record(
    context: typer.Context,
    kinds: tuple[type[Requirement], ...],
    items: Mapping[str, "Value"],
    key: str | None,
    beside: "Callable[[Doing], object]" = lambda _: None,
) -> None:
    """Record `items` of the one requirement of these types that the dossier's step asks for, and do what is beside."""
    from dossier_engine.commands.record import Record, record
    from dossier_engine.queries.possibilities import asked_now, fitting

    call = Call.here(context)
    code = read_code(call.asked["CODE"])

    def work(doing: Doing) -> "Done":
        workflow, asked = asked_now(doing.session, doing.law, code, person=doing.act.person)
        chosen = key or fitting(asked, kinds, items)
        whole = _whole_set(workflow, items)
        order = Record(dossier=code, requirement=chosen, items=whole, act=doing.act)
        receipt = record(doing.session, doing.law, order, now=doing.now, rng=doing.rng)
        beside(doing)
        return receipt

    call.change(work)


def _whole_set(workflow: Workflow, items: Mapping[str, "Value"]) -> Mapping[str, "Value"]:
    """`all` stands for every criterion of the definition's set."""
    if "all" not in items:
        return items
    return {c.number: items["all"] for c in workflow.criteria.criteria}


@record.command("document", help="record_document")
@changes
def document(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="argument.kind")],
    number: Annotated[str | None, typer.Option("--number", metavar="TEXT", help="option.number")] = None,
    date: Annotated[str | None, typer.Option("--date", metavar="DATE", help="option.date")] = None,
    sha256: Annotated[str | None, typer.Option("--sha256", metavar="HEX", help="option.sha256")] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="option.file")] = None,
    field: Annotated[list[str] | None, typer.Option("--field", metavar="NAME=TEXT", help="option.field")] = None,
    key: Key = None,
) -> None:
    value: dict[str, str | int] = {}
    if number is not None:
        value["number"] = number
    if date is not None:
        value["date"] = day(date).isoformat()
    for pair in field or []:
        name, separator, content = pair.partition("=")
        if not separator:
            raise BadInput("--field", pair, "not_a_field")
        value[name.strip()] = content.strip()
    if file is not None:
        _with_file(context, file, sha256, kind, value, key)
        return
    if sha256:
        value["sha256"] = sha256.lower()
    _record(context, (Documents,), {kind: value}, key)


def _with_file(
    context: typer.Context, file: Path, stated: str | None, kind: str, value: "Value", key: str | None
) -> None:
    """Record a document and keep its file, which must be the one stated: both or neither."""
    from config.evidence import received

    call = Call.here(context)
    code = read_code(call.asked["CODE"])
    with received(call.engine, _chunks(file), file.name) as arrived:
        if stated is not None and stated.lower() != arrived.file.sha256:
            raise HashMismatch(str(file), stated.lower(), arrived.file.sha256)

        def keep(doing: Doing) -> None:
            if not call.dry_run:
                arrived.keep(doing.session, code, doing.act.person, now=doing.now)

        _record(context, (Documents,), {kind: {**value, "sha256": arrived.file.sha256}}, key, keep)


def _chunks(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as content:
            while chunk := content.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise BadInput("--file", str(file), "cannot_read") from error


@record.command("criterion", help="record_criterion")
@changes
def criterion(
    context: typer.Context,
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…", help="argument.numbers")],
    not_met: Annotated[bool, typer.Option("--not-met", help="option.not_met")] = False,
    key: Key = None,
) -> None:
    result: dict[str, str | int] = {"result": "not_met" if not_met else "met"}
    _record(context, (Criteria,), dict.fromkeys(numbers, result), key)


@record.command("posting", help="record_posting")
@changes
def posting(
    context: typer.Context,
    date: Annotated[list[str] | None, typer.Option("--date", metavar="DATE", help="option.posted")] = None,
    times: Annotated[int, typer.Option("--times", min=1, metavar="N", help="option.times")] = 1,
    begun: Annotated[str | None, typer.Option("--from", metavar="DATE", help="option.shown_from")] = None,
    ended: Annotated[str | None, typer.Option("--to", metavar="DATE", help="option.shown_to")] = None,
    key: Key = None,
) -> None:
    if begun is not None and ended is not None:
        period: dict[str, str | int] = {"from": day(begun).isoformat(), "to": day(ended).isoformat()}
        _record(context, (Display,), {"period": period}, key)
        return
    if not date:
        raise BadInput("--date", "", "missing")
    _record(context, (Broadcast,), {day(d).isoformat(): {"times": times} for d in date}, key)


@record.command("vote", help="record_vote")
@changes
def vote(
    context: typer.Context,
    agree: Annotated[int, typer.Option("--agree", min=0, metavar="N", help="option.agree")],
    present: Annotated[int, typer.Option("--present", min=0, metavar="N", help="option.present")],
    members: Annotated[int | None, typer.Option("--members", min=0, metavar="N", help="option.members")] = None,
    key: Key = None,
) -> None:
    counted: dict[str, str | int] = {"agree": agree, "present": present}
    if members is not None:
        counted["members"] = members
    _record(context, (Vote,), {"vote": counted}, key)


@record.command("survey", help="record_survey")
@changes
def survey(
    context: typer.Context,
    satisfied: Annotated[int, typer.Option("--satisfied", min=0, metavar="N", help="option.satisfied")],
    answered: Annotated[int, typer.Option("--answered", min=0, metavar="N", help="option.answered")],
    asked: Annotated[int, typer.Option("--asked", min=0, metavar="N", help="option.asked")],
    key: Key = None,
) -> None:
    counted: dict[str, str | int] = {"satisfied": satisfied, "answered": answered, "asked": asked}
    _record(context, (Survey,), {"survey": counted}, key)


@record.command("confirmation", help="record_confirmation")
@changes
def confirmation(
    context: typer.Context,
    office: Annotated[str, typer.Argument(metavar="OFFICE", help="argument.office")],
    number: Annotated[str, typer.Option("--number", metavar="TEXT", help="option.number")],
    date: Dated,
    disagree: Annotated[bool, typer.Option("--disagree", help="option.disagree")] = False,
    key: Key = None,
) -> None:
    value: dict[str, str | int] = {
        "result": "disagree" if disagree else "agree",
        "number": number,
        "date": day(date).isoformat(),
    }
    _record(context, (SectorConfirmations, Confirmation), {office: value}, key)


@record.command("receipt", help="record_receipt")
@changes
def receipt(context: typer.Context, date: Dated, key: Key = None) -> None:
    _record(context, (Receipt,), {"receipt": {"on": day(date).isoformat()}}, key)


@record.command("announcement", help="record_announcement")
@changes
def announcement(
    context: typer.Context,
    date: Dated,
    place: Annotated[str, typer.Option("--place", metavar="TEXT", help="option.place")],
) -> None:
    value: dict[str, str | int] = {"date": day(date).isoformat(), "place": place}
    _record(context, (Documents,), {"announcement": value}, None)
