"""The texts that are signed about the log: notes, checkpoints and cosignatures, in the formats of C2SP.

signed-note, tlog-checkpoint and tlog-cosignature, with Ed25519 only: type 0x01 for the log, 0x04 for a witness.
Stricter than they must be where strictness is simple: no extension lines, one signature a key, one spelling of every
value. Nothing here signs or checks by itself; who calls brings the two functions, and no library is needed.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

Sign = Callable[[bytes], bytes]  # message -> signature
Check = Callable[[bytes, bytes, bytes], bool]  # public key, message, signature -> whether it fits

LOG = 0x01
WITNESS = 0x04

_LONGEST = 1_000_000
_MOST_SIGNATURES = 100
_TOO_LARGE = 2**63
_EMPTY_ROOT = hashlib.sha256().digest()
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class MalformedNoteError(ValueError):
    """The bytes or values are not a note, a checkpoint, a key or a signature of the formats above."""


class ForgedSignatureError(ValueError):
    """A signature in the name of a known key does not fit: the whole note is refused."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the signature in the name of {name} does not fit")
        self.name = name


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with the name and the type it signs under. As text, the verifier key `name+id+base64`."""

    name: str
    type: int
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.type not in {LOG, WITNESS} or len(self.public) != 32:
            raise MalformedNoteError(f"{self.name}: not an Ed25519 key of type 1 or 4")

    @property
    def id(self) -> bytes:
        """Four bytes that, with the name, say which key made a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.type]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "Key":
        """The key of a verifier key string, whose id must be the key's own."""
        name, key_id, encoded = (*text.split("+", 2), "", "")[:3]
        material = _bytes(encoded)
        key = cls(name, material[0] if material else 0, material[1:])
        if key.id.hex() != key_id:
            raise MalformedNoteError(f"{name}: the id is not that of the key")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: in whose name, by which key id, and what that key's type puts there."""

    name: str
    key_id: bytes
    blob: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.key_id) != 4 or not self.blob:
            raise MalformedNoteError(f"{self.name}: no signature")

    def __str__(self) -> str:
        return f"— {self.name} {_base64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, with the signatures over it."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or _CONTROL.search(self.text):
            raise MalformedNoteError("a text ends in a newline and has no other control character")
        if not 1 <= len(self.signatures) <= _MOST_SIGNATURES:
            raise MalformedNoteError(f"{len(self.signatures)} signatures")
        if len({(signature.name, signature.key_id) for signature in self.signatures}) < len(self.signatures):
            raise MalformedNoteError("two signatures by one key")

    def __bytes__(self) -> bytes:
        return f"{self.text}\n{''.join(map(str, self.signatures))}".encode()

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """The note of these bytes. Raises MalformedNoteError."""
        if len(data) > _LONGEST:
            raise MalformedNoteError(f"{len(data)} bytes")
        try:
            whole = data.decode()
        except UnicodeDecodeError as error:
            raise MalformedNoteError("not UTF-8") from error
        text, _, lines = whole.rpartition("\n\n")
        return cls(text + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines, each ended by a newline: the foot of a note, or what a witness answers."""
    *found, rest = lines.split("\n")
    if rest:
        raise MalformedNoteError("no newline at the end")
    return tuple(map(_signature, found))


def _signature(line: str) -> Signature:
    dash, name, encoded = (*line.split(" ", 2), "", "")[:3]
    if dash != "—":
        raise MalformedNoteError(f"not a signature line: {line[:80]!r}")
    blob = _bytes(encoded)
    return Signature(name, blob[:4], blob[4:])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log states about itself: at this size it has this root."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        _check_name(self.origin)
        if type(self.size) is not int or not 0 <= self.size < _TOO_LARGE or len(self.root) != 32:
            raise MalformedNoteError(
                f"{self.origin}: no tree of size {self.size!r} with a root of {len(self.root)} bytes"
            )
        if self.size == 0 and self.root != _EMPTY_ROOT:
            raise MalformedNoteError(f"{self.origin}: the empty tree has another root")

    def text(self) -> str:
        """The text to sign."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint of a note's text. Raises MalformedNoteError, for extension lines too."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise MalformedNoteError("a checkpoint has three lines: origin, size, root")
        origin, size, root, _ = lines
        if not _NUMBER.fullmatch(size):
            raise MalformedNoteError(f"{size!r} is not the size of a tree")
        return cls(origin, int(size), _bytes(root))


def sign(text: str, key: Key, signer: Sign) -> Signature:
    """The log's signature over the text of a note."""
    return Signature(key.name, key.id, signer(text.encode()))


def cosign(text: str, key: Key, at: int, signer: Sign) -> Signature:
    """A witness's signature: at second `at` since 1970, this was the largest consistent tree it had seen."""
    return Signature(key.name, key.id, at.to_bytes(8, "big") + signer(cosigned_message(text, at)))


def cosigned_message(text: str, at: int) -> bytes:
    """What a witness signs."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def is_signed(note: Note, key: Key, check: Check) -> bool:
    """Whether the log's key signed the note. Raises ForgedSignatureError if it did not but is named."""
    blob = _by(note, key)
    if blob is None:
        return False
    if key.type != LOG or len(blob) != 64 or not check(key.public, note.text.encode(), blob):
        raise ForgedSignatureError(key.name)
    return True


def cosigned_at(note: Note, key: Key, check: Check) -> int | None:
    """When the witness's key signed the note, if it did. Raises ForgedSignatureError if it did not but is named."""
    blob = _by(note, key)
    if blob is None:
        return None
    at = int.from_bytes(blob[:8], "big")
    if key.type != WITNESS or len(blob) != 72 or at >= _TOO_LARGE:
        raise ForgedSignatureError(key.name)
    if not check(key.public, cosigned_message(note.text, at), blob[8:]):
        raise ForgedSignatureError(key.name)
    return at


def _by(note: Note, key: Key) -> bytes | None:
    who = (key.name, key.id)
    return next((found.blob for found in note.signatures if (found.name, found.key_id) == who), None)


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() for c in name) or _CONTROL.search(name):
        raise MalformedNoteError(f"not a name: {name[:80]!r}")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Decodes base64 in its one spelling."""
    try:
        data = base64.b64decode(text)
    except ValueError as error:
        raise MalformedNoteError(f"not base64: {text[:80]!r}") from error
    if _base64(data) != text:
        raise MalformedNoteError(f"not the base64 it should be: {text[:80]!r}")
    return data
