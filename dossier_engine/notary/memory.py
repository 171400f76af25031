"""What a signer or a witness signed last of each log, in a file that is whole or refused.

A lost memory is not an empty one: whoever forgets what it signed can be made to sign something else. So an empty file
is made once, together with the key, and one that is missing later is as bad as a damaged one.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dossier_engine.errors import AlreadyThere, MemoryDamaged
from dossier_engine.notary import files
from dossier_engine.rules.note import Checkpoint, MalformedNoteError

_FIRST = "dossier memory v1"
_SUM = "sha256 "


@dataclass(slots=True)
class Memory:
    """The last checkpoint of each log by its origin. Changed only by whoever holds the file."""

    path: Path
    checkpoints: dict[str, Checkpoint]

    @property
    def last(self) -> Checkpoint | None:
        """The one checkpoint of a signer, who signs one log. Raises MemoryDamaged where there are several."""
        if len(self.checkpoints) > 1:
            raise MemoryDamaged(str(self.path), "several_logs")
        return next(iter(self.checkpoints.values()), None)

    def remember(self, checkpoint: Checkpoint, *, instead_of: str | None = None) -> None:
        """Remember this of its log, and nothing more of the log `instead_of`; on the disk when this returns."""
        if self.checkpoints.get(checkpoint.origin) == checkpoint:
            return
        kept = {origin: known for origin, known in self.checkpoints.items() if origin != instead_of}
        self.checkpoints = {**kept, checkpoint.origin: checkpoint}
        files.put(self.path, _written(self.checkpoints))


def begin(path: Path) -> None:
    """Make the memory of somebody who has not signed anything yet. Raises AlreadyThere."""
    with files.held(path):
        if path.exists():
            raise AlreadyThere("signing_memory", str(path))
        files.put(path, _written({}))


@contextmanager
def held(path: Path) -> Iterator[Memory]:
    """The memory, for whoever is going to sign: nobody else does meanwhile. Raises FileInUse, MemoryDamaged."""
    with files.held(path):
        yield read(path)


def read(path: Path) -> Memory:
    """The memory as it is. Raises MemoryDamaged when it is missing or is not what was written."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MemoryDamaged(str(path), "memory_missing") from error
    try:
        first, *lines, _, rest = data.decode().split("\n")
        known = [Checkpoint.parse(line.replace(" ", "\n") + "\n") for line in lines]
    except (ValueError, MalformedNoteError) as error:
        raise MemoryDamaged(str(path), "memory_differs") from error
    checkpoints = {one.origin: one for one in known}
    if first != _FIRST or rest or data != _written(checkpoints):
        raise MemoryDamaged(str(path), "memory_differs")
    return Memory(path, checkpoints)


def _written(checkpoints: dict[str, Checkpoint]) -> bytes:
    lines = [checkpoints[origin].text().strip().replace("\n", " ") for origin in sorted(checkpoints)]
    text = "".join(f"{line}\n" for line in (_FIRST, *lines))
    return f"{text}{_SUM}{hashlib.sha256(text.encode()).hexdigest()}\n".encode()
