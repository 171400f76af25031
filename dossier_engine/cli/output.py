"""The one way an answer is shown: JSON for programs, a table for people, tab-separated lines for a pipe."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from dossier_engine.rules.law import HANOI

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.call import Call
    from dossier_engine.commands.desk import Receipt
    from dossier_engine.rules.law import Law


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that programs and people see differently."""

    value: object
    text: str


Row = Mapping[str, object]


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
        call.tell("say.demonstration", now=text(call, engine.now()))


def text(call: "Call", value: object) -> str:
    """A value in words: dates as dd/mm/yyyy, instants in Hanoi time, yes and no, a dash for nothing."""
    if isinstance(value, Shown):
        return value.text
    if value is None or value == "":
        return call.words.say("say.none")
    if isinstance(value, bool):
        return call.words.say("say.yes" if value else "say.no")
    if isinstance(value, datetime):
        return value.astimezone(HANOI).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, (list, tuple)):
        return ", ".join(text(call, v) for v in value) or call.words.say("say.none")
    return str(value)


def plain(value: object) -> object:
    """A value as JSON holds it: instants in Hanoi time."""
    if isinstance(value, Shown):
        return plain(value.value)
    if isinstance(value, datetime):
        return value.astimezone(HANOI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, frozenset)):
        return [plain(v) for v in value]
    return value


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
                print(f"{titles.say(f'column.{key}'):<{width}}  {text(call, value)}")
        case Rows(rows=[]):
            call.tell("say.nothing_found")
        case Rows() if not sys.stdout.isatty():
            if part.title:
                print(f"\n{part.title}")
            print("\t".join(titles.say(f"column.{c}") for c in part.columns))
            for row in part.rows:
                print("\t".join(text(call, row[c]).replace("\t", " ").replace("\n", " ") for c in part.columns))
        case Rows():
            table = Table(box=box.SIMPLE_HEAD, title=part.title or None, title_justify="left", pad_edge=False)
            for column in part.columns:
                # Codes and names are never cut: an officer reads them out on the telephone.
                table.add_column(titles.say(f"column.{column}"), overflow="fold", no_wrap=column in ("code", "due_on"))
            for row in part.rows:
                table.add_row(*(text(call, row[c]) for c in part.columns))
            Console(file=sys.stdout, markup=False, highlight=False, emoji=False).print(table)


def receipt(call: "Call", session: "Session", law: "Law", done: "Receipt") -> Answer:
    """The answer to anything that changed a dossier: the entry, and where the dossier stands now."""
    from dossier_engine.catalogue.labels import act_label
    from dossier_engine.cli.labels import standing_fields
    from dossier_engine.queries.worklist import one
    from dossier_engine.records.scope import EVERYTHING

    line = one(session, law, EVERYTHING, done.dossier, today=call.today)
    entry = {
        "dossier": done.dossier,
        "seq": done.seq,
        "act": Shown(done.kind, act_label(call.words, line.workflow, done.kind, done.body)),
        "leaf": Shown(done.leaf, done.leaf[:12]),
        "replayed": done.replayed,
    }
    notes: list[tuple[str, Mapping[str, object]]] = []
    if done.replayed:
        notes.append(("say.replayed", {}))
    fields = {**entry, **standing_fields(call, line)}
    return Answer([Fields(fields)], data={**fields, "body": done.body, "dry_run": call.dry_run}, notes=notes)
