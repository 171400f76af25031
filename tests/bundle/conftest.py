"""One province's year for all the cases: nothing here writes to it, and no copy asks a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dossier_engine.bundle import Material
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.bundle.material import material_of, year
from tests.makers import Province, a_province


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    folder: Path = tmp_path_factory.mktemp("bundle")
    database = Database(f"sqlite:///{folder / 'dossier.db'}")
    upgrade(database)
    yield year(a_province(database))
    database.close()


@pytest.fixture(scope="session")
def material(lived: Province) -> Material:
    return material_of(lived)
