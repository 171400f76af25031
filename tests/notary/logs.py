"""Logs in memory to sign and to witness: each size of them, and the proofs between sizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dossier_engine.notary import keys, memory
from dossier_engine.notary.keys import SigningKey
from dossier_engine.notary.request import Request
from dossier_engine.notary.witness import Witness
from dossier_engine.rules.merkle import Frontier, consistency_proof, root
from dossier_engine.rules.note import LOG, WITNESS, Checkpoint, Note, sign

ORIGIN = "dossier-log/abcd/1"
SEED, OTHER_SEED = b"\x01" * 32, b"\x02" * 32


@dataclass
class Log:
    """A log of some leaves, whose name is `origin`."""

    leaves: list[bytes]
    origin: str = ORIGIN

    def at(self, size: int) -> Checkpoint:
        """What it was at that size."""
        return Checkpoint(self.origin, size, root(self.leaves[:size]))

    def prove(self, old: int, size: int) -> Sequence[bytes]:
        """That it grew from one size to the other."""
        frontier = Frontier()
        nodes = {(level, idx): h for leaf in self.leaves[:size] for level, idx, h in frontier.append(leaf)}
        return consistency_proof(old, size, nodes)

    def forked(self, at: int) -> "Log":
        """Another log of the same name, which tells it otherwise from that leaf on."""
        return Log([*self.leaves[:at], *(sha256(leaf).digest() for leaf in self.leaves[at:])], self.origin)

    def note(self, size: int, key: SigningKey) -> Note:
        """What it was at that size, signed, whatever was signed before."""
        text = self.at(size).text()
        return Note(text, (sign(text, key.public, key.sign),))

    def request(self, old: int, size: int, key: SigningKey) -> bytes:
        """What a witness is asked with."""
        proof = self.prove(old, size) if 0 < old < size else ()
        return bytes(Request.of(old, proof, self.note(size, key)))


def a_log(size: int = 40, origin: str = ORIGIN) -> Log:
    return Log([sha256(f"{origin} {n}".encode()).digest() for n in range(size)], origin)


def a_key(folder: Path, name: str = ORIGIN, seed: bytes = SEED) -> SigningKey:
    """The log's key, from a file."""
    return keys.make(folder / f"{name.replace('/', '-')}.key", name, LOG, seed)


def a_witness(folder: Path, *logs: SigningKey, name: str = "inspectorate") -> Witness:
    """A witness of these logs that has not signed anything yet."""
    made = keys.make(folder / f"{name}.key", name, WITNESS, sha256(name.encode()).digest())
    memory.begin(folder / f"{name}.state")
    return Witness(made, tuple(log.public for log in logs), folder / f"{name}.state")
