"""How the unwatched work is going, on both databases."""

import random
from datetime import timedelta

from sqlalchemy import insert

from dossier_engine.commands.pulse import pulse
from dossier_engine.commands.sweep import sweep
from dossier_engine.queries.health import Health, health
from dossier_engine.records.tables import TABLES
from tests.makers import Province, at

NOW = at("2024-12-09")


def how(province: Province) -> Health:
    with province.database.reading() as session:
        return health(session, now=NOW)


def deliver(province: Province, status: str, available: timedelta, count: int = 1) -> None:
    """Deliveries in that status whose time is that far from now."""
    row = {
        "channel": "mail", "recipient": "somebody", "kind": "morning", "status": status,
        "available_at": NOW + available, "attempts": 0, "created_at": NOW, "settled_at": None, "error": None,
    }  # fmt: skip
    with province.writing() as session:
        for n in range(count):
            key = random.Random(f"{status} {available} {n}").getrandbits(62)
            session.connection().execute(insert(TABLES["delivery"]).values(**row, id=key, topic=f"{key}"))


def test_where_nothing_was_done_nothing_waits(province):
    nothing = timedelta()

    assert how(province) == Health(0, nothing, nothing, {}, {}, {}, {})


def test_dossiers_wait_from_the_hour_something_was_due_until_they_are_swept(province):
    province.register(on="2024-04-15")
    before = how(province)

    with province.writing() as session:
        done = sweep(session, province.law, now=NOW, rng=province.rng)

    after = how(province)
    assert (before.due, before.rungs) == (1, {})
    assert before.sweep_lag > timedelta(days=30)
    assert (after.due, after.sweep_lag, after.pulses) == (0, timedelta(), {"sweep": timedelta()})
    assert after.rungs == dict(done.rungs) != {}
    assert after.incidents["no_address"] > 0


def test_a_delivery_waits_from_its_own_time_on_and_what_was_given_up_is_counted(province):
    deliver(province, "waiting", timedelta(hours=1), count=2)
    early = how(province)

    deliver(province, "sending", timedelta(minutes=-5))
    deliver(province, "sent", timedelta(hours=-3))
    deliver(province, "dead", timedelta(hours=-2), count=3)

    found = how(province)
    assert early.delivery_lag == timedelta()
    assert found.delivery_lag == timedelta(minutes=5)
    assert found.deliveries == {
        ("mail", "waiting"): 2,
        ("mail", "sending"): 1,
        ("mail", "sent"): 1,
        ("mail", "dead"): 3,
    }
    assert found.dead_letters == 3


def test_a_pulse_is_as_old_as_the_last_one(province):
    for minutes in (9, 2):
        with province.writing() as session:
            pulse(session, "beat", now=NOW - timedelta(minutes=minutes))

    assert how(province).pulses == {"beat": timedelta(minutes=2)}
