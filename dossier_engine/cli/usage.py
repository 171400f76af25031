"""Typer's own words in the language asked for: the frame of every help, and what is wrong with a command line.

Typer carries its parser inside; what is imported from `typer._click` here has no public name.
"""

import re
from collections.abc import Sequence
from typing import Any

import typer
from typer._click.core import Context
from typer._click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchOption, UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup

from dossier_engine.catalogue import Catalogue
from dossier_engine.errors import DossierError
from dossier_engine.rules.names import closest

_TYPE = re.compile(r" <[^<>]+>$")  # ` <int range>` after an argument's name says nothing to an officer
_EXTRAS = re.compile(r" {2}\[([^\[\]]+)\]$")  # `  [default: 50; required]` after a sentence


class Misused(DossierError):
    """The command line itself is wrong: `word` is what was typed or left out, `why` a catalogue code."""

    code = "misused"
    exit_code = 2

    def __init__(self, word: str, why: str, command: str, suggestions: Sequence[str] = (), span: str = "") -> None:
        super().__init__(word=word, why=why, command=command, suggestions=tuple(suggestions), span=span)


class Commands(TyperGroup):
    """A group of commands: without one it shows its help, and an unknown one is refused with near names."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Nothing typed asks for help, which is no error."""
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Context, args: list[str]) -> Any:  # noqa: ANN401  # Typer's own triple
        """Raises Misused."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise Misused(args[0], "unknown_command", ctx.command_path, closest(args[0], self.commands))
        return super().resolve_command(ctx, args)


def misuse(error: UsageError) -> Misused:
    """What Typer found wrong, as a refusal of ours."""
    command = error.ctx.command_path if error.ctx else "dossier"
    match error:
        case MissingParameter(param=param):
            return Misused(_name(param), "missing", command)
        case NoSuchOption(option_name=name, possibilities=near):
            return Misused(name, "unknown_option", command, sorted(near or ()))
        case BadOptionUsage(option_name=name):
            return Misused(name, "no_value" if "requires" in error.message else "takes_no_value", command)
        case BadParameter(param=param):
            span = _span(param)
            return Misused(_name(param), "out_of_range" if span else "not_a_count", command, span=span)
    _, _, words = error.message.partition(" (")  # `… extra argument(s) (x y)`, or a group with options only
    extra = words.removesuffix(")")
    return Misused(extra, "one_too_many", command) if extra else Misused(command, "no_command", command)


def _name(param: Any) -> str:  # noqa: ANN401  # the class is Typer's own
    return str(param.opts[0] if param.param_type_name == "option" else param.metavar)


def _span(param: Any) -> str:  # noqa: ANN401  # the same
    if param.max is not None:
        return f"{param.min}–{param.max}"
    return "" if param.min is None else f"≥ {param.min}"


def translate(command: Any, words: Catalogue) -> None:  # noqa: ANN401  # the same
    """Put the words of one language into a command or group and its parameters."""
    command.context_class = _context(words)
    command.options_metavar = words.say("usage.options")
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = words.say("usage.command")
    for thing in (command, *command.params):
        thing.help = words.say(f"help.{thing.help}")
    for parameter in command.params:
        if parameter.metavar is not None and words.has(f"metavar.{parameter.metavar}"):
            parameter.metavar = words.say(f"metavar.{parameter.metavar}")
    command.short_help = command.help  # in a list of commands nothing is cut in the middle of its meaning
    command.get_help_option(typer.Context(command)).help = words.say("usage.help")


def _context(words: Catalogue) -> type[typer.Context]:
    """A context whose helps are framed in one language."""

    class Framed(HelpFormatter):
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or f"{words.say('usage.usage')}: ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(words.say(f"usage.heading_{heading.lower()}"))

        def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
            super().write_dl([(_TYPE.sub("", a), _EXTRAS.sub(extras, b)) for a, b in rows], col_max, col_spacing)

    def extras(found: re.Match[str]) -> str:
        told = found[1].replace("default:", f"{words.say('usage.default')}:")
        return f"  [{told.replace('required', words.say('usage.required'))}]"

    class Spoken(typer.Context):
        formatter_class = Framed

    return Spoken
