"""`dossier workflow …`: the definitions that are stored, shown, checked, activated and drawn."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, registers
from dossier_engine.errors import BadInput, NotFound

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law
    from dossier_engine.rules.workflow import Workflow

workflow = group("workflow")

Name = Annotated[str, typer.Argument(metavar="NAME", help="argument.workflow")]


@workflow.command("list", help="workflow_list")
def workflow_list(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.registers import definitions
    from dossier_engine.shown.workflows import stored

    def question(session: "Session", law: "Law") -> "Answer":
        rows = [stored(call.words, version) for version in definitions(session, law)]
        columns = ("workflow", "label", "active", "running", "valid_from", "valid_to", "sha256")
        return Answer([Rows(columns, rows)])

    call.look(question)


@workflow.command("show", help="workflow_show")
def workflow_show(context: typer.Context, name: Name) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.shown.workflows import state, transition

    def question(_: "Session", law: "Law") -> "Answer":
        found = _stored(law, name)
        states = [state(call.words, s) for s in found.states.values()]
        moves = [transition(call.words, found, t) for t in found.transitions.values()]
        tables = [
            Rows(("key", "state", "holder", "limit", "status"), states),
            Rows(("transition", "label", "by", "to", "requirement"), moves),
        ]
        data = {"workflow": found.reference, "sha256": found.sha256, "states": states, "transitions": moves}
        return Answer(tables, data=data)

    call.look(question)


@workflow.command("check", help="workflow_check")
def workflow_check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="argument.definition")],
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields

    found, _ = _read(file)
    note = ("say.definition_sound", {"file": str(file), "workflow": found.reference})
    fields = Fields({"workflow": found.reference, "sha256": found.sha256})
    call.show(Answer([fields], notes=[note]))


@workflow.command("activate", help="workflow_activate")
@registers
def workflow_activate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="argument.definition")],
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.activate import activate

    found, content = _read(file)

    def work(doing: Doing) -> "Answer":
        fresh = activate(doing.session, found, content, doing.act, now=doing.now, rng=doing.rng)
        note = ("say.activated" if fresh else "say.already_active", {"workflow": found.reference})
        return Answer([Fields({"workflow": found.reference, "sha256": found.sha256, "active": True})], notes=[note])

    call.alter(work)


@workflow.command("diagram", help="workflow_diagram")
def workflow_diagram(
    context: typer.Context,
    name: Name,
    form: Annotated[str, typer.Option("--format", metavar="svg|mermaid", help="option.format")] = "svg",
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="option.output")] = None,
    current: Annotated[str | None, typer.Option("--current", metavar="STATE", help="option.current")] = None,
) -> None:
    call = Call.here(context)
    from config.copies import captions
    from dossier_engine.cli.output import Answer, Words
    from dossier_engine.queries.diagram import mermaid, svg

    if form not in ("svg", "mermaid"):
        raise BadInput("--format", form, "not_a_choice")

    def question(_: "Session", law: "Law") -> "Answer":
        found, lang = _stored(law, name), call.words.language
        if current is not None and current not in found.states:
            raise NotFound("state", current, list(found.states)[:3])
        if form == "mermaid":
            drawn = mermaid(found, lang=lang)
        else:
            drawn = svg(found, captions(call.words.language), lang=lang, current=current)
        if output is None:
            return Answer([Words(drawn)])
        _write(output, drawn)
        return Answer([], data={"file": str(output)}, notes=[("say.written", {"file": str(output)})])

    call.look(question)


def _write(file: Path, drawn: str) -> None:
    try:
        file.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise BadInput("--output", str(file), "cannot_write") from error


def _read(file: Path) -> "tuple[Workflow, bytes]":
    """The definition in `file`. Raises BadInput, or FileProblems with every fault."""
    from workflows.loader import load

    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput("FILE", str(file), "cannot_read") from error
    return load(content, str(file)), content


def _stored(law: "Law", name: str) -> "Workflow":
    """The active definition of a name, or the stored one of `name@version`. Raises NotFound."""
    if "@" not in name:
        return law.named(name)
    for found in law.workflows.values():
        if found.reference == name:
            return found
    raise NotFound("workflow", name, [w.reference for w in law.workflows.values()][:3])
