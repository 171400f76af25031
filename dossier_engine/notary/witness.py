"""A witness: it cosigns that a log grew from what it cosigned before, and so never two logs of one name.

C2SP tlog-witness. Run by somebody who gains nothing from another history: whoever would rewrite one has to have every
witness with him.
"""

from dataclasses import dataclass
from pathlib import Path

from dossier_engine.errors import WitnessRefuses
from dossier_engine.notary import memory
from dossier_engine.notary.keys import SigningKey, check
from dossier_engine.notary.request import Request
from dossier_engine.rules.merkle import verify_consistency
from dossier_engine.rules.note import Checkpoint, ForgedSignatureError, Key, cosign, is_signed


@dataclass(frozen=True, slots=True)
class Witness:
    """Who cosigns which logs, and the file that remembers them all."""

    key: SigningKey
    logs: tuple[Key, ...]
    state: Path

    def answer(self, request: bytes, *, now: int) -> str:
        """The cosignature line, at second `now` since 1970, once the checkpoint is remembered on the disk.

        Raises WitnessRefuses, MemoryDamaged, FileInUse.
        """
        asked = Request.parse(request)
        self._check_signed(asked)
        with memory.held(self.state) as known:
            _check_grown(asked, known.checkpoints.get(asked.checkpoint.origin))
            known.remember(asked.checkpoint)
        return str(cosign(asked.note.text, self.key.public, now, self.key.sign))

    def _check_signed(self, asked: Request) -> None:
        trusted = [key for key in self.logs if key.name == asked.checkpoint.origin]
        if not trusted:
            raise WitnessRefuses("log_unknown")
        try:
            signed = [is_signed(asked.note, key, check) for key in trusted]  # all: a forged one spoils the note
        except ForgedSignatureError as error:
            raise WitnessRefuses("log_has_not_signed") from error
        if not any(signed):
            raise WitnessRefuses("log_has_not_signed")


def _check_grown(asked: Request, known: Checkpoint | None) -> None:
    size = known.size if known is not None else 0
    if asked.old != size:
        raise WitnessRefuses("another_size", size)
    if known is None or size == 0:
        grown = not asked.proof  # every log begins with nothing, and nothing is to be proven of it
    else:
        checkpoint = asked.checkpoint
        if checkpoint.size == size and checkpoint.root != known.root:
            raise WitnessRefuses("another_root", size)
        grown = verify_consistency(size, known.root, checkpoint.size, checkpoint.root, asked.proof)
    if not grown:
        raise WitnessRefuses("not_proven")
