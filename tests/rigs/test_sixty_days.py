"""`dossier up` lives through weeks at a day a second: no program dies, and no rung of all those days is unexplained."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from config import wiring
from config.rounds import sweep_round
from config.settings import read
from tests.makers import Province, at
from tests.processes import until
from tests.rigs.fallen import accounted, flaws, many_dossiers, on_its_own_clock
from tests.rigs.scale import times
from tests.soak_plugin import keep

DAYS = times(30)
DOSSIERS = 20
UP = [sys.executable, "-c", "from dossier_engine.cli import main; main()", "up", "--json", "--port", "0"]


@pytest.mark.slow
def test_a_worker_and_a_beat_live_through_weeks_at_speed(province: Province, tmp_path: Path) -> None:
    many_dossiers(province, DOSSIERS)
    begins = at("2024-07-10", 8)
    on_its_own_clock(province, begins)
    own = {
        "DOSSIER_HOME": str(tmp_path), "DOSSIER_CLOCK": "speed=86400",
        "DOSSIER_DATABASE_URL": province.database.url.render_as_string(hide_password=False),
    }  # fmt: skip
    engine = wiring.open(read(own))

    with (tmp_path / "up.log").open("wb") as log:
        environment = {**os.environ, **own}  # noqa: TID251  # what the tests themselves run in
        up = subprocess.Popen(UP, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: engine.now() > begins + timedelta(days=DAYS), "the last of the days", seconds=3 * DAYS + 60)
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(30)
    said = Counter(
        json.loads(line)["event"] for line in (tmp_path / "up.log").read_text("utf-8").splitlines() if line[0] == "{"
    )
    sweep_round(engine)
    now = engine.now()
    engine.close()

    assert (up.returncode, said["died"], said["stopped"]) == (0, 0, 1)
    assert said["swept"] > 3
    with province.database.reading() as session:
        assert flaws(session, province.law, now) == []
        outcomes = accounted(session, province.law, now).outcomes
    assert outcomes["sent"] + outcomes["late"] > DOSSIERS
    keep({"test": "sixty days", "database": "SQLite" if province.database.is_sqlite else "PostgreSQL", "days": DAYS,
          "dossiers": DOSSIERS, "rungs": outcomes})  # fmt: skip
