"""The commands of a tree by the words one types for them."""

from collections.abc import Iterator
from typing import Any


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # Typer's own classes
    """Every command that is no group, by its path."""
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(path), command
        return
    for name, inner in below.items():
        yield from leaves(inner, (*path, name))


def groups(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # the same
    """The whole tree and every group in it, by its path."""
    if hasattr(command, "commands"):
        yield " ".join(path), command
        for name, inner in command.commands.items():
            yield from groups(inner, (*path, name))
