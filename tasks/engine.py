"""The engine of a worker's process, opened at its first task."""

from functools import cache
from typing import Any

from celery.signals import worker_process_init

from config import wiring
from config.wiring import Engine


@cache
def opened() -> Engine:
    """The installation that the environment names."""
    return wiring.open()


@worker_process_init.connect
def _after_fork(**_: Any) -> None:  # noqa: ANN401  # what Celery sends with the signal
    """A connection made before the fork is the parent's: two who talk on one read each other's rows."""
    if opened.cache_info().currsize:
        opened().database.forget()
