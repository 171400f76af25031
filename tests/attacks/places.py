"""Houses to attack: one lived through on a kind of database, and a copy of it for each attack."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copy

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.attacks.house import House, copied, live, settle, witnessed
from tests.postgres import Server

Copies = Callable[[Path], House]


def on_sqlite(folder: Path) -> Copies:
    """Makes copies of a house in a file."""
    file = folder / "dossier.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    house = settle(database, folder)
    with witnessed(house):
        live(house)
    database.close()

    def made(into: Path) -> House:
        into.mkdir(exist_ok=True)
        copy(file, into / file.name)
        found = Database(f"sqlite:///{into / file.name}")
        return copied(house, found, found, into)

    return made


def on_postgres(server: Server, folder: Path) -> Copies:
    """Makes copies of a house on a server."""
    template = server.create_database()
    owner, database = Database(server.owner_url(template)), Database(server.app_url(template))
    upgrade(owner, application="dossier_app")
    house = settle(database, folder)
    house = replace(house, busy=replace(house.busy, owner=owner))
    with witnessed(house):
        live(house)
    owner.close()
    database.close()

    def made(into: Path) -> House:
        into.mkdir(exist_ok=True)
        name = server.create_database(template)
        return copied(house, Database(server.app_url(name)), Database(server.owner_url(name)), into)

    return made


@contextmanager
def a_copy(copies: Copies, folder: Path) -> Iterator[House]:
    """A house to attack, with its witnesses listening."""
    house = copies(folder)
    with witnessed(house):
        yield house
    house.busy.province.database.close()
    house.busy.owner.close()
