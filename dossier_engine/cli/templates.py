"""`dossier template …`: the words of mails, in the language of the command."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, registers
from dossier_engine.errors import BadInput

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law

template = group("template")

Name = Annotated[str, typer.Argument(metavar="NAME", help="argument.template")]


@template.command("list", help="template_list")
def template_list(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.queries.deliveries import templates
    from dossier_engine.shown import deliveries as shown

    def question(session: "Session", _: "Law") -> "Answer":
        rows = [shown.template(found) for found in templates(session, call.words.language)]
        return Answer([Rows(("template", "subject", "saved"), rows)])

    call.look(question)


@template.command("show", help="template_show")
def template_show(context: typer.Context, name: Name) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields, Words
    from dossier_engine.queries.deliveries import named
    from dossier_engine.shown import deliveries as shown

    def question(session: "Session", _: "Law") -> "Answer":
        row = shown.wording(named(session, name, call.words.language))
        fields = {key: value for key, value in row.items() if key != "text"}
        return Answer([Fields(fields), Words(f"\n{str(row['text']).strip()}")], data=row)

    call.look(question)


@template.command("set", help="template_set")
@registers
def template_set(
    context: typer.Context,
    name: Name,
    subject: Annotated[str, typer.Option("--subject", metavar="TEXT", help="option.subject")],
    file: Annotated[Path, typer.Option("--file", metavar="FILE", help="option.template_file")],
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.templates import set_template
    from dossier_engine.letters import Wording

    try:
        wording = Wording(subject, file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("--file", str(file), "cannot_read") from error

    def work(doing: Doing) -> "Answer":
        language = call.words.language
        set_template(doing.session, name, language, wording, doing.act, now=doing.now, rng=doing.rng)
        told = {"template": name}
        return Answer([], data=told, notes=[("say.template_set", told)])

    call.alter(work)


@template.command("reset", help="template_reset")
@registers
def template_reset(context: typer.Context, name: Name) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.templates import reset_template

    def work(doing: Doing) -> "Answer":
        reset_template(doing.session, name, call.words.language, doing.act, now=doing.now, rng=doing.rng)
        told = {"template": name}
        return Answer([], data=told, notes=[("say.template_reset", told)])

    call.alter(work)
