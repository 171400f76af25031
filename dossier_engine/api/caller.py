"""Who asks: a program with a token, or a browser with the cookie of a session that may only be used from our pages."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Request
from sqlalchemy import Connection

from dossier_engine.errors import CrossSite, NotSignedIn
from dossier_engine.records.callers import Caller, caller_of_session, caller_of_token

COOKIE = "__Host-dossier"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})


def caller(conn: Connection, request: Request, *, now: datetime, endless: bool) -> Caller:
    """Whoever asks; sessions may be `endless` (see `caller_of_session`).

    Raises NotSignedIn, and CrossSite where a browser was made to ask by somebody else's page.
    """
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, text = header.partition(" ")
        found = caller_of_token(conn, text.strip(), now) if scheme.lower() == "bearer" else None
    else:
        secret = request.cookies.get(COOKIE)
        found = caller_of_session(conn, secret, now, endless=endless) if secret else None
        if found is not None and request.method not in _SAFE:
            check_origin(request)
    if found is None:
        raise NotSignedIn
    return found


def check_origin(request: Request) -> None:
    """Whether the request was made on a page of ours. Raises CrossSite.

    Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; one that says neither must know the session's token.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site in _OURS
    elif origin is not None:
        ours = origin == _own_origin(request)
    else:
        secret = request.cookies.get(COOKIE, "")
        ours = hmac.compare_digest(request.headers.get("x-csrf-token", "").encode(), form_token(secret).encode())
    if not ours:
        raise CrossSite


def form_token(secret: str) -> str:
    """The word that forms and scripts of a session send with what they change; from it nobody gets the secret."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"form {secret}".encode()).digest()).rstrip(b"=").decode()


def _own_origin(request: Request) -> str:
    base = request.app.state.engine.settings.base_url
    parts = urlsplit(base) if base else request.url
    return f"{parts.scheme}://{parts.netloc}"
