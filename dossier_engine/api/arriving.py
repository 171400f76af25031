"""The body of a request as it comes, piece by piece, for a thread that waits for each: it is never held as a whole."""

from collections.abc import AsyncIterator, Iterator

from anyio import CapacityLimiter, from_thread
from starlette.requests import ClientDisconnect

from dossier_engine.errors import BodyTooSlow

ARRIVALS = CapacityLimiter(64)  # each holds a thread while it comes; other requests have threads of their own


class Arriving:
    """The pieces of a body; who stops in between and asks again goes on where they stopped."""

    def __init__(self, body: AsyncIterator[bytes]) -> None:
        self.body = body

    def __iter__(self) -> Iterator[bytes]:
        try:
            while piece := from_thread.run(self._next):
                yield piece
        except ClientDisconnect as error:
            raise BodyTooSlow from error

    def skip(self) -> None:
        """Let the rest come and keep nothing of it."""
        for _ in self:
            pass

    async def _next(self) -> bytes:
        async for piece in self.body:
            if piece:
                return piece
        return b""
