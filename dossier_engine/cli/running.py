"""What runs until Ctrl-C: `dossier up` with all it needs, `dossier serve` without its workers; `dossier metrics`."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from dossier_engine.cli.app import app
from dossier_engine.cli.call import Call

if TYPE_CHECKING:
    from config.running.happened import Happened


_PORT = 8470
Port = Annotated[int, typer.Option("--port", min=0, max=65_535, metavar="N", help="option.port")]


@app.command("serve", help="serve")
def serve_(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="option.host")] = "127.0.0.1",
    port: Port = _PORT,
) -> None:
    call = Call.here(context)
    from config.logs import set_up
    from config.running.happened import Happened
    from dossier_engine.api.serving import serve
    from dossier_engine.web.site import application

    with call.engine.looking():
        pass  # a database that cannot be used is refused before anybody is served
    set_up()
    app = application(call.engine)
    serve(app, call.engine.settings, host, port, lambda url: say(call, Happened("serves", {"url": url}), sys.stderr))


@app.command("up", help="up")
def up(
    context: typer.Context,
    no_broker: Annotated[bool, typer.Option("--no-broker", help="option.no_broker")] = False,
    port: Port = _PORT,
    metrics: Annotated[
        int | None, typer.Option("--metrics", min=1, max=65_535, metavar="N", help="option.metrics")
    ] = None,
) -> None:
    call = Call.here(context)
    from config.running.up import Running

    Running(call.engine, lambda happened: say(call, happened, sys.stdout), port, metrics).run(with_broker=not no_broker)


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
