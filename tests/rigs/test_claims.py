"""Several senders at one table: nobody claims what another holds, and a killed one repeats no more than it held."""

import random
import time
from collections import Counter
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.delivery import round as send_round
from config.settings import Settings
from config.wiring import Engine
from dossier_engine.commands.deliver import Claim, Verdict, settle
from dossier_engine.commands.people import change_address
from dossier_engine.commands.webhooks import add_webhook
from dossier_engine.records import deliveries
from dossier_engine.records.database import Database
from dossier_engine.records.tables import TABLES
from tests.makers import SETUP, Province, at
from tests.rigs.racing import PROCESSES
from tests.rigs.scale import times

PROCESSES.set_forkserver_preload(["tests.rigs.racing", "tests.rigs.test_claims"])
NOW = at("2024-07-24")
LEASE = timedelta(minutes=10)
PATIENCE_SECONDS = 60.0
HOSTS = frozenset({"hooks.example.vn"})

_DELIVERY, _DOSSIER, _NOTICE, _RUNG = (TABLES[t] for t in ("delivery", "dossier", "notice", "rung"))


def queue_events(province: Province, count: int) -> None:
    """That many events for one webhook."""
    with province.writing() as session:
        hook, _ = add_webhook(session, "https://hooks.example.vn/", "30", SETUP, hosts=HOSTS, now=NOW, rng=province.rng)
        row = {"channel": "webhook", "recipient": hook, "kind": "event", "status": "waiting", "available_at": NOW,
               "attempts": 0, "created_at": NOW}  # fmt: skip
        deliveries.add(session.connection(), [{"id": n, "topic": f"event/x/{n}", **row} for n in range(1, count + 1)])


def claim_all(url: str, seed: int, start: Barrier, lane: Any) -> None:
    """Claim in small batches until nothing is left, settling some; tell what was claimed."""
    database, rng, mine = Database(url), random.Random(seed), []
    start.wait(PATIENCE_SECONDS)
    while True:
        with database.writing() as session:
            rows = deliveries.claim(session.connection(), "webhook", now=NOW, until=NOW + LEASE, most=7)
        if not rows:
            break
        mine += [(row.id, row.attempts) for row in rows]
        with database.writing() as session:
            settle(session, [(Claim(r.id, r.attempts), Verdict("sent")) for r in rows if r.id % 2], now=NOW, rng=rng)
    database.close()
    lane.send(mine)


@pytest.mark.parametrize("senders", [2, 4])
def test_no_delivery_is_claimed_twice_within_its_lease(senders: int, province: Province) -> None:
    count = times(300)
    queue_events(province, count)
    url = province.database.url.render_as_string(hide_password=False)
    start, lanes, claimed = PROCESSES.Barrier(senders), [], []

    for seed in range(senders):
        near, far = PROCESSES.Pipe()
        PROCESSES.Process(target=claim_all, args=(url, seed, start, far), daemon=True).start()
        lanes.append(near)
    for lane in lanes:
        assert lane.poll(PATIENCE_SECONDS), "a sender hangs"
        claimed += lane.recv()

    assert Counter(key for key, _ in claimed) == Counter(range(1, count + 1))
    assert {attempts for _, attempts in claimed} == {1}


def send_forever(url: str, home: Path, seed: int) -> None:
    """A sender that takes its time over each mail, so that a kill finds it at work."""
    database = Database(url)
    engine = Engine(Settings(home, url, url, "vi", None, smtp_url=f"folder://{home}"), database, random.Random(seed),
                    lambda: NOW)  # fmt: skip
    while True:
        send_round(engine)
        time.sleep(0.005)


def queue_mails(province: Province, count: int) -> None:
    """A morning mail for each of that many days, all to one person, each with one notice."""
    dossier = province.register("xa", on="2024-04-15").dossier
    with province.writing() as session:
        conn = session.connection()
        change_address(session, province.people["xa"], "xa@example.vn", SETUP, now=NOW, rng=province.rng)
        found = conn.execute(select(_DOSSIER).where(_DOSSIER.c.code == dossier)).one()
        for n in range(1, count + 1):
            mail = {"id": n, "channel": "mail", "recipient": province.people["xa"], "topic": f"morning/{n}",
                    "kind": "morning", "status": "waiting", "available_at": NOW, "attempts": 0,
                    "created_at": NOW}  # fmt: skip
            deliveries.add(conn, [mail])
            rung = {"id": n, "dossier": found.id, "stage_seq": found.stage_seq, "key": "registered", "due_version": 1,
                    "rung": "-5wd", "addressee": f"holder{n}", "occurrence": NOW.date(), "due_on": found.due_on,
                    "kind": "remind", "outcome": "sent", "why": None, "written_at": NOW}  # fmt: skip
            conn.execute(_RUNG.insert().values(**rung))
            notice = {"rung": n, "person": province.people["xa"], "delivery": n, "at": NOW, "read_at": None}
            conn.execute(_NOTICE.insert().values(**notice))


def test_a_killed_sender_loses_no_mail_and_repeats_only_what_it_held(province: Province, tmp_path: Path) -> None:
    count = 120
    queue_mails(province, count)
    url = province.database.url.render_as_string(hide_password=False)
    rng, mail = random.Random(7), tmp_path / "mail"

    process = PROCESSES.Process(target=send_forever, args=(url, mail, 1), daemon=True)
    process.start()
    limit = time.monotonic() + PATIENCE_SECONDS
    while not mail.exists() or not any(mail.iterdir()):
        assert time.monotonic() < limit, "the sender sends nothing"
        time.sleep(0.001)
    time.sleep(rng.uniform(0, 0.02))
    process.kill()
    process.join()
    before = {file.name: file.stat().st_mtime_ns for file in mail.glob("*.eml")}
    with province.database.reading() as session:
        settled = set(session.execute(select(_DELIVERY.c.id).where(_DELIVERY.c.status == "sent")).scalars())
    later = Engine(Settings(mail, url, url, "vi", None, smtp_url=f"folder://{mail}"), province.database, rng,
                   lambda: NOW + timedelta(minutes=11))  # fmt: skip
    done = send_round(later)

    after = {file.name: file.stat().st_mtime_ns for file in mail.glob("*.eml")}
    repeated = [name for name, when in before.items() if after[name] != when]
    assert done.mails.sent == count - len(settled)
    assert len(after) == count
    assert len(repeated) == len(before) - len(settled)
    with province.database.reading() as session:
        attempts = session.execute(select(_DELIVERY.c.status, _DELIVERY.c.attempts)).all()
    assert {status for status, _ in attempts} == {"sent"}
    assert max(number for _, number in attempts) <= 2
