"""Files that must be whole after a crash, and the right to be the only one who changes one of them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from dossier_engine.errors import FileInUse

_PATIENCE_SECONDS = 10.0  # whoever holds one does so for the time of an fsync
_PAUSE_SECONDS = 0.01

if sys.platform == "win32":
    import msvcrt

    def lock(file: IO[str]) -> None:
        """Take the lock of an open file, which the system gives back however its holder ends. Raises OSError."""
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _sync_folder(folder: Path) -> None:
        """There is no such thing there."""

else:
    import fcntl

    def lock(file: IO[str]) -> None:
        """Take the lock of an open file, which the system gives back however its holder ends. Raises OSError."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _sync_folder(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def held(path: Path, *, patience: float = _PATIENCE_SECONDS) -> Iterator[None]:
    """Be the only one at work on that file, among processes and threads. Raises FileInUse after some seconds.

    The lock is a file beside it: the file itself is another one after each change.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("a", encoding="utf-8") as file:
        end = monotonic() + patience
        while True:
            try:
                lock(file)
                break
            except OSError as error:
                if monotonic() >= end:
                    raise FileInUse(str(path)) from error
                sleep(_PAUSE_SECONDS)
        yield


def put(path: Path, data: bytes) -> None:
    """Make `data` the whole content of the file, for its owner alone; once this returns a power cut cannot undo it.

    A crash leaves the old content or the new one. The caller holds the file.
    """
    draft = path.with_name(f"{path.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)
