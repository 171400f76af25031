"""The task that sends."""

from celery import shared_task

from config import delivery
from tasks.engine import opened
from tasks.logs import log


@shared_task
def deliver() -> None:
    """One round of sending: mails and events that are due."""
    done = delivery.round(opened())
    log.info("delivered", extra={"facts": {"task": "deliver", **done.facts()}})
