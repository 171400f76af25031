"""Empty, migrated databases of both kinds."""

from pathlib import Path

import pytest

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.postgres import Server


def on_sqlite(folder: Path) -> Database:
    """One in a file of the folder."""
    made = Database(f"sqlite:///{folder / 'dossier.db'}")
    upgrade(made)
    return made


def of_param(request: pytest.FixtureRequest, folder: Path) -> Database:
    """One of the kind that the fixture's parameter names; on PostgreSQL as the application sees it."""
    if request.param == "sqlite":
        return on_sqlite(folder)
    server: Server = request.getfixturevalue("postgres")
    name = server.create_database()
    owner = Database(server.owner_url(name))
    upgrade(owner, application="dossier_app")
    owner.close()
    return Database(server.app_url(name))
