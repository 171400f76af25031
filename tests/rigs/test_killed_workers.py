"""Workers of Celery are killed at random points and the broker forgets everything, while much falls due.

Nothing of it is missed and nothing is there twice. The clock runs at up to a day a second, and a claim's lease with
it, so a mail may go out twice without anybody being killed; never more often than it was claimed, and always once.
"""

import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis

from config import wiring
from config.settings import read
from tests.channels.servers import Mailbox, mail_server
from tests.makers import Province, at
from tests.processes import until
from tests.rigs.fallen import flaws, left, lines, many_dossiers, on_its_own_clock, sealed, taken
from tests.rigs.programs import BEAT, WORKER, programs
from tests.rigs.scale import times
from tests.soak_plugin import keep
from tests.valkey_plugin import Valkey

KILLS, DOSSIERS, RUNGS = times(20), times(13), times(200)
DAYS = 30  # from ten working days before the due date until nine after it: some 17 rungs a dossier
SECONDS = times(DAYS)
BETWEEN_FLUSHES_SECONDS = 4


@pytest.mark.slow
def test_killed_workers_and_a_forgetful_broker_lose_no_rung(province: Province, valkey: Valkey, tmp_path: Path) -> None:
    many_dossiers(province, DOSSIERS)
    province.sweep("2024-07-15", 7)
    on_its_own_clock(province, at("2024-07-15", 8))
    with province.database.reading() as session:
        before = lines(session)
    rng, kills, flushes = random.Random(KILLS), Counter[str](), 0

    with mail_server(Mailbox()) as box:
        environment = {
            "DOSSIER_HOME": str(tmp_path), "DOSSIER_BROKER_URL": valkey.url, "DOSSIER_CLOCK": "speed=2",
            "DOSSIER_DATABASE_URL": province.database.url.render_as_string(hide_password=False),
            "DOSSIER_SMTP_URL": f"smtp://127.0.0.1:{box.port}", "DOSSIER_MAIL_FROM": "ntm@example.vn",
        }  # fmt: skip
        engine = wiring.open(read(environment))
        with programs(environment, tmp_path / "celery.log") as running, Redis(port=valkey.port) as broker:
            for words in (WORKER, WORKER, BEAT, BEAT):
                running.start(*words)
            quick, lease = 86_400 * DAYS // SECONDS, timedelta(seconds=SECONDS)
            engine.set_clock(lambda pace, true: pace.driven(true, speed=quick, lease=lease))
            flushed = time.monotonic()
            while kills.total() < KILLS:
                time.sleep(rng.uniform(0.1, 2 * SECONDS / KILLS - 0.1))
                running.tend()
                if killed := running.kill_somebody(rng):
                    kills[killed] += 1
                if time.monotonic() > flushed + BETWEEN_FLUSHES_SECONDS:
                    broker.flushall()
                    flushed, flushes = time.monotonic(), flushes + 1
            until(lambda: engine.speed() == 1, "the end of the quick days")
            engine.set_clock(lambda pace, true: pace.driven(true, speed=1, lease=timedelta(), ahead=timedelta(hours=1)))

            def nothing_is_left() -> bool:
                running.tend()
                with province.database.reading() as session:
                    return left(session, engine.now()) == 0

            until(nothing_is_left, "a last sweep, and whatever the killed had claimed")
        now = engine.now()
        engine.close()

    with province.database.reading() as session:
        assert flaws(session, province.law, now) == []
        written, claimed = lines(session) - before, sealed(session, "sent")
    received = taken(box)
    assert claimed.keys() <= received.keys()
    assert all(count <= claimed[mail] for mail, count in received.items() if mail in claimed)
    assert written >= RUNGS
    assert flushes > 0
    keep({"test": "killed workers", "database": "SQLite" if province.database.is_sqlite else "PostgreSQL",
          "seed": KILLS, "rungs": written, "kills": kills, "flushes": flushes, "mails": len(received),
          "repeated": received.total() - len(received)})  # fmt: skip
