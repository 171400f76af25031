"""The few fixtures: a fresh database of each kind, and a province in it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dossier_engine.records.database import Database
from tests.databases import of_param
from tests.makers import Province, a_province

# How long an example takes says what else the machine does, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

pytest_plugins = ["tests.postgres_plugin", "tests.soak_plugin", "tests.valkey_plugin", "tests.due_plugin"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that in the end no worker has them for itself."""
    items.sort(key=lambda item: "stateful" not in item.path.parts)


@pytest.fixture(autouse=True, scope="module")
def _settled() -> None:
    """What earlier modules left in memory is not gone through again by every collection of garbage in later ones."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database."""
    found = of_param(request, tmp_path)
    yield found
    found.close()


@pytest.fixture
def province(database: Database) -> Province:
    """Hải Dương with its cast, nothing registered."""
    return a_province(database)
