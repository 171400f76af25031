"""What a command line answered, and what a database holds."""

import json
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dossier_engine.cli import run


@dataclass(frozen=True)
class Said:
    """The exit code and both streams of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # whatever the command answers
        """Standard output as a program reads it."""
        return json.loads(self.out)

    @property
    def refusal(self) -> Any:  # the same
        """Standard error as a program reads it."""
        return json.loads(self.err)


Typing = Callable[[str], Said]


def terminal(capsys: pytest.CaptureFixture[str]) -> Typing:
    """Where commands are typed, to be carried out in this process."""

    def typed(line: str) -> Said:
        code = run(shlex.split(line))
        streams = capsys.readouterr()
        return Said(code, streams.out, streams.err)

    return typed


def held(home: Path) -> list[str]:
    """Everything the database in a folder holds."""
    with closing(sqlite3.connect(home / "dossier.db")) as connection:
        return list(connection.iterdump())


def alter(home: Path, *statements: str) -> None:
    """As whoever owns the database file, past the application."""
    with closing(sqlite3.connect(home / "dossier.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)
