"""What every request passes before it is looked at, and every answer on its way out.

One ASGI layer around the application: a number for the request, the host it names, how often its sender asks, how
large and how slow its body may be; then the headers that tell browsers what they must not do with the answer, and a
line of the log without anything a person typed.
"""

import asyncio
import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from dossier_engine.errors import BodyTooLarge, DossierError, TooManyRequests, UnknownHost
from dossier_engine.rules.throttle import network_of

log = logging.getLogger("dossier.api")

BODY_LIMIT = 1024 * 1024  # of everything but files
BODY_SECONDS, FILE_SECONDS = 30.0, 300.0
_FILES = re.compile(r"/api/v1/dossiers/[^/]+/files\Z")  # and no other path: its body would be held in memory
_FORMS = re.compile(r"(?:/ho-so/[^/]+/yeu-cau/[^/]+/[^/]+|/nhap)\Z")  # where pages take a file with what is told of it
_READ_ON = 4  # limits of a file: a browser shows no answer before it has sent its form, so that one is read to its end
_MINUTE = 60.0
_MOST_SENDERS = 10_000
_PEOPLE_AT_ONE_ADDRESS = 10
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
Refused = Callable[[DossierError, Request], Response]
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}


@dataclass(slots=True)
class Senders:
    """How many requests each sender made in the present minute.

    A sender is a token, a session, or an address that shows neither. An office may ask for many people from one
    network, so a network may ask more often; but no more by showing another invented token each time.
    """

    a_minute: int
    clock: Callable[[], float] = monotonic
    _since: float = 0.0
    _asked: dict[str, int] = field(default_factory=dict)

    def count(self, address: str, shown: str | None) -> None:
        """Count one request. Raises TooManyRequests."""
        now = self.clock()
        if now - self._since >= _MINUTE:
            self._since, self._asked = now, {}
        limits = {network_of(address): _PEOPLE_AT_ONE_ADDRESS * self.a_minute}
        sender = hashlib.sha256((shown or address).encode()).hexdigest()  # what is shown is a secret
        if sender in self._asked or len(self._asked) < _MOST_SENDERS:  # of more than that, networks alone are counted
            limits[sender] = self.a_minute
        for one, most in limits.items():
            asked = self._asked[one] = self._asked.get(one, 0) + 1
            if asked > most:
                raise TooManyRequests(max(1, round(self._since + _MINUTE - now)))


@dataclass(slots=True)
class Guard:
    """The layer around `app`; `file_limit` is the body limit of the routes that take files, in bytes.

    `refused` makes the answer to what goes no further, at once: whoever floods a server waits for nothing inside.
    """

    app: FastAPI
    senders: Senders
    base_url: str | None
    file_limit: int
    refused: Refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, headers = monotonic(), Headers(scope=scope)
        asked_id = headers.get("x-request-id", "")
        state = scope.setdefault("state", {})
        state["id"] = asked_id if _REQUEST_ID.match(asked_id) else secrets.token_urlsafe(12)
        limit, seconds = self._most(scope["path"])
        state["body_limit"] = limit
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(scope=message), state["id"])
            await send(message)

        try:
            self._admit(scope, headers, limit)
        except DossierError as refusal:
            await self.refused(refusal, Request({**scope, "app": self.app}))(scope, receive, sending)
        else:
            await self.app(scope, _bounded(receive, limit, seconds), sending)
        finally:
            facts = {
                "request": state["id"],
                "method": scope["method"],
                "route": getattr(scope.get("route"), "path", None),  # not the path: it may hold what a person typed
                "status": status,
                "person": state.get("person"),
                "ms": round((monotonic() - begun) * 1000, 1),
            }
            log.info("answered", extra={"facts": facts})

    def _most(self, path: str) -> tuple[int, float]:
        """How many bytes a body may have that is sent there, and how many seconds it may take."""
        if _FILES.match(path):
            return self.file_limit, FILE_SECONDS
        if _FORMS.match(path):
            return _READ_ON * self.file_limit + BODY_LIMIT, FILE_SECONDS
        return BODY_LIMIT, BODY_SECONDS

    def _admit(self, scope: Scope, headers: Headers, body_limit: int) -> None:
        if self.base_url is not None and _host(headers.get("host", "")) not in {_host(self.base_url), *_LOOPBACK}:
            raise UnknownHost
        client = scope.get("client")
        self.senders.count(client[0] if client else "", headers.get("authorization") or headers.get("cookie"))
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > body_limit:
            raise BodyTooLarge(body_limit)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname
    except ValueError:
        return None


def _dress(headers: MutableHeaders, request_id: str) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers["X-Request-ID"] = request_id
    headers.add_vary_header("Accept-Language, Authorization, Cookie")


def _bounded(receive: Receive, limit: int, seconds: float) -> Receive:
    """`receive`, but at most `limit` bytes, and all in time. Raises HTTPException, which the framework lets through."""
    taken, ends = 0, monotonic() + seconds

    async def bounded() -> Message:
        nonlocal taken
        try:
            async with asyncio.timeout(max(0.0, ends - monotonic())):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413)
        return message

    return bounded
