"""Vietnamese names: found however they are typed, and sorted as Vietnamese dictionaries sort them.

Databases disagree here (SQLite does not fold "đ", no PostgreSQL collation both equates "Hải Dương" with "hai duong" and
allows LIKE), so both keys are computed in Python and stored beside the name.
"""

import difflib
import unicodedata
from collections.abc import Iterable
from itertools import chain

# The Vietnamese alphabet with f, j, w, z at their places in foreign names. The quality marks of ă â ê ô ơ ư belong to
# the letter; the tones do not.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Symbols that every collation puts in the same order, lower than which the marks "0" (end of the letters), "1" (space)
# and "2" (any other character) stay free.
_SYMBOLS = "3456789abcdefghijklmnopqrstuvwxyz"
_PRIMARY = {" ": "1"} | dict(zip(_ALPHABET, _SYMBOLS, strict=True))

_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_QUALITY = (_BREVE, _CIRCUMFLEX, _HORN)
_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT_BELOW = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_LEVEL_TONE = "1"
_TONES = {_GRAVE: "2", _HOOK: "3", _TILDE: "4", _ACUTE: "5", _DOT_BELOW: "6"}
_FOREIGN_MARK = "7"


def fold(text: str) -> str:
    """What search compares: small letters without any mark, "d" for "đ", single spaces.

    The same for NFC and NFD, capitals, and either place of a tone ("Ứng Hòe", "Ứng Hoè").
    """
    bare = (c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(bare).replace("đ", "d").split())


def sort_key(text: str) -> str:
    """A column value in whose order names stand as in PostgreSQL's `vi-x-icu`.

    First the letters of the whole name, then its tones (ngang, huyền, hỏi, ngã, sắc, nặng), then small before capital.
    Made of 0-9 and a-z only, so that the order is the same under every database collation. Digits, punctuation and
    other alphabets stand before the letters, in the order of their code points.
    """
    letters, tones, cases = [], [], []
    for letter, marks in _letters(" ".join(text.split())):
        quality = "".join(mark for mark in marks if mark in _QUALITY)
        small = unicodedata.normalize("NFC", letter.lower() + quality)
        letters.append(_PRIMARY.get(small) or f"2{ord(letter):06x}")
        tone = next((mark for mark in marks if mark not in _QUALITY), None)
        tones.append(_LEVEL_TONE if tone is None else _TONES.get(tone, _FOREIGN_MARK))
        cases.append("1" if letter == letter.lower() else "2")
    return "".join(chain(letters, "0", tones, cases))


def closest(name: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """At most `n` candidates like `name`, for "did you mean": the same letters first, whatever their marks."""
    by_fold: dict[str, dict[str, None]] = {}
    for candidate in candidates:
        by_fold.setdefault(fold(candidate), {})[candidate] = None
    alike = difflib.get_close_matches(fold(name), by_fold, n=n)
    return [candidate for folded in alike for candidate in by_fold[folded]][:n]


def _letters(text: str) -> list[tuple[str, str]]:
    """Each base character with the marks upon it."""
    letters: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFD", text):
        if letters and unicodedata.combining(character):
            base, marks = letters[-1]
            letters[-1] = (base, marks + character)
        else:
            letters.append((character, ""))
    return letters
