"""Text that somebody typed, made harmless to look at."""

import re

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def cleaned(text: str) -> str:
    """`text` with a mark in place of what cannot be seen, or would turn the words around it: only lines stay lines."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n"))
