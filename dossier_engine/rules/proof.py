"""A proof that one entry stands in the log, in one text that stands by itself: C2SP tlog-proof, version 1.

Whoever got a receipt, which names the entry's leaf hash, asks for this text afterwards and can check it for ever, with
nothing but the policy of those who trust the log and its witnesses.
"""

import base64
import re
from dataclasses import dataclass

from dossier_engine.rules.merkle import verify_inclusion
from dossier_engine.rules.note import Check, MalformedNoteError, Note
from dossier_engine.rules.policy import Policy, PolicyNotMetError, Verified, satisfied

_FIRST = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_LONGEST = 1_000_000
_HASH = 32


class MalformedProofError(ValueError):
    """The bytes are not a proof of this form."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the entry stands, the hashes from its neighbour up to the root, and the signed checkpoint."""

    index: int
    path: tuple[bytes, ...]
    note: Note

    def __bytes__(self) -> bytes:
        hashes = "".join(f"{base64.b64encode(found).decode()}\n" for found in self.path)
        return f"{_FIRST}\nindex {self.index}\n{hashes}\n".encode() + bytes(self.note)

    @classmethod
    def parse(cls, data: bytes) -> "Proof":
        """The proof of these bytes, which hold nothing extra. Raises MalformedProofError."""
        if len(data) > _LONGEST:
            raise MalformedProofError(f"{len(data)} bytes")
        head, _, signed = data.partition(b"\n\n")
        try:
            first, index, *hashes = head.decode("ascii").split("\n")
            found = _INDEX.fullmatch(index)
            proof = cls(int(found[1]) if found else -1, tuple(map(_hash, hashes)), Note.parse(signed))
        except (MalformedNoteError, ValueError) as error:
            raise MalformedProofError(str(error)) from error
        if first != _FIRST or proof.index < 0 or bytes(proof) != data:
            raise MalformedProofError("not the one form of a proof")
        return proof


def _hash(line: str) -> bytes:
    data = base64.b64decode(line, validate=True)
    if len(data) != _HASH:
        raise ValueError(f"not a hash: {line[:80]}")
    return data


def verify(proof: Proof, leaf: bytes, policy: Policy, check: Check) -> Verified:
    """The checkpoint, and who saw it when, if the entry with this leaf hash stands in the log that it is of.

    Raises PolicyNotMetError, which also says that the path does not lead to the root, ForgedSignatureError and
    MalformedNoteError.
    """
    verified = satisfied(proof.note, policy, check)
    tree = verified.checkpoint
    if not verify_inclusion(leaf, proof.index, tree.size, proof.path, tree.root):
        raise PolicyNotMetError("the entry is not proven to stand in the log", leaf.hex())
    return verified
