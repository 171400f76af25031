"""`dossier import …`: lists from CSV files or workbooks, read strictly, taken over all or not at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, opens, registers
from dossier_engine.errors import BadInput

if TYPE_CHECKING:
    from dossier_engine.cli.output import Answer

imports = group("import")

File = Annotated[Path, typer.Argument(metavar="FILE", help="argument.csv")]
List = Annotated[Path, typer.Argument(metavar="FILE", help="argument.list")]

_MOST_BYTES = 1_048_576


@imports.command("registrations", help="import_registrations")
@opens
def registrations(context: typer.Context, file: List) -> None:
    from config import registration_sheets, workbooks
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.commands.import_registrations import import_registrations

    call = Call.here(context)
    content = _content(file)
    if workbooks.is_workbook(content):
        sheet = registration_sheets.read(content, file.name)
    else:
        sheet = registration_sheets.read_text(_text(content, file), file.name)

    def work(doing: Doing) -> "Answer":
        done = import_registrations(
            doing.session, doing.law, file.name, sheet.rows, doing.act, now=doing.now, rng=doing.rng,
            faults=sheet.problems,
        )  # fmt: skip
        told = [{"code": r.dossier, "locality": r.body["locality"], "level": r.body["level"]} for r in done]
        known = sum(r.replayed for r in done)
        notes: list[tuple[str, Mapping[str, object]]] = [("say.imported", {"count": len(done) - known, "known": known})]
        if sheet.mended:
            notes.append(("say.mended", {"count": len(sheet.mended)}))
        return Answer([Rows(("code", "locality", "level"), told)], notes=notes)

    call.alter(work)


@imports.command("recognitions", help="import_recognitions")
@registers
def recognitions(context: typer.Context, file: File) -> None:
    from config import lists
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.adopt import import_recognitions

    call = Call.here(context)
    rows = lists.recognitions(_text(_content(file), file), file.name)

    def work(doing: Doing) -> "Answer":
        fresh = import_recognitions(doing.session, file.name, rows, doing.act, now=doing.now, rng=doing.rng)
        facts = {"count": fresh, "known": len(rows) - fresh}
        return Answer([], data={"imported": fresh, "known": len(rows) - fresh}, notes=[("say.imported", facts)])

    call.alter(work)


def _content(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput("FILE", str(file), "cannot_read") from error
    if len(content) > _MOST_BYTES:
        raise BadInput("FILE", str(file), "too_large")
    return content


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("FILE", str(file), "not_utf8") from error
