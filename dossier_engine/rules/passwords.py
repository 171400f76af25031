"""What a password must be: long, not one that is tried first, and not made of what everybody knows of its owner.

How it is composed is nobody's business: no rule asks for capitals, digits or signs. It is compared as an attacker's
program would write it: small letters without accents, digits read as the letters they stand for, and what is only
hung on at the ends (a year, an exclamation mark) left out.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise

from dossier_engine.errors import BadInput
from dossier_engine.rules.names import fold

SHORTEST, LONGEST = 12, 128

_PERSONAL_LETTERS = 4  # shorter names are in many words
_LEET = str.maketrans("013457@$!", "oieastasi")
_NOT_WORD = re.compile(r"[\W_]+")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_ROWS = tuple(
    row + row  # what follows the end is the beginning: 90123
    for row in (
        "1234567890",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "abcdefghijklmnopqrstuvwxyz",
        "qazwsxedcrfvtgbyhnujm",
    )
)
_WALKED = {a + b for row in _ROWS for way in (row, row[::-1]) for a, b in pairwise(way)}
_STEPS_OF_WALK = 4  # keys at a time, on average, before a finger is lifted


def normal(password: str) -> str:
    """The password as it is hashed: keyboards compose Vietnamese letters in different ways."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, personal: Iterable[str]) -> str:
    """The password in its normal form. `personal` are names of the owner and of where they work.

    Raises BadInput, which never repeats the password.
    """
    chosen = normal(password)
    if not _is_text(chosen):
        raise BadInput("password", "", "not_text")
    if len(chosen) < SHORTEST:
        raise BadInput("password", "", "password_short")
    if len(chosen) > LONGEST:
        raise BadInput("password", "", "password_long")
    forms = _forms(chosen)
    known = {word for word in map(_letters, personal) if len(word) >= _PERSONAL_LETTERS}
    if any(word in form for word in known for form in forms):
        raise BadInput("password", "", "password_personal")
    if _repeats(fold(chosen)):
        raise BadInput("password", "", "password_repeats")
    if _is_walk(_letters(chosen)) or any(map(_is_common, forms)):
        raise BadInput("password", "", "password_common")
    return chosen


def _is_text(password: str) -> bool:
    return not any(unicodedata.category(c) in {"Cc", "Cs"} for c in password)


def _letters(text: str) -> str:
    """Letters and digits alone, as they are searched."""
    return _NOT_WORD.sub("", fold(text))


def _forms(password: str) -> set[str]:
    """What the password may have been made from."""
    folded = fold(password)
    bare = _ENDS.sub("", folded)
    made = (folded, bare, bare.translate(_LEET), folded.translate(_LEET))
    return {letters for letters in map(_letters, made) if letters}


def _is_common(letters: str) -> bool:
    """Whether it is nothing but common passwords, one after the other."""
    common, longest = _common()
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(start in reached and letters[start:end] in common for start in range(max(0, end - longest), end)):
            reached.add(end)
    return len(letters) in reached


def _is_walk(letters: str) -> bool:
    """Whether it is typed by running along the keyboard or the alphabet."""
    lifted = sum(a + b not in _WALKED for a, b in pairwise(letters))
    return (lifted + 1) * _STEPS_OF_WALK <= len(letters)


def _repeats(text: str) -> bool:
    """Whether it is one piece, at most half as long, again and again."""
    return any(text == (text[:n] * len(text))[: len(text)] for n in range(1, len(text) // 2 + 1))


@cache
def _common() -> tuple[frozenset[str], int]:
    """The packaged list, and the length of its longest word."""
    lines = files(__package__).joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    words = frozenset(word for line in lines if not line.startswith("#") for word in line.split())
    return words, max(map(len, words))
