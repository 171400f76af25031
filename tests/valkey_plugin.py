"""A Valkey for one test run, started here from the wheel's server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.running import broker


@dataclass(frozen=True)
class Valkey:
    """A server of the tests' own on the loopback."""

    port: int

    @property
    def url(self) -> str:
        """Where Celery finds it."""
        return f"redis://127.0.0.1:{self.port}/0"


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A running server, empty at first."""
    folder, port = tmp_path_factory.mktemp("valkey"), broker.free_port()
    with serving(folder, port):
        yield Valkey(port)


@contextmanager
def serving(folder: Path, port: int) -> Iterator[None]:
    """A server while the block runs, killed at its end; with the same folder the next one remembers."""
    server = broker.binary()
    assert server is not None, "there is no broker for this platform"
    with subprocess.Popen(broker.command(server, folder, port), stdout=subprocess.DEVNULL) as process:
        try:
            assert broker.wait_for(port)
            yield
        finally:
            process.kill()
