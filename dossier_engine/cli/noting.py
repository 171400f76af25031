"""How a question typed at a terminal is named in history, when who asks is an auditor or administrator."""

import re
import unicodedata
from typing import TYPE_CHECKING

from dossier_engine.cli.output import Rows
from dossier_engine.commands.note_read import Read
from dossier_engine.rules.codes import read_code

if TYPE_CHECKING:
    import typer

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.entry import Json

# The parameters that hold codes and days, if they look like one; whatever else is typed may name somebody.
_CODED = frozenset({
    "after", "at", "code", "current", "first", "form", "holder", "key", "kind", "last", "level", "start", "state",
    "unit",
})  # fmt: skip
_DOSSIERS = ("after", "code")
_WORD = re.compile(r"[A-Za-z0-9_:/-]+\Z")


def read_of(context: "typer.Context", answer: "Answer") -> Read:
    """The command with what was typed after it, and how many rows were found."""
    where: dict[str, Json] = {}
    typed: dict[str, str] = {}
    options = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    for name, value in context.params.items():
        if value in (None, False) or options.get(name) == "--as":
            continue
        if isinstance(value, int):
            where[name] = value
            continue
        text = read_code(value) if name in _DOSSIERS else unicodedata.normalize("NFC", str(value))
        if name in _CODED and _WORD.match(text):
            where[name] = text
        else:
            typed[name] = text
    lists = [len(part.rows) for part in answer.parts if isinstance(part, Rows)]
    what = ".".join(context.command_path.replace("-", "_").split()[1:])
    return Read(what=what, where=where, count=sum(lists) if lists else None, typed=typed)
