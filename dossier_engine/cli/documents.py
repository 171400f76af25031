"""`dossier document …`: the documents of a dossier, and their files; they are recorded by `dossier record`."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call
from dossier_engine.errors import BadInput
from dossier_engine.rules.codes import read_code

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law

document = group("document")

Code = Annotated[str, typer.Argument(metavar="CODE", help="argument.code")]
Seen = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")]


@document.command("list", help="document_list")
def document_list(context: typer.Context, code: Code, person: Seen = None) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.documents import documents as recorded
    from dossier_engine.shown import documents

    def question(session: "Session", law: "Law") -> "Answer":
        found = recorded(session, law, scope(call, session), read_code(code))
        columns = ("seq", "document", "number", "date", "void_seq", "sha256", "bytes", "file_name")
        return Answer([Rows(columns, [documents.document(call.words, one) for one in found])])

    call.look(question)


@document.command("get", help="document_get")
def document_get(
    context: typer.Context,
    code: Code,
    sha256: Annotated[str, typer.Argument(metavar="SHA256", help="argument.sha256")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="option.save_to")],
    person: Seen = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from config.evidence import opened
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.cli.scope import scope
    from dossier_engine.queries.documents import file_of

    with call.engine.looking() as (session, _):
        stored = file_of(session, scope(call, session), read_code(code), sha256.lower())
    try:
        with opened(call.engine, stored.sha256) as kept, to.open("xb") as copy:
            shutil.copyfileobj(kept, copy)
    except FileExistsError as error:
        raise BadInput("--to", str(to), "file_exists") from error
    except OSError as error:
        raise BadInput("--to", str(to), "cannot_write") from error
    facts = {
        "sha256": stored.sha256, "bytes": stored.size, "media_type": stored.media_type, "file_name": stored.name,
    }  # fmt: skip
    call.show(Answer([Fields(facts)], data={**facts, "file": str(to)}, notes=[("say.written", {"file": to})]))
