"""Mail into a folder, a file each: for demonstrations, and wherever another program takes it from there.

A mail that is sent again overwrites itself: its file is named by what names the mail.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dossier_engine.channels.message import message
from dossier_engine.commands.deliver import Letter, Parcel, Verdict
from dossier_engine.errors import ChannelDown


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes `.eml` files as `sender`."""

    path: Path
    sender: str

    @property
    def name(self) -> str:
        """Where it leads."""
        return str(self.path)

    @contextmanager
    def opened(self) -> Iterator[Callable[[Parcel], Verdict]]:
        """The folder, made if need be. Raises ChannelDown where it cannot be."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ChannelDown("mail", str(self.path), "cannot_write") from error
        yield self._put

    def _put(self, parcel: Parcel) -> Verdict:
        assert isinstance(parcel, Letter)  # noqa: S101  # nothing else is claimed for mail
        file = self.path / f"{parcel.at:%Y%m%d}-{parcel.seal}.eml"
        unfinished = file.with_suffix(".part")
        try:
            unfinished.write_bytes(message(parcel, self.sender))
            os.replace(unfinished, file)  # noqa: PTH105  # the one call that swaps whole files
        except OSError as error:
            return Verdict("again", f"{type(error).__name__}: {error.strerror}")
        except (ValueError, UnicodeError) as error:
            return Verdict("refused", f"{type(error).__name__}: {error}")
        return Verdict("sent")
