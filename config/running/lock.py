"""One `dossier up` a folder: a lock that dies with whoever holds it, with a note of where its broker is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dossier_engine.errors import AlreadyRunning
from dossier_engine.notary import files

_NAME = "supervisor.lock"


@contextmanager
def held(home: Path) -> Iterator[IO[str]]:
    """Hold the folder's lock, on an empty file to note something in. Raises AlreadyRunning.

    The system gives the lock back however the holder ends; the file stays, and what it says counts for nothing.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / _NAME).open("a+", encoding="utf-8") as file:
        try:
            files.lock(file)
        except OSError as error:
            raise AlreadyRunning(str(home)) from error
        file.truncate(0)
        try:
            yield file
        finally:
            file.truncate(0)


def noted(home: Path) -> str | None:
    """What the present holder noted, or the last one if it was killed."""
    try:
        return (home / _NAME).read_text("utf-8") or None
    except OSError:
        return None
