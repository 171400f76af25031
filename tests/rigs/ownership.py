"""The other side of an installation: whoever owns the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from dossier_engine.records.database import Database
from tests.postgres import OWNER


@contextmanager
def as_owner(database: Database) -> Iterator[Database]:
    """The same database as the owner of its tables opens it; on SQLite everybody is."""
    if database.is_sqlite:
        yield database
        return
    found = Database(database.url.set(username=OWNER, password=OWNER).render_as_string(hide_password=False))
    try:
        yield found
    finally:
        found.close()
