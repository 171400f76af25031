"""A server for the application: one process, many requests."""

from collections.abc import Callable

import uvicorn

from config.wiring import Engine
from dossier_engine.api.app import application
from dossier_engine.errors import BadInput

KEEP_ALIVE_SECONDS = 20
_MOST_AT_ONCE = 200  # connections; what comes beyond is told to come back
_LONGEST_HEADERS = 16 * 1024


class Server(uvicorn.Server):
    """uvicorn's server, which says where it listens once it does."""

    def __init__(self, engine: Engine, host: str, port: int, listens: Callable[[str], None]) -> None:
        settings = engine.settings
        proxies = [str(network) for network in settings.trusted_proxies]
        config = uvicorn.Config(
            application(engine),
            host=host,
            port=port,
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


def serve(engine: Engine, host: str, port: int, listens: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; port 0 takes a free one. Raises BadInput where nothing can be served."""
    server = Server(engine, host, port, listens)
    try:
        server.run()
    except SystemExit as error:  # uvicorn ends the process when it cannot listen
        raise BadInput("--port", f"{host}:{port}", "cannot_listen") from error
