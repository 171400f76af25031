"""Evidence files on their way in and out: the folder and the register of what it holds, put together.

A file is given its place before the transaction that registers it is committed. A crash between the two leaves a file
that nobody can ask for, never a register that promises what is not there.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session

from config.wiring import Engine
from dossier_engine.commands.keep_file import Kept, keep_file
from dossier_engine.files import store


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was judged and may be kept; it is gone at the end of `received` if it was not."""

    file: Kept
    _received: store.Received

    def keep(self, session: Session, dossier: str, person: str, *, now: datetime) -> Kept:
        """Keep it for the dossier of that code, in the caller's transaction.

        Raises FileDamaged, FilesUnavailable and what `keep_file` raises.
        """
        self._received.keep()
        return keep_file(session, dossier, self.file, person, now=now)


@contextmanager
def received(engine: Engine, chunks: Iterable[bytes], name: str) -> Iterator[Arrived]:
    """Take in a file without keeping it yet. Raises FileTooLarge, FileRefused and FilesUnavailable."""
    settings = engine.settings
    with store.received(settings.files, chunks, limit=settings.file_limit) as file:
        yield Arrived(Kept(file.sha256, file.size, file.media_type, name), file)


def opened(engine: Engine, sha256: str) -> BinaryIO:
    """A kept file, open and compared with its SHA-256; who may see it was decided by `queries.documents.file_of`.

    Raises BadInput, FileMissing, FileDamaged and FilesUnavailable.
    """
    return store.opened(engine.settings.files, sha256)


def is_fit(folder: Path) -> bool:
    """Whether files can be put there, or will be when it is made, and none but its owner and group may look into it."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return False
    if there != folder or sys.platform == "win32":  # where the mode says nothing of others
        return True
    return not there.stat().st_mode & stat.S_IRWXO
