"""The tasks that make history provable, and check what the others rely on."""

import logging
from collections.abc import Sequence

from celery import shared_task

from config.rounds import check_round, integrate_round, reconcile_round, sample_round
from dossier_engine.queries.finding import Finding
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


@shared_task
def sample() -> None:
    """Look at some entries picked at random: whether the log still proves them."""
    _tell("sample", sample_round(opened()))


@shared_task
def check() -> None:
    """Once a day: verify the whole history and its log."""
    _tell("check", check_round(opened()))


def _tell(task: str, findings: Sequence[Finding] | None) -> None:
    if findings is not None:
        level = logging.ERROR if findings else logging.INFO
        facts = {"task": task, "findings": [f"{f.where}: {f.code}" for f in findings]}
        log.log(level, "history differs" if findings else "history stands", extra={"facts": facts})
