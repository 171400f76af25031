"""`dossier demo …` and `dossier simulate`: invented work on the real localities, in a new or empty database."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import app, group
from dossier_engine.cli.call import Call
from dossier_engine.cli.installation import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dossier_engine.demonstration.summary import Summary

# The demonstration is the same on every machine.
_SEED = 2024

demo = group("demo")


@demo.command("load", help="demo_load")
def demo_load(context: typer.Context) -> None:
    call = Call.here(context)
    from config.wiring import packaged_law
    from dossier_engine.cli.output import Answer
    from dossier_engine.demonstration.demo import load_demo
    from dossier_engine.shown import text

    with fresh_database(call, None) as database, _bar(call) as progress:
        fresh = load_demo(database, packaged_law(), now=call.engine.clock(), seed=_SEED, progress=progress)
    shown = text(call.words, call.engine.now())
    note = ("say.demo_loaded", {"now": shown}) if fresh else ("say.demo_present", {})
    call.show(Answer([], data={"loaded": fresh, "now": call.engine.now()}, notes=[note]))


@demo.command("next", help="demo_next")
def demo_next(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Words
    from dossier_engine.demonstration.tour import suggestions

    with call.engine.looking() as (session, _):
        words = call.words
        found = suggestions(
            session, today=call.today, number=words.say("say.demo_number"), reason=words.say("say.demo_reason")
        )
    lines = [call.words.say("say.ends_next"), *(f"  dossier {command}" for command in found)]
    call.show(Answer([Words("\n".join(lines))], data={"commands": [f"dossier {c}" for c in found]}))


@app.command("simulate", help="simulate")
def simulate_(
    context: typer.Context,
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help="option.year")] = 2024,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="option.seed")] = 1,
    database: Annotated[str | None, typer.Option("--database", metavar="URL", help="option.database")] = None,
) -> None:
    call = Call.here(context)
    from config.wiring import packaged_law
    from dossier_engine.cli.output import Answer, Fields, Rows
    from dossier_engine.demonstration.year import simulate

    with fresh_database(call, database) as target, _bar(call) as progress:
        summary = simulate(target, packaged_law(), year=year, seed=seed, progress=progress)
    rows, totals = _simulated(call, summary)
    table = Rows(("workflow", "target", "reached", "counts"), rows)
    call.show(Answer([table, Fields(totals)], data={"year": year, "seed": seed, "progress": rows, **totals}))


def _simulated(call: Call, summary: "Summary") -> tuple[list[dict[str, object]], dict[str, object]]:
    """A simulated year: one row a target, and the figures of the whole."""
    from config.wiring import packaged_law
    from dossier_engine.catalogue.labels import named, said
    from dossier_engine.shown import Shown

    law = packaged_law()
    rows: list[dict[str, object]] = []
    for outcome in summary.outcomes:
        workflow = law.named(outcome.workflow)
        counts = ", ".join(f"{named(call.words, workflow, state)}: {n}" for state, n in outcome.states.items())
        rows.append(
            {
                "workflow": Shown(outcome.workflow, said(call.words, workflow.title)),
                "target": outcome.wanted,
                "reached": outcome.reached,
                "counts": Shown(dict(outcome.states), counts),
            }
        )
    totals: dict[str, object] = {
        "acts": summary.acts,
        "transitions": summary.transitions,
        "returns": summary.returns,
        "late_stages": summary.late_stages,
        "histories_sha256": summary.histories_sha256,
    }
    return rows, totals


@contextmanager
def _bar(call: Call) -> "Iterator[Callable[[int, int], None]]":
    """A progress bar on standard error, where a person is watching."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(file=sys.stderr)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(call.words.say("say.loading"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
