"""Private keys in files of their own, and Ed25519 through `cryptography`."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dossier_engine.errors import AlreadyThere, BadInput
from dossier_engine.notary.files import held, put
from dossier_engine.rules.note import Key, MalformedNoteError

SEED = 32
_LONGEST = 1_000
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key, with the public one that others know it by. It never shows what must stay secret."""

    public: Key
    _private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"SigningKey({self.public})"

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`."""
        return self._private.sign(message)


def make(path: Path, name: str, kind: int, seed: bytes) -> SigningKey:
    """Make a key from `seed`, 32 bytes that nobody can guess, and keep it in that file.

    Raises AlreadyThere when there is such a file, MalformedNoteError for what is no name.
    """
    key = _key(name, kind, seed)
    with held(path):
        if path.exists():  # whoever loses a key loses the log with it
            raise AlreadyThere("signing_key", str(path))
        put(path, f"{_PRIVATE}{name}+{key.public.id.hex()}+{_base64(bytes([kind]) + seed)}\n".encode())
    return key


def read(path: Path, kind: int) -> SigningKey:
    """The key in that file, as `make` and C2SP's signer keys are written. Raises BadInput.

    A file that others may read is refused: what lies in it may be known to them already.
    """
    try:
        with path.open("rb") as file:
            mode, data = os.fstat(file.fileno()).st_mode, file.read(_LONGEST)
    except OSError as error:
        raise BadInput("--key", str(path), "cannot_read") from error
    if os.name == "posix" and mode & 0o077:
        raise BadInput("--key", str(path), "key_open_to_others")
    try:
        text = data.decode("ascii").removesuffix("\n")
        name, key_id, material = text.removeprefix(_PRIVATE).split("+", 2)
        decoded = base64.b64decode(material, validate=True)
        key = _key(name, decoded[0], decoded[1:])
    except (ValueError, IndexError) as error:  # MalformedNoteError is a ValueError too
        raise BadInput("--key", str(path), "not_a_signing_key") from error
    if not text.startswith(_PRIVATE) or key.public.id.hex() != key_id or key.public.type != kind:
        raise BadInput("--key", str(path), "not_a_signing_key")
    return key


def check(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over `message` is by the private key to `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(name: str, kind: int, seed: bytes) -> SigningKey:
    if len(seed) != SEED:
        raise MalformedNoteError(f"{name}: a seed of {len(seed)} bytes")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return SigningKey(Key(name, kind, private.public_key().public_bytes_raw()), private)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
