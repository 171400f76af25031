"""What `dossier doctor` looks at beside the database: who is at work, and what waits to be swept, signed or sent."""

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from config.running import broker, lock
from dossier_engine.cli.doctor import Check
from dossier_engine.queries.health import Health, health
from dossier_engine.queries.signed import behind

if TYPE_CHECKING:
    from config.wiring import Engine

# Ticks come every minute; three that are missed, and somebody should look.
_PATIENCE = timedelta(minutes=3)
_UNSIGNED = timedelta(minutes=5)


def at_work(engine: "Engine") -> list[Check]:
    """Where no broker is set or running, nothing is expected to be at work, and what is missing is worth a look."""
    with engine.looking() as (session, _):
        found, unsigned = health(session, now=engine.now()), behind(session, now=engine.now())
    url = engine.settings.broker_url or lock.noted(engine.settings.home)
    missing: Literal["look", "bad"] = "bad" if url else "look"
    slack = _PATIENCE * engine.speed()  # on a clock that runs fast more time goes by between two ticks
    return [
        *_broker(engine, url),
        *_pulses(found, slack, missing),
        Check("due", missing if found.sweep_lag > slack else "good", f"{found.due}, {_age(found.sweep_lag)}"),
        Check("log", missing if unsigned.waiting and unsigned.lag > slack else "good", str(unsigned.waiting)),
        Check(
            "signed",
            missing if unsigned.lag > _UNSIGNED * engine.speed() else "good",
            f"{unsigned.unsigned}, {_age(unsigned.lag)}; {_age(unsigned.checkpoint)}",
        ),
        Check("history", "bad" if found.incidents.get("history_differs") else "good", _age(found.pulses.get("check"))),
        Check("dead_letters", "look" if found.dead_letters else "good", str(found.dead_letters)),
    ]


def _broker(engine: "Engine", url: str | None) -> list[Check]:
    if url is None:
        return [Check("broker", "look", "")]
    where = url.rpartition("@")[2]  # without a password
    if not broker.answers(url, engine.settings):
        return [Check("broker", "bad", where)]
    found = broker.workers(url, engine.settings)
    return [Check("broker", "good", where), Check("worker", "good" if found else "bad", ", ".join(found))]


def _pulses(found: Health, slack: timedelta, missing: Literal["look", "bad"]) -> list[Check]:
    beat, sweep = found.pulses.get("beat"), found.pulses.get("sweep")
    return [
        Check("beat", "good" if beat is not None and beat <= slack else missing, _age(beat)),
        Check("sweep", "good" if sweep is not None and sweep <= slack else missing, _age(sweep)),
    ]


def _age(age: timedelta | None) -> str:
    """`2 d 03:04:05`, or nothing."""
    if age is None:
        return ""
    hours, rest = divmod(age.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{f'{age.days} d ' if age.days else ''}{hours:02}:{minutes:02}:{seconds:02}"
