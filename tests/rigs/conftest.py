"""A busy province of one's own to spoil, made once for each kind of database and copied; how often to race."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.makers import a_province
from tests.postgres import Server
from tests.rigs.busy import Busy, make_busy
from tests.rigs.scale import times


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def make_copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Busy]:
    """Makes a copy of one busy province; on SQLite in the folder given."""
    if request.param == "sqlite":
        original = tmp_path_factory.mktemp("busy") / "dossier.db"
        owner = Database(f"sqlite:///{original}")
        upgrade(owner)
        province = a_province(owner)
        make_busy(province)
        owner.close()

        def copy_file(folder: Path) -> Busy:
            shutil.copy(original, folder / "dossier.db")
            url = f"sqlite:///{folder / 'dossier.db'}"
            return Busy(replace(province, database=Database(url)), Database(url))

        return copy_file

    server: Server = request.getfixturevalue("postgres")
    template = server.create_database()
    owner = Database(server.owner_url(template))
    upgrade(owner, application="dossier_app")
    owner.close()
    province = a_province(Database(server.app_url(template)))
    make_busy(province)
    province.database.close()

    def copy_database(_: Path) -> Busy:
        name = server.create_database(template)
        return Busy(replace(province, database=Database(server.app_url(name))), Database(server.owner_url(name)))

    return copy_database


@pytest.fixture
def busy(make_copy: Callable[[Path], Busy], tmp_path: Path) -> Iterator[Busy]:
    """A busy province that this test may spoil."""
    found = make_copy(tmp_path)
    yield found
    found.province.database.close()
    found.owner.close()


@pytest.fixture(params=[pytest.param(2, id="twice"), pytest.param(times(10), id="often", marks=pytest.mark.slow)])
def rounds(request: pytest.FixtureRequest) -> range:
    """How often the race is run, over one database and with the same racers."""
    return range(request.param)
