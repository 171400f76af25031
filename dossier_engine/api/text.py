"""Bodies that are a text file: taken as they are, byte by byte, if they are of a kind that the route reads."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request

from dossier_engine.errors import Malformed


def text_body(*kinds: str) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency: the body, which must be of one of these media types. It raises Malformed."""

    async def body(request: Request) -> bytes:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in kinds:
            raise Malformed([("/header/Content-Type", "not_a_choice")])
        return await request.body()

    return body


def described(*kinds: str) -> dict[str, Any]:
    """The same for the manual."""
    return {"requestBody": {"required": True, "content": {kind: {"schema": {"type": "string"}} for kind in kinds}}}
