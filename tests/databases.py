"""Databases of both kinds, made once in a run and copied for each case: empty, or with the province in them."""

import random
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.makers import Province, a_province
from tests.postgres import Server


@dataclass
class Prepared:
    """What copies are made of: by kind a migrated database, one with the province, and who lives there."""

    folder: Path
    sources: dict[tuple[str, bool], str] = field(default_factory=dict)
    provinces: dict[str, Province] = field(default_factory=dict)

    def database(self, request: pytest.FixtureRequest, folder: Path, *, inhabited: bool = False) -> Database:
        """One of the kind that the fixture's parameter names; on PostgreSQL as the application sees it."""
        if request.param == "sqlite":
            return self.on_sqlite(folder, inhabited=inhabited)
        server: Server = request.getfixturevalue("postgres")
        if ("postgres", inhabited) not in self.sources:
            self._prepare_on(server)
        return Database(server.app_url(server.create_database(self.sources["postgres", inhabited])))

    def on_sqlite(self, folder: Path, *, inhabited: bool = False) -> Database:
        """One in a file of the folder."""
        if ("sqlite", inhabited) not in self.sources:
            self._prepare_files()
        return Database(f"sqlite:///{shutil.copy(self.sources['sqlite', inhabited], folder / 'dossier.db')}")

    def province(self, database: Database) -> Province:
        """The province in a copy that is inhabited, as it was when it had just been made."""
        known = self.provinces["sqlite" if database.is_sqlite else "postgres"]
        rng = random.Random()
        rng.setstate(known.rng.getstate())
        return replace(known, database=database, people=dict(known.people), rng=rng)

    def _prepare_files(self) -> None:
        empty, full = self.folder / "empty.db", self.folder / "inhabited.db"
        database = Database(f"sqlite:///{empty}")
        upgrade(database)
        database.close()
        database = Database(f"sqlite:///{shutil.copy(empty, full)}")
        self.provinces["sqlite"] = a_province(database)
        database.close()
        self.sources |= {("sqlite", False): str(empty), ("sqlite", True): str(full)}

    def _prepare_on(self, server: Server) -> None:
        empty = server.create_database()
        owner = Database(server.owner_url(empty))
        upgrade(owner, application="dossier_app")
        owner.close()
        full = server.create_database(empty)
        database = Database(server.app_url(full))
        self.provinces["postgres"] = a_province(database)
        database.close()
        self.sources |= {("postgres", False): empty, ("postgres", True): full}
