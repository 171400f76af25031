"""The tasks that make history provable, and check what the others rely on."""

from celery import shared_task

from config.rounds import integrate_round, reconcile_round
from tasks.engine import opened
from tasks.logs import log


@shared_task
def integrate() -> None:
    """Bring new entries into the log."""
    done = integrate_round(opened())
    if done.added:
        log.info("integrated", extra={"facts": {"task": "integrate", "added": done.added, "size": done.size}})


@shared_task
def reconcile() -> None:
    """Once a day: see that nothing will be overlooked, and mend it."""
    done = reconcile_round(opened())
    if done is not None:
        log.info("reconciled", extra={"facts": {"task": "reconcile", **done.facts()}})
