"""`dossier import …`: lists from CSV files, read strictly, taken over all or not at all."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, opens, registers
from dossier_engine.errors import BadInput, FileProblems, Problem

if TYPE_CHECKING:
    from dossier_engine.cli.output import Answer

imports = group("import")

File = Annotated[Path, typer.Argument(metavar="FILE", help="argument.csv")]

_MOST_BYTES = 1_048_576
_YEAR = re.compile(r"20[0-9]{2}")
_COLUMNS = ("code", "name", "district", "level", "target_year")


@imports.command("registrations", help="import_registrations")
@opens
def registrations(context: typer.Context, file: File) -> None:
    from dossier_engine.cli.output import Answer, Rows
    from dossier_engine.commands.import_registrations import Registration, import_registrations

    call = Call.here(context)
    rows = [Registration(line, r["code"], r["name"], r["district"], r["level"], year) for line, year, r in _rows(file)]

    def work(doing: Doing) -> "Answer":
        done = import_registrations(doing.session, doing.law, file.name, rows, doing.act, now=doing.now, rng=doing.rng)
        told = [{"code": r.dossier, "locality": r.body["locality"], "level": r.body["level"]} for r in done]
        known = sum(r.replayed for r in done)
        note = ("say.imported", {"count": len(done) - known, "known": known})
        return Answer([Rows(("code", "locality", "level"), told)], notes=[note])

    call.alter(work)


@imports.command("recognitions", help="import_recognitions")
@registers
def recognitions(context: typer.Context, file: File) -> None:
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.adopt import Recognised, import_recognitions

    call = Call.here(context)
    rows = [
        Recognised(line, r["code"], r["name"], r["level"], year, r.get("source") or file.name)
        for line, year, r in _rows(file)
    ]

    def work(doing: Doing) -> "Answer":
        fresh = import_recognitions(doing.session, file.name, rows, doing.act, now=doing.now, rng=doing.rng)
        facts = {"count": fresh, "known": len(rows) - fresh}
        return Answer([], data={"imported": fresh, "known": len(rows) - fresh}, notes=[("say.imported", facts)])

    call.alter(work)


def _rows(file: Path) -> Iterator[tuple[int, int, Mapping[str, str]]]:
    """Each line with its number and target year. Raises BadInput for the file, FileProblems for its lines."""
    reader = csv.DictReader(io.StringIO(_text(file), newline=""), strict=True)
    problems: list[Problem] = []
    found: list[tuple[int, int, Mapping[str, str]]] = []
    try:
        problems += [Problem(file.name, 1, "column_missing", c) for c in _COLUMNS if c not in (reader.fieldnames or ())]
        for row in () if problems else reader:
            year = (row["target_year"] or "").strip()
            if None in row or None in row.values():
                problems.append(Problem(file.name, reader.line_num, "wrong_number_of_columns", ""))
            elif not _YEAR.fullmatch(year):
                problems.append(Problem(file.name, reader.line_num, "year_out_of_range", year))
            else:
                found.append((reader.line_num, int(year), {k: v.strip() for k, v in row.items()}))
    except csv.Error as error:
        problems.append(Problem(file.name, reader.reader.line_num, "broken_csv", str(error)))
    if problems:
        raise FileProblems(problems)
    yield from found


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput("FILE", str(file), "cannot_read") from error
    if len(content) > _MOST_BYTES:
        raise BadInput("FILE", str(file), "too_large")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("FILE", str(file), "not_utf8") from error
