"""Options that many commands share: those of every command, and those of commands that change something.

They are declared once, as the parameters of functions that are never run, and put into every command's help and
parsing by the tree; what was given is found in `Call.asked` under the option's name.
"""

from collections.abc import Callable
from copy import copy
from functools import cache
from typing import Annotated, Any

import typer
from typer._click.core import Context, Parameter
from typer.core import TyperGroup


def _lang(lang: Annotated[str | None, typer.Option("--lang", metavar="vi|en", help="option.lang")] = None) -> None: ...


def _json(json: Annotated[bool, typer.Option("--json", help="option.json")] = False) -> None: ...


def _changing(
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.as")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="option.reason")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="option.on")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="TEXT", help="option.key")] = None,
    expect: Annotated[int | None, typer.Option("--expect", min=1, metavar="N", help="option.expect")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="option.dry_run")] = False,
) -> None: ...


def shared(command: Any) -> list[Any]:  # noqa: ANN401  # the command classes are Typer's own
    """Fresh parameters for one command or group, to stand after its own."""
    if isinstance(command, TyperGroup):
        return _fresh(_lang)
    taken = getattr(command.callback, "changes", ())
    return [*(p for p in _fresh(_changing) if p.opts[0] in taken), *_fresh(_json), *_fresh(_lang)]


def _fresh(declared: Callable[..., None]) -> list[Any]:
    return [copy(parameter) for parameter in _parameters(declared)]


@cache
def _parameters(declared: Callable[..., None]) -> list[Any]:
    holder = typer.Typer(add_completion=False)
    holder.command()(declared)
    parameters = typer.main.get_command(holder).params
    for parameter in parameters:
        parameter.name = f"shared_{parameter.name}"  # a command may call one of its own parameters the same
        parameter.expose_value = False
        parameter.callback = _keep
    return parameters


def _keep(context: Context, parameter: Parameter, value: object) -> object:
    if value is not None and context.obj is not None:
        context.obj.asked[parameter.opts[0]] = value
    return value
