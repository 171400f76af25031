"""What Celery logs, in the lines that everything here logs in."""

import logging
from typing import Any

from celery.signals import setup_logging, worker_ready

from config import logs

log = logging.getLogger("dossier")


def hears() -> None:
    """Take over logging when Celery starts, and say when a worker is ready."""
    setup_logging.connect(set_up)
    worker_ready.connect(_ready)


def set_up(**_: Any) -> None:  # noqa: ANN401  # what Celery sends with the signal
    """Write every record but those that say nothing."""
    logs.set_up()
    for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat"):  # two lines a tick that say nothing
        logging.getLogger(name).setLevel(logging.WARNING)


def _ready(**_: Any) -> None:  # noqa: ANN401  # the same
    log.info("ready")
