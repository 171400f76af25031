"""The command line `dossier`: parse, call one command or query, show the answer or the refusal."""

import io
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its documented exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 to 9 as `dossier_engine.errors` says, 130 when interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # Vietnamese dies on the code pages of Windows, the Vietnamese one included, unless UTF-8 is forced.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    from dossier_engine.cli.app import execute  # after the streams can speak

    return execute(list(arguments), _language(arguments))


def _language(arguments: Sequence[str]) -> str | None:
    """The language asked for on the command line, read before the commands so that help is translated too."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
    return None
