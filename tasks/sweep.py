"""The tasks that look for what is due."""

from celery import shared_task

from config.rounds import sweep_round, week_round
from dossier_engine.commands.pulse import pulse
from tasks.engine import opened
from tasks.logs import log


@shared_task
def sweep() -> None:
    """Carry out what fell due, batch after batch, and make the pages of the week once offices have opened in it."""
    engine = opened()
    done = sweep_round(engine)
    for code, line in done.lines:
        facts = {"dossier": code, "about": line.key, "rung": line.rung, "addressee": line.addressee}
        log.info("rung", extra={"facts": {**facts, "outcome": line.outcome, "why": line.why}})
    log.info("swept", extra={"facts": {"task": "sweep", **done.facts()}})
    pages = week_round(engine)
    if pages:
        log.info("week", extra={"facts": {"task": "sweep", "pages": pages}})


@shared_task
def heartbeat() -> None:
    """Beat ticks and a worker takes what it sends."""
    engine = opened()
    with engine.database.writing() as session:
        pulse(session, "beat", now=engine.now())
