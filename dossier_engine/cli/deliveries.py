"""`dossier deliver` and `dossier delivery …`: one round of sending by hand, what became of messages, another try."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import app, group
from dossier_engine.cli.call import Call
from dossier_engine.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law

delivery = group("delivery")


@app.command("deliver", help="deliver")
def deliver(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="option.limit")] = 2_000,
) -> None:
    call = Call.here(context)
    from config.delivery import round as send
    from dossier_engine.cli.output import Answer, Fields

    with _counter(call) as told:
        done = send(call.engine, most=limit, told=told)
    both = done.mails + done.events
    fields = {
        "published": done.published,
        "mails_sent": done.mails.sent,
        "events_sent": done.events.sent,
        "to_retry": both.waiting,
        "given_up": both.dead,
        "nothing_to_say": both.void,
    }
    notes: list[tuple[str, dict[str, object]]] = []
    if not done.mail_goes:
        notes.append(("say.no_mail", {}))
    if both.dead:
        notes.append(("say.dead_letters", {"count": both.dead}))
    call.show(Answer([Fields(fields)], data={**fields, "mail_goes": done.mail_goes}, notes=notes))
    for refusal in done.down:
        raise refusal


@delivery.command("list", help="delivery_list")
def delivery_list(
    context: typer.Context,
    dead: Annotated[bool, typer.Option("--dead", help="option.dead")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="option.limit")] = 50,
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.deliveries import deliveries
    from dossier_engine.shown import deliveries as shown

    def question(session: "Session", _: "Law") -> "Answer":
        found = deliveries(session, status="dead" if dead else None, limit=limit)
        rows = [shown.delivery(call.words, row) for row in found]
        columns = ("delivery", "channel", "recipient", "topic", "delivery_status", "attempts", "created_at", "error")
        return Answer([Rows(columns, rows)])

    call.look(question)


@delivery.command("resend", help="delivery_resend")
def delivery_resend(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(metavar="ID", help="argument.delivery")] = None,
    all_dead: Annotated[bool, typer.Option("--all-dead", help="option.all_dead")] = False,
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.deliver import resend, resend_all

    if (number is None) != all_dead:
        raise BadInput("delivery", str(number or ""), "one_or_all")
    with call.engine.database.writing() as session:
        if number is None:
            count = resend_all(session, now=call.engine.now())
        else:
            resend(session, number, now=call.engine.now())
            count = 1
    call.show(Answer([], data={"resent": count}, notes=[("say.resent", {"count": count})]))


@contextmanager
def _counter(call: Call) -> "Iterator[Callable[[int], None]]":
    """How many messages have gone, on standard error, where a person is watching."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(file=sys.stderr)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(call.words.say("say.sending"), total=None)
        yield lambda more: bar.advance(task, more)
