"""Two beats, two sweepers and four senders at once, some of them killed at work: nothing is lost, nothing told twice.

A mail is sent at least once. It is sent twice only if whoever held it was killed, and then under the same Message-ID:
no more are repeated than the killed had claimed and not settled.
"""

import random
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.law import legal_day
from tests.channels.servers import Mailbox, mail_server
from tests.makers import Province, at
from tests.rigs.fallen import communes, flaws, left, lines, many_dossiers, sealed, taken
from tests.rigs.house import PATIENCE_SECONDS, House, Work, a_house
from tests.rigs.scale import times
from tests.soak_plugin import keep

RUNGS = times(1_000)
DOSSIERS = min(times(60), len(communes()))
HOURS: tuple[tuple[int, int, Work | None], ...] = (
    (7, 5, "sweep"),
    (7, 31, "deliver"),
    (7, 45, None),  # later than the lease of what a killed one had claimed
)
FIRST = date(2024, 7, 16)

_DELIVERY = TABLES["delivery"]


def mornings(province: Province) -> Iterator[date]:
    """Working days, as far as the calendar goes."""
    days = (FIRST + timedelta(days=n) for n in range(1_200))
    return (day for day in days if province.law.calendar.is_working(day))


def is_due(province: Province, now: datetime) -> bool:
    """Whether there is anything left to do."""
    with province.database.reading() as session:
        return left(session, now) > 0


def held(province: Province) -> int:
    """How many deliveries were claimed and not settled."""
    with province.database.reading() as session:
        claimed = select(func.count()).select_from(_DELIVERY).where(_DELIVERY.c.status == "sending")
        return int(session.execute(claimed).scalar_one())


def live_through(
    province: Province, house: House, now: datetime, killed: Work | None, rng: random.Random
) -> tuple[int, int]:
    """Let everybody work at `now` until nothing is due, one `killed` at work, if any; kills, and mails then held."""
    house.move_clock(now)
    kills = 0
    if killed is not None:
        kills += house.kill_one(killed, rng, lambda: is_due(province, now) or held(province) > 0)
    limit = time.monotonic() + PATIENCE_SECONDS
    while is_due(province, now):
        assert time.monotonic() < limit, "what is due is never done"
        time.sleep(0.01)
    house.close()
    return kills, held(province)


@pytest.mark.slow
def test_each_rung_is_told_once_and_each_mail_sent_whoever_is_killed(province: Province) -> None:
    many_dossiers(province, DOSSIERS)
    rng, kills, orphans = random.Random(DOSSIERS), 0, 0
    url = province.database.url.render_as_string(hide_password=False)

    with (
        mail_server(Mailbox(silence=0.002)) as box,
        a_house(url, f"smtp://127.0.0.1:{box.port}", sweepers=2, senders=4) as house,
    ):
        for day in mornings(province):
            for hour, minute, victim in HOURS:
                now = at(day.isoformat(), hour, minute)
                killed, orphaned = live_through(province, house, now, victim if rng.random() < 0.4 else None, rng)
                kills, orphans = kills + killed, orphans + orphaned
            with province.database.reading() as session:
                if lines(session) >= RUNGS:
                    break

    with province.database.reading() as session:
        deliveries = session.execute(select(_DELIVERY)).all()
        claimed, received = sealed(session, "sent"), taken(box)
        assert flaws(session, province.law, now) == []
        rungs = lines(session)
    assert {d.status for d in deliveries} <= {"sent", "void", "waiting"}
    assert all(d.available_at > now for d in deliveries if d.status == "waiting")
    assert received.keys() == claimed.keys()
    assert all(count <= claimed[mail] for mail, count in received.items())
    assert sum(d.attempts - 1 for d in deliveries if d.attempts) == orphans
    repeated = received.total() - len(received)
    assert kills > 0
    assert orphans > 0
    assert repeated <= orphans
    keep({"test": "two of everything", "database": "SQLite" if province.database.is_sqlite else "PostgreSQL",
          "seed": DOSSIERS, "dossiers": DOSSIERS, "rungs": rungs, "days": (legal_day(now) - FIRST).days, "kills": kills,
          "mails": len(received), "held_by_killed": orphans, "repeated": repeated})  # fmt: skip
