"""The task that checks what the others rely on."""

from celery import shared_task

from config.rounds import reconcile_round
from tasks.engine import opened
from tasks.logs import log


@shared_task
def reconcile() -> None:
    """Once a day: see that nothing will be overlooked, and mend it."""
    done = reconcile_round(opened())
    if done is not None:
        log.info("reconciled", extra={"facts": {"task": "reconcile", **done.facts()}})
