"""How a question typed at a terminal is named in history, when who asks is an auditor or administrator."""

from typing import TYPE_CHECKING

from dossier_engine.cli.output import Rows
from dossier_engine.commands.note_read import Read

if TYPE_CHECKING:
    import typer

    from dossier_engine.cli.output import Answer


def read_of(context: "typer.Context", answer: "Answer") -> Read:
    """The command with what was typed after it, and how many rows were found."""
    options = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    asked = {
        str(name): value
        for name, value in context.params.items()
        if value not in (None, False) and options.get(name) != "--as"
    }
    lists = [len(part.rows) for part in answer.parts if isinstance(part, Rows)]
    what = ".".join(context.command_path.replace("-", "_").split()[1:])
    return Read.of(what, asked, sum(lists) if lists else None)
