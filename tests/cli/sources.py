"""The codes that the sources hand to the catalogues, found by reading the sources."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def trees() -> tuple[ast.Module, ...]:
    """Every module of the engine, its definitions and its configuration; the verifier has words of its own."""
    files = [f for package in ("dossier_engine", "workflows", "config") for f in (ROOT / package).rglob("*.py")]
    return tuple(ast.parse(f.read_text("utf-8")) for f in files if "verifier" not in f.parts)


def calls(name: str) -> Iterator[ast.Call]:
    """Every call of a function, method or class of that name."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)) == name:
                    yield node


def constants(name: str, position: int, *keywords: str) -> set[str]:
    """The texts given to `name` at that position or under one of the keywords, both ways of a conditional included."""
    found: set[str] = set()
    for call in calls(name):
        given = [*call.args[position : position + 1], *(k.value for k in call.keywords if k.arg in keywords)]
        found |= {text for value in given for text in _texts(value)}
    return found


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)


@cache
def texts() -> frozenset[str]:
    """Every constant text of the sources."""
    return frozenset(
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def patterns(name: str) -> set[str]:
    """The beginning of each f-string first given to `name`: `kind.` of `say(f"kind.{key}")`."""
    found = set()
    for call in calls(name):
        first = call.args[0] if call.args else None
        if isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
            found.add(str(first.values[0].value))
    return found
