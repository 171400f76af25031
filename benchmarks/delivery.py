"""How fast mails leave: two workers, each one round, into an SMTP server on this machine.

`python -m benchmarks.delivery DATABASE --mails N` prints one JSON line, as a cell does. The mails are a morning's: one
for each person, of one notice each. The server answers as fast as it can and keeps nothing.
"""

import argparse
import json
import multiprocessing
import random
import socket
import time
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import func, insert, select

from benchmarks.databases import FLOORS, new_database
from benchmarks.province import founded
from config.delivery import round as send_round
from config.settings import Settings
from config.wiring import Engine
from dossier_engine.records.database import Database
from dossier_engine.records.tables import TABLES
from tests.makers import at

NOW = at("2024-07-24")
WORKERS = 2

_DELIVERY, _DOSSIER, _NOTICE = (TABLES[t] for t in ("delivery", "dossier", "notice"))
_PERSON, _RUNG = TABLES["person"], TABLES["rung"]


def measure(database: Database, mails: int) -> dict[str, Any]:
    """Mails a second, from a full table to an empty one; every mail is checked to have gone."""
    _queue(database, mails)
    url = database.url.render_as_string(hide_password=False)
    processes = multiprocessing.get_context("spawn")
    port, start, stop = _free_port(), processes.Barrier(WORKERS + 1), processes.Event()
    server = processes.Process(target=_serve, args=(port, stop), daemon=True)
    server.start()
    _wait_for(port)
    workers = [processes.Process(target=_work, args=(url, port, mails, start), daemon=True) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    start.wait(60)
    begun = time.perf_counter()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - begun
    stop.set()
    server.join()
    with database.reading() as session:
        sent = select(func.count()).where(_DELIVERY.c.status == "sent", _DELIVERY.c.attempts == 1)
        assert session.execute(sent).scalar_one() == mails
    return {"mails": mails, "workers": WORKERS, "seconds": seconds, "per_s": mails / seconds}


def _queue(database: Database, mails: int) -> None:
    founded(database, 1)
    people = [{"id": f"p-{n}", "handle": f"p{n}", "name": f"Nguyễn Văn {n}", "email": f"p{n}@example.vn"}
              for n in range(mails)]  # fmt: skip
    with database.writing() as session:
        conn = session.connection()
        dossier = conn.execute(select(_DOSSIER)).first()
        assert dossier is not None
        rung = {"id": 1, "dossier": dossier.id, "stage_seq": dossier.stage_seq, "key": dossier.state, "due_version": 1,
                "rung": "-5wd", "addressee": "holder", "occurrence": NOW.date(), "due_on": dossier.due_on,
                "kind": "remind", "outcome": "sent", "written_at": NOW}  # fmt: skip
        mail = {"channel": "mail", "topic": "morning/2024-07-24", "kind": "morning", "status": "waiting",
                "available_at": NOW, "attempts": 0, "created_at": NOW}  # fmt: skip
        conn.execute(insert(_PERSON), people)
        conn.execute(insert(_RUNG), [rung])
        conn.execute(insert(_DELIVERY), [{"id": n, "recipient": f"p-{n}", **mail} for n in range(mails)])
        conn.execute(
            insert(_NOTICE),
            [{"rung": 1, "person": f"p-{n}", "delivery": n, "at": NOW} for n in range(mails)],
        )


def _work(url: str, port: int, mails: int, start: Barrier) -> None:
    database = Database(url)
    settings = Settings(Path(), url, url, "vi", None, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="ntm@example.vn")
    engine = Engine(settings, database, random.SystemRandom(), lambda: NOW + timedelta(hours=1))
    with engine.looking():
        start.wait(60)
    send_round(engine, most=mails)
    engine.close()


class _Taking:
    async def handle_DATA(self, *_: object) -> str:  # noqa: N802  # aiosmtpd calls it so
        return "250 taken"


def _serve(port: int, stop: Any) -> None:  # noqa: ANN401  # an event of another process
    server = Controller(_Taking(), hostname="127.0.0.1", port=port)
    server.start()
    stop.wait()
    server.stop()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the mail server does not start")


def main() -> None:
    """Measure on the database that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", choices=FLOORS)
    parser.add_argument("--mails", type=int, default=2_000)
    asked = parser.parse_args()
    with new_database(asked.database) as database:
        print(json.dumps({**vars(asked), **measure(database, asked.mails)}))


if __name__ == "__main__":
    main()
