"""The folder that keeps evidence files, each under its SHA-256: `ab/cd/abcd…`, for the owner of the process alone.

A file arrives under a name of its own beside the others, and is renamed only once it is whole, judged and on the disk:
what a crash leaves is never under a SHA-256. Nothing that is kept is ever written again.
"""

import errno
import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dossier_engine.errors import BadInput, FileDamaged, FileMissing, FilesUnavailable, FileTooLarge
from dossier_engine.files.inspect import inspect

ARRIVING = ".arriving-"

_STEP = 2**20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

if sys.platform == "win32":

    def _sync(folder: Path) -> None:
        """There is no such thing there."""

else:

    def _sync(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(frozen=True, slots=True)
class Received:
    """A whole file that was judged; it is kept once `keep` was called, and gone if it never is."""

    sha256: str
    size: int
    media_type: str
    _draft: Path
    _folder: Path

    def keep(self) -> None:
        """Give it its place, for good: once this returns a power cut cannot undo it.

        One that is there already stays; FileDamaged is raised where that is not the same any more, FilesUnavailable
        where the folder cannot be written.
        """
        place = _place(self._folder, self.sha256)
        with _translated(self._folder):
            if place.exists():
                with place.open("rb") as there:
                    _check(there, self.sha256)
                return
            _make(place.parent, self._folder)
            self._draft.replace(place)
            _sync(place.parent)


@contextmanager
def received(folder: Path, chunks: Iterable[bytes], *, limit: int) -> Iterator[Received]:
    """Take in a file of at most `limit` bytes and judge it, without keeping it yet.

    Raises FileTooLarge as soon as it is, FileRefused, FilesUnavailable.
    """
    with _translated(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=ARRIVING, dir=folder)  # 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            sha256, size = _take(file, chunks, limit, folder)
            media_type = inspect(file)
        yield Received(sha256, size, media_type, draft, folder)
    finally:
        draft.unlink(missing_ok=True)


def opened(folder: Path, sha256: str) -> BinaryIO:
    """The kept file, open for reading, after its whole content was compared with its SHA-256.

    Raises BadInput for what is no SHA-256, FileMissing, FileDamaged, FilesUnavailable.
    """
    if _SHA256.fullmatch(sha256) is None:
        raise BadInput("sha256", sha256, "not_sha256")
    with _translated(folder):
        try:
            file = _place(folder, sha256).open("rb")
        except FileNotFoundError as error:
            raise FileMissing(sha256, "file_gone") from error
        try:
            _check(file, sha256)
        except BaseException:
            file.close()
            raise
        return file


def _place(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:4] / sha256


def _take(file: BinaryIO, chunks: Iterable[bytes], limit: int, folder: Path) -> tuple[str, int]:
    """Write the file to the disk; what gives the chunks may fail with errors of its own."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(limit)
        digest.update(chunk)
        with _translated(folder):
            file.write(chunk)
    with _translated(folder):
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _make(folder: Path, root: Path) -> None:
    """Make what is missing of the way to `folder`, whose names reach the disk too."""
    if folder.is_dir():
        return
    if folder != root:
        _make(folder.parent, root)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _check(file: BinaryIO, sha256: str) -> None:
    digest = hashlib.sha256()
    while chunk := file.read(_STEP):
        digest.update(chunk)
    actual = digest.hexdigest()
    if actual != sha256:
        raise FileDamaged(sha256, actual)
    file.seek(0)


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = "disk_full" if error.errno in _FULL else "folder_closed"
        raise FilesUnavailable(str(folder), why) from error
