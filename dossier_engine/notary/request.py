"""What a witness is asked with: C2SP tlog-witness, `add-checkpoint`; over HTTP or carried on a stick."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dossier_engine.errors import WitnessRefuses
from dossier_engine.rules.note import Checkpoint, MalformedNoteError, Note

LONGEST = 64 * 1024
_MOST_PROOF = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Request:
    """A signed checkpoint, and the proof that it continues the tree of size `old`."""

    old: int
    proof: Sequence[bytes]
    note: Note
    checkpoint: Checkpoint

    @classmethod
    def of(cls, old: int, proof: Sequence[bytes], note: Note) -> "Request":
        """The request to cosign `note`."""
        return cls(old, proof, note, Checkpoint.parse(note.text))

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old}", *(base64.b64encode(found).decode() for found in self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + bytes(self.note)

    @classmethod
    def parse(cls, data: bytes) -> "Request":
        """The request of these bytes, in its one spelling. Raises WitnessRefuses."""
        head, _, note = data.partition(b"\n\n")
        try:
            old, *lines = head.decode("ascii").split("\n")
            found = _OLD.fullmatch(old)
            proof = [base64.b64decode(line, validate=True) for line in lines]
            request = cls.of(int(found[1]) if found else -1, proof, Note.parse(note))
        except (ValueError, MalformedNoteError) as error:
            raise WitnessRefuses("request_malformed") from error
        sound = len(data) <= LONGEST and len(proof) <= _MOST_PROOF and all(len(one) == 32 for one in proof)
        if not sound or not 0 <= request.old <= request.checkpoint.size or bytes(request) != data:
            raise WitnessRefuses("request_malformed")
        return request
