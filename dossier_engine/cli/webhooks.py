"""`dossier webhook …`: where events are told to."""

from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, registers

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law

webhook = group("webhook")

Webhook = Annotated[str, typer.Argument(metavar="ID", help="argument.webhook")]


@webhook.command("add", help="webhook_add")
@registers
def webhook_add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="argument.url")],
    territory: Annotated[str, typer.Option("--territory", metavar="CODE", help="option.territory")],
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.webhooks import add_webhook

    def work(doing: Doing) -> "Answer":
        hosts = call.engine.settings.webhook_hosts
        made, secret = add_webhook(
            doing.session, url, territory, doing.act, hosts=hosts, now=doing.now, rng=doing.rng
        )  # fmt: skip
        fields = {"webhook": made, "url": url, "territory": territory, "secret": secret}
        return Answer([Fields(fields)], notes=[("say.webhook_added", {"webhook": made})])

    call.alter(work)


@webhook.command("list", help="webhook_list")
def webhook_list(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.deliveries import webhooks
    from dossier_engine.shown import deliveries as shown

    def question(session: "Session", _: "Law") -> "Answer":
        rows = [shown.webhook(row) for row in webhooks(session)]
        return Answer([Rows(tuple(rows[0]) if rows else (), rows)])

    call.look(question)


@webhook.command("remove", help="webhook_remove")
@registers
def webhook_remove(context: typer.Context, webhook: Webhook) -> None:
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.webhooks import remove_webhook

    def work(doing: Doing) -> "Answer":
        remove_webhook(doing.session, webhook, doing.act, now=doing.now, rng=doing.rng)
        told = {"webhook": webhook}
        return Answer([], data=told, notes=[("say.webhook_removed", told)])

    Call.here(context).alter(work)


@webhook.command("test", help="webhook_test")
def webhook_test(context: typer.Context, webhook: Webhook) -> None:
    call = Call.here(context)
    from config.delivery import try_webhook
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.shown import Shown

    verdict = try_webhook(call.engine, webhook)
    fields = {
        "webhook": webhook,
        "result": Shown(verdict.word, call.words.say(f"verdict.{verdict.word}")),
        "error": verdict.error,
    }
    call.show(Answer([Fields(fields)]))
    if verdict.word != "sent":
        raise typer.Exit(9)
