"""A small demonstration in which much has fallen due: made once for a run, copied for each test that asks for it."""

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.adoption import adopt_province
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.rules.pace import standing
from tests.makers import CAM_HUNG, LUONG_DIEN, SETUP, a_province, at


@pytest.fixture(scope="session")
def due(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database on 9 December 2024 in which two dossiers were registered in April and then forgotten."""
    file = tmp_path_factory.mktemp("due") / "dossier.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    province = a_province(database)
    pace = standing(at("2024-12-09", 8), datetime.now(UTC))  # noqa: TID251  # the true clock is where it begins
    with database.writing() as session:
        adopt_province(session, SETUP, now=at("2024-01-02"), rng=random.Random(1), pace=pace)
    province.register("xa", CAM_HUNG, on="2024-04-15")
    province.register("xa2", LUONG_DIEN, on="2024-04-15")
    database.close()
    return file


@pytest.fixture
def home(due: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a copy, which the environment names."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(due, folder / "dossier.db")
    for variable in ("DOSSIER_DATABASE_URL", "DOSSIER_OWNER_URL", "DOSSIER_BROKER_URL", "DOSSIER_CLOCK"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DOSSIER_HOME", str(folder))
    return folder
