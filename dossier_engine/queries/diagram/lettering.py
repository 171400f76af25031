"""How much room words take, without asking a font: which one a reader's system has is not known here.

The widths are those of bold Noto Sans and Liberation Sans (as wide as Arial), rounded up by kind of letter. Bold DejaVu
Sans, the widest face a system is likely to have, takes up to a twelfth more, which the room beside words allows for.
"""

import unicodedata

_NARROW = frozenset("ijlI.,:;'|! ")
_SLIM = frozenset('frtJ()[]{}-/"“”')
_BROAD = frozenset("mwMW%@…—")


def width(text: str, size: int) -> int:
    """An upper estimate of the width of one line of `text`, in the unit of `size`, the height of the font."""
    hundredths = sum(_hundredths(letter) for letter in unicodedata.normalize("NFD", text))
    return -(-hundredths * size // 100)


def _hundredths(letter: str) -> int:
    if unicodedata.combining(letter):  # marks stand above or below their letter
        return 0
    if letter in _NARROW:
        return 33
    if letter in _SLIM:
        return 48
    if letter in _BROAD or unicodedata.east_asian_width(letter) in "WF":
        return 100
    return 76 if letter.isupper() else 64


def wrap(text: str, size: int, room: int) -> tuple[str, ...]:
    """`text` in as few lines as fit in `room`, and these as equally long as words allow; long words are cut."""
    most = len(_fill(text, size, room))
    too_tight = max((width(word, size) for word in text.split()), default=0) - 1
    while room - too_tight > 1:  # halve the doubt: with less room there are never fewer lines
        half = (room + too_tight) // 2
        if len(_fill(text, size, half)) > most:
            too_tight = half
        else:
            room = half
    return _fill(text, size, room)


def _fill(text: str, size: int, room: int) -> tuple[str, ...]:
    lines = [""]
    for word in (part for whole in text.split() for part in _cut(whole, size, room)):
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(line for line in lines if line)


def _cut(word: str, size: int, room: int) -> list[str]:
    if width(word, size) <= room:
        return [word]
    parts = [""]
    for letter in word:
        if parts[-1] and width(parts[-1] + letter, size) > room:
            parts.append("")
        parts[-1] += letter
    return parts
