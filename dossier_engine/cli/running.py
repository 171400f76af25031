"""`dossier up`: the installation with everything it needs, running in this terminal; `dossier metrics`: how it runs."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from dossier_engine.cli.app import app
from dossier_engine.cli.call import Call

if TYPE_CHECKING:
    from config.running.happened import Happened


@app.command("up", help="up")
def up(
    context: typer.Context,
    no_broker: Annotated[bool, typer.Option("--no-broker", help="option.no_broker")] = False,
    metrics: Annotated[
        int | None, typer.Option("--metrics", min=1, max=65_535, metavar="N", help="option.metrics")
    ] = None,
) -> None:
    call = Call.here(context)
    from config.running.up import Running

    Running(call.engine, lambda happened: say(call, happened, sys.stdout), metrics).run(with_broker=not no_broker)


@app.command("metrics", help="metrics")
def metrics_(context: typer.Context) -> None:
    call = Call.here(context)
    from config.metrics import exposition
    from dossier_engine.cli.output import Answer, Words

    call.show(Answer([Words(exposition(call.engine).rstrip("\n"))]))


def say(call: Call, happened: "Happened", programs: TextIO) -> None:
    """One line for what happened: for people on standard error, for programs on `programs`."""
    from dossier_engine.shown import plain, text

    if call.json:
        line = {"event": happened.event, **happened.facts}
        print(json.dumps(plain(line), ensure_ascii=False), file=programs, flush=True)
        return
    call.tell(f"up.{happened.event}", **{name: text(call.words, value) for name, value in happened.facts.items()})
    sys.stderr.flush()
