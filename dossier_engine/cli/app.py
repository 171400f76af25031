"""The tree of commands in one language, and what a refusal looks like on a terminal."""

import importlib
import json
import sys
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer
from typer._click.exceptions import UsageError
from typer.core import TyperGroup

from config.settings import read
from dossier_engine.catalogue import LANGUAGES, Catalogue, catalogue
from dossier_engine.cli.call import Call
from dossier_engine.cli.options import shared
from dossier_engine.cli.usage import Commands, misuse, translate
from dossier_engine.errors import BadInput, DossierError

if TYPE_CHECKING:
    from dossier_engine.rules.law import Law

# Each module adds its commands to the tree when it is imported; none imports the database layer before it runs.
_MODULES = (
    "dossiers", "recording", "documents", "looking", "reminders", "definitions", "people", "access", "imports",
    "deliveries",
    "webhooks", "templates", "audit", "notary", "installation", "running", "demonstration",
)  # fmt: skip
_INTERRUPTED = 130

app = typer.Typer(
    cls=Commands, help="dossier", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


def group(name: str) -> typer.Typer:
    """A group of commands below `dossier`; its help stands under its name in the catalogues."""
    made = typer.Typer(cls=Commands, help=name, rich_markup_mode=None)
    app.add_typer(made, name=name)
    return made


def execute(arguments: list[str], language: str | None) -> int:
    """Run one command line and return its exit code. `language` overrides the environment's."""
    call = Call(None, catalogue(language if language in LANGUAGES else LANGUAGES[0], terminal=True))
    try:
        call = _call(language)
        _check_text(arguments)
        left = tree(call.words).main(args=arguments, prog_name="dossier", standalone_mode=False, obj=call)
    except UsageError as error:
        return _refuse(misuse(error), call, arguments)
    except DossierError as refusal:
        return _refuse(refusal, call, arguments)
    except KeyboardInterrupt:
        left = _INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the last line of defence: a clear word before the traceback
        if "--json" not in arguments:
            traceback.print_exception(error, file=sys.stderr)
        return _refuse(DossierError(what=f"{type(error).__name__}: {error}"), call, arguments)
    finally:
        call.close()
    if left == _INTERRUPTED:  # Typer answers an interrupt inside a command with this number
        call.tell("error.interrupted")
    return int(left or 0)


def _call(language: str | None) -> Call:
    """What a command is run with. Raises BadInput for a language there is not, or a setting."""
    if language not in (None, *LANGUAGES):
        raise BadInput("--lang", str(language), "unknown_language")
    settings = read()
    return Call(settings, catalogue(language or settings.language, terminal=True))


def _check_text(arguments: list[str]) -> None:
    """Raises BadInput for bytes that are not UTF-8, which Python hands on as halves of characters."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise BadInput("typed", argument.encode(errors="replace").decode(), "not_text") from error


def tree(words: Catalogue) -> TyperGroup:
    """The whole command tree with its help in one language."""
    for module in _MODULES:
        importlib.import_module(f"dossier_engine.cli.{module}")
    root = typer.main.get_command(app)
    if not isinstance(root, TyperGroup):
        raise TypeError(root)
    for command in _all(root):
        command.params += shared(command)
        translate(command, words)
    return root


def _all(command: Any) -> Iterator[Any]:  # noqa: ANN401  # the command classes are Typer's own
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _all(below)


def _refuse(refusal: DossierError, call: Call, arguments: list[str]) -> int:
    from dossier_engine.shown.refusals import in_words  # only a refusal needs it

    lines = in_words(refusal, call.words, _law(refusal, call))
    if "--json" in arguments:
        told = {"code": refusal.code, "exit_code": refusal.exit_code, "message": lines, "facts": refusal.facts}
        print(json.dumps(told, ensure_ascii=False, default=str), file=sys.stderr)
    else:
        print("\n".join(lines), file=sys.stderr)
    return refusal.exit_code


def _law(refusal: DossierError, call: Call) -> "Law | None":
    """What the definitions call things; they are looked up for refusals that name some of it."""
    if call.settings is None or not {"transition", "key"} & refusal.facts.keys():
        return None
    with call.engine.looking() as (_, law):
        return law
