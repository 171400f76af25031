"""A server for the application: one process, many requests."""

import asyncio
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from config.settings import Settings
from dossier_engine.errors import BadInput

KEEP_ALIVE_SECONDS = 20
HEADER_SECONDS = 15.0
_MOST_AT_ONCE = 200  # connections; what comes beyond is told to come back
_LONGEST_HEADERS = 16 * 1024


class Patient(H11Protocol):
    """A connection that is closed when a request's headers take too long: uvicorn itself would wait for ever.

    Some two hundred that never end one would leave no room for anybody else.
    """

    _ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait no longer once all of its headers are there."""
        super().data_received(data)
        if not self._is_answering():
            self._wait()
        elif self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]  # None at first

    def _wait(self) -> None:
        if self._ends is None:
            self._ends = self.loop.call_later(HEADER_SECONDS, self._close)

    def _close(self) -> None:
        self._ends = None
        if not self._is_answering():
            self.transport.close()


class Server(uvicorn.Server):
    """uvicorn's server, which says where it listens once it does."""

    def __init__(self, app: ASGIApp, settings: Settings, host: str, port: int, listens: Callable[[str], None]) -> None:
        proxies = [str(network) for network in settings.trusted_proxies]
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=Patient,
            log_config=None,
            access_log=False,  # the guard writes a line that holds nothing a person typed
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            h11_max_incomplete_event_size=_LONGEST_HEADERS,
        )
        super().__init__(config)
        self.listens = listens

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Listen, and say where."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self.listens(f"http://{f'[{host}]' if ':' in host else host}:{port}")


def serve(app: ASGIApp, settings: Settings, host: str, port: int, listens: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; port 0 takes a free one. Raises BadInput where nothing can be served."""
    server = Server(app, settings, host, port, listens)
    try:
        server.run()
    except SystemExit as error:  # uvicorn ends the process when it cannot listen
        raise BadInput("--port", f"{host}:{port}", "cannot_listen") from error
