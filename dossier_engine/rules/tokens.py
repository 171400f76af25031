"""Secrets that are handed out once, and the tokens of programs: `dsr_<id>_<secret>`.

A secret is 32 random bytes in base64url; what is kept of it is the SHA-256 of these letters, which one look-up finds
and from which nobody gets back. (Passwords are another matter: they can be guessed, so they are hashed slowly.)
"""

import base64
import hashlib
import random
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from dossier_engine.errors import BadInput

READ, WRITE, AUDIT = "read", "write", "audit"
SCOPES = (READ, WRITE, AUDIT)
LONGEST_DAYS = 90

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LETTERS = 16
_TOKEN = re.compile(rf"dsr_([{_LETTERS}]{{{_ID_LETTERS}}})_([A-Za-z0-9_-]{{43}})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token's public id and its secret."""

    id: str
    secret: str

    @property
    def text(self) -> str:
        """As a program shows it."""
        return f"dsr_{self.id}_{self.secret}"


def new_id(rng: random.Random) -> str:
    """A random id that may be shown."""
    return "".join(rng.choices(_LETTERS, k=_ID_LETTERS))


def new_secret(rng: random.Random) -> str:
    """32 random bytes as text."""
    return base64.urlsafe_b64encode(rng.randbytes(32)).rstrip(b"=").decode()


def hash_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def new_token(rng: random.Random) -> Token:
    """A token nobody has yet."""
    return Token(new_id(rng), new_secret(rng))


def parse_token(text: str) -> Token | None:
    """The token that `text` is, letter for letter; None for anything else."""
    found = _TOKEN.fullmatch(text)
    return Token(found[1], found[2]) if found else None


def scopes_of(roles: Collection[str]) -> frozenset[str]:
    """What somebody with these roles may let a program do: auditors look at everything and change nothing."""
    return frozenset((READ, AUDIT) if "auditor" in roles else (READ, WRITE))


def check_scopes(asked: Collection[str], roles: Collection[str]) -> frozenset[str]:
    """The scopes asked for. Raises BadInput for none, an unknown one, and one that these roles do not have."""
    if not asked:
        raise BadInput("scopes", "", "missing")
    for scope in sorted(asked):
        if scope not in SCOPES:
            raise BadInput("scopes", scope, "unknown_scope")
        if scope not in scopes_of(roles):
            raise BadInput("scopes", scope, "scope_of_auditors" if scope == AUDIT else "auditors_only_read")
    return frozenset(asked)


def lifetime(days: int) -> timedelta:
    """How long a token is valid. Raises BadInput for less than a day and more than LONGEST_DAYS."""
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput("days", str(days), "token_too_long")
    return timedelta(days=days)
