"""The few fixtures: a fresh database of each kind, and a province in it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dossier_engine.records.database import Database
from tests.databases import Prepared
from tests.makers import Province

# How long an example takes says what else the machine does, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

pytest_plugins = ["tests.postgres_plugin", "tests.soak_plugin", "tests.valkey_plugin", "tests.due_plugin"]


_HERE = Path(__file__).parent
# Whose cases on SQLite reach every branch of the rules and commands, if they are quick or named here one by one: to
# count branches takes half as long again.
_MEASURED = ("bundle", "commands", "config", "letters", "queries", "records", "rules", "workflows")
_MEASURED_TOO = ("api/test_session.py", "config/test_signing_in.py", "test_errors.py", "web/test_account_pages.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that in the end no worker has them for itself; and mark whose branches are counted."""
    items.sort(key=lambda item: "stateful" not in item.path.parts)
    for item in items:
        where = item.path.relative_to(_HERE)
        is_quick = item.get_closest_marker("slow") is None and where.parts[0] in _MEASURED
        if item.get_closest_marker("postgres") is None and (is_quick or where.as_posix() in _MEASURED_TOO):
            item.add_marker("measured")


@pytest.fixture(autouse=True, scope="module")
def _settled() -> None:
    """What earlier modules left in memory is not gone through again by every collection of garbage in later ones."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Where databases are copied from."""
    return Prepared(tmp_path_factory.mktemp("copies"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, copies: Prepared, tmp_path: Path) -> Iterator[Database]:
    """A migrated database: empty, or with the province in it where that is asked for too."""
    found = copies.database(request, tmp_path, inhabited="province" in request.fixturenames)
    yield found
    found.close()


@pytest.fixture
def province(database: Database, copies: Prepared) -> Province:
    """Hải Dương with its cast, nothing registered."""
    return copies.province(database)
