"""The one way an answer is shown: JSON for programs, a table for people, tab-separated lines for a pipe."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from dossier_engine.shown import Row, plain, text

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.call import Call
    from dossier_engine.commands.desk import Receipt
    from dossier_engine.rules.law import Law


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: every row has the keys `columns`; column titles are `column.<key>` of the catalogue."""

    columns: Sequence[str]
    rows: Sequence[Row]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """One thing: its keys are titled as columns are."""

    row: Row


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text as it is, such as a diagram."""

    text: str


Part = Rows | Fields | Words


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: `parts` for people, `data` for programs (the only part's own, if not given)."""

    parts: Sequence[Part]
    data: object = None
    notes: Sequence[tuple[str, Mapping[str, object]]] = field(default_factory=tuple)


def show(call: "Call", answer: Answer) -> None:
    """Print `answer`; notes go to standard error, with a demonstration's banner."""
    if call.json:
        data = answer.data if answer.data is not None else _data(answer.parts[0]) if answer.parts else {}
        print(json.dumps(plain(data), ensure_ascii=False, indent=2))
    else:
        for part in answer.parts:
            _print(call, part)
    for key, facts in answer.notes:
        call.tell(key, **facts)
    if not call.json:
        _banner(call)


def _banner(call: "Call") -> None:
    engine = call._engine  # noqa: SLF001  # only if the command opened one
    if engine is not None and engine.is_demonstration():
        call.tell("say.demonstration", now=text(call.words, engine.now()))


def _data(part: Part) -> object:
    match part:
        case Rows():
            return list(part.rows)
        case Fields():
            return part.row
        case Words():
            return {"text": part.text}


def _print(call: "Call", part: Part) -> None:
    titles = call.words
    match part:
        case Words():
            print(part.text)
        case Fields():
            width = max(len(titles.say(f"column.{k}")) for k in part.row)
            for key, value in part.row.items():
                print(f"{titles.say(f'column.{key}'):<{width}}  {text(call.words, value)}")
        case Rows(rows=[]):
            call.tell("say.nothing_found")
        case Rows() if not sys.stdout.isatty():
            if part.title:
                print(f"\n{part.title}")
            print("\t".join(titles.say(f"column.{c}") for c in part.columns))
            for row in part.rows:
                print("\t".join(text(call.words, row[c]).replace("\t", " ").replace("\n", " ") for c in part.columns))
        case Rows():
            table = Table(box=box.SIMPLE_HEAD, title=part.title or None, title_justify="left", pad_edge=False)
            for column in part.columns:
                # Codes and names are never cut: an officer reads them out on the telephone.
                table.add_column(titles.say(f"column.{column}"), overflow="fold", no_wrap=column in ("code", "due_on"))
            for row in part.rows:
                table.add_row(*(text(call.words, row[c]) for c in part.columns))
            Console(file=sys.stdout, markup=False, highlight=False, emoji=False).print(table)


def receipt(call: "Call", session: "Session", law: "Law", done: "Receipt") -> Answer:
    """The answer to anything that changed a dossier: the entry, and where the dossier stands now."""
    from dossier_engine.queries.worklist import one
    from dossier_engine.records.scope import EVERYTHING
    from dossier_engine.shown import dossiers

    line = one(session, law, EVERYTHING, done.dossier, today=call.today)
    fields = dossiers.receipt(call.words, line, done)
    notes: list[tuple[str, Mapping[str, object]]] = [("say.replayed", {})] if done.replayed else []
    return Answer([Fields(fields)], data={**fields, "body": done.body, "dry_run": call.dry_run}, notes=notes)
