"""Bytes as they go over a slow line: compressed for every browser that takes it.

Whoever can make a browser ask for a page again and again with a guess in the address, and sees how long the encrypted
answers are, learns what in a page repeats the guess. So the word of a session's forms is masked otherwise each time
(docs/decisions/0020-pages.md).
"""

import base64
import gzip
import hmac
import random

from fastapi import Request, Response

_LEVEL = 5
_WORD_BYTES = 32


def takes_gzip(request: Request) -> bool:
    """Whether the browser takes compressed answers."""
    return "gzip" in request.headers.get("accept-encoding", "")


def packed(page: Response, request: Request) -> None:
    """Compress the page where the browser takes it."""
    page.headers["Vary"] = "Accept-Encoding"
    if not takes_gzip(request):
        return
    page.body = gzip.compress(bytes(page.body), _LEVEL, mtime=0)
    page.headers["Content-Encoding"] = "gzip"
    page.headers["Content-Length"] = str(len(page.body))


def masked(word: str, rng: random.Random) -> str:
    """The word of a session as one page holds it: other letters on every page."""
    pad = rng.randbytes(_WORD_BYTES)
    return _text(pad) + _text(_xor(_bytes(word), pad))


def is_masked(sent: str, word: str) -> bool:
    """Whether what a form sent is that word, masked."""
    half = len(word)
    try:
        pad, hidden = _bytes(sent[:half]), _bytes(sent[half:])
    except ValueError:
        return False
    if not len(pad) == len(hidden) == _WORD_BYTES:
        return False
    return hmac.compare_digest(_xor(hidden, pad), _bytes(word))


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=", altchars=b"-_", validate=True)
