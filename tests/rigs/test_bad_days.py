"""Bad days of what the engine leans on: a broker that comes late, a mail server that is slow, down, or forgetful."""

import random
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import delivery, wiring
from config.rounds import sweep_round
from config.running import broker
from config.settings import Settings, read
from config.wiring import Engine
from dossier_engine.records.tables import TABLES
from tests.channels.servers import Mailbox, mail_server
from tests.makers import Province, at
from tests.processes import until
from tests.rigs.fallen import flaws, left, many_dossiers, on_its_own_clock, sealed, taken
from tests.rigs.house import work
from tests.rigs.programs import BEAT, WORKER, programs
from tests.rigs.racing import PROCESSES
from tests.valkey_plugin import Valkey, serving

DOSSIERS = 10
MORNING = at("2024-07-17", 7, 31)

_DELIVERY = TABLES["delivery"]


def a_morning(province: Province) -> int:
    """A mail for each of many people, due at half past seven; how many."""
    many_dossiers(province, DOSSIERS)
    province.sweep("2024-07-16", 8)
    province.sweep("2024-07-17", 7)
    with province.database.reading() as session:
        return int(session.execute(select(func.count()).select_from(_DELIVERY)).scalar_one())


def a_sender(province: Province, box: Mailbox, minutes: int = 0) -> Engine:
    """An installation so many minutes after the morning's mail is due."""
    url = province.database.url.render_as_string(hide_password=False)
    settings = Settings(Path(), url, url, "vi", None, smtp_url=f"smtp://127.0.0.1:{box.port}",
                        mail_from="ntm@example.vn")  # fmt: skip
    return Engine(settings, province.database, random.Random(minutes), lambda: MORNING + timedelta(minutes=minutes))


def test_a_mail_server_that_is_down_for_a_morning_gets_every_mail_once(province: Province) -> None:
    wanted = a_morning(province)
    box = Mailbox(port=broker.free_port())

    down = [delivery.round(a_sender(province, box, minutes)).down for minutes in range(0, 240, 30)]
    with mail_server(box):
        delivery.round(a_sender(province, box, 240))

    assert all(down)
    assert (len(taken(box)), taken(box).total()) == (wanted, wanted)


def test_a_server_that_takes_mails_and_dies_gets_only_those_twice(province: Province) -> None:
    wanted = a_morning(province)
    box = Mailbox(hangs_up_after_data=3)

    with mail_server(box):
        for minutes in (0, 5, 20, 60, 240):
            delivery.round(a_sender(province, box, minutes))

    received = taken(box)
    with province.database.reading() as session:
        assert received == sealed(session, "sent")
        assert left(session, MORNING + timedelta(hours=5)) == 0
    assert (len(received), received.total() - len(received)) == (wanted, 3)


@pytest.mark.slow
def test_a_sender_killed_between_sending_and_settling_repeats_what_it_held_and_no_more(province: Province) -> None:
    wanted, url = a_morning(province), province.database.url.render_as_string(hide_password=False)
    board = PROCESSES.RawArray("d", 8)
    board[0], board[1], board[2] = MORNING.timestamp(), 1, 1  # it is morning, the house is open, and a beat ticked

    with mail_server(Mailbox(silence=0.05)) as box:
        smtp = f"smtp://127.0.0.1:{box.port}"
        sender = PROCESSES.Process(target=work, args=(board, 4, url, smtp, "deliver", 1), daemon=True)
        sender.start()
        until(lambda: len(box.mails) >= 3, "three mails")
        sender.kill()
        sender.join()
        time.sleep(0.2)  # what it was just giving to the server arrives
        before = taken(box)
        delivery.round(a_sender(province, box, 5))
        within_the_lease = taken(box)
        delivery.round(a_sender(province, box, 11))

    assert 3 <= len(before) < wanted
    assert within_the_lease == before
    assert taken(box) == dict.fromkeys(taken(box), 1) | dict.fromkeys(before, 2)
    assert len(taken(box)) == wanted


@pytest.mark.slow
def test_a_broker_that_comes_after_the_workers_and_is_restarted_empty_costs_only_time(
    province: Province, tmp_path: Path
) -> None:
    many_dossiers(province, DOSSIERS)
    on_its_own_clock(province, at("2024-07-16", 8))
    port = broker.free_port()
    environment = {
        "DOSSIER_HOME": str(tmp_path), "DOSSIER_BROKER_URL": Valkey(port).url, "DOSSIER_CLOCK": "speed=2",
        "DOSSIER_DATABASE_URL": province.database.url.render_as_string(hide_password=False),
    }  # fmt: skip
    engine = wiring.open(read(environment))

    def is_swept() -> bool:
        running.tend()
        with province.database.reading() as session:
            return left(session, engine.now()) == 0

    with programs(environment, tmp_path / "celery.log") as running:
        running.start(*WORKER)
        running.start(*BEAT)
        time.sleep(2)
        assert not is_swept()
        for life in ("first", "second"):
            folder = tmp_path / life
            folder.mkdir()
            with serving(folder, port):
                until(is_swept, f"a sweep with the {life} broker", seconds=90)
            week = timedelta(days=8)
            engine.set_clock(lambda pace, true, week=week: pace.driven(true, speed=1, lease=timedelta(), ahead=week))
            assert not is_swept()
    sweep_round(engine)
    now = engine.now()
    engine.close()

    with province.database.reading() as session:
        assert flaws(session, province.law, now) == []
