"""Sessions on SQLite and PostgreSQL, and the translation of their failures into refusals.

SQLite: WAL, `synchronous=FULL`, one engine that writes with BEGIN IMMEDIATE and one that can only read; the
driver's own transaction handling is off, because with it racing updates are lost without an error. PostgreSQL:
READ COMMITTED for writing (constraints and row locks carry the rules), a read-only snapshot for reading.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, Engine, column, create_engine, event, make_url, select, table
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlmodel import Session

from dossier_engine.errors import DatabaseUnavailable, SchemaDiffers
from dossier_engine.records.prepared import Prepared

# The revision the code was written against; `records/migrations` brings a database there.
REVISION = "0008"

_REVISION = Prepared(select(column("version_num")).select_from(table("alembic_version")))
_BUSY_MS = 5_000
_SQLITE_WHY = {
    "SQLITE_READONLY": "read_only",
    "SQLITE_FULL": "disk_full",
    "SQLITE_IOERR": "disk_full",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_CANTOPEN": "cannot_open",
    "SQLITE_NOTADB": "not_a_database",
    "SQLITE_CORRUPT": "not_a_database",
}
# Parameters as the server itself numbers them: psycopg would read a statement with more than fifty anew each time.
_NUMBERED = {"paramstyle": "numeric_dollar", "connect_args": {"cursor_factory": RawCursor}}
_POSTGRES_WHY = {
    "25006": "read_only",  # a standby, or told to be
    "53100": "disk_full",
    "40P01": "busy",  # two transactions waited for each other
    "55P03": "busy",  # lock_timeout
    "57014": "busy",  # statement_timeout
}


class Database:
    """One database by its SQLAlchemy URL (`sqlite:////path` or `postgresql+psycopg://…`)."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._path = Path(self.url.database or "")
        self._writer = self._engine(read_only=False)
        self._reader = self._engine(read_only=True)

    @property
    def name(self) -> str:
        """The URL without its password, for messages."""
        return self.url.render_as_string(hide_password=True)

    def _engine(self, *, read_only: bool) -> Engine:
        if not self.is_sqlite:
            isolation: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if read_only else {}
            engine = create_engine(self.url, **isolation, **_NUMBERED)
            if read_only:
                event.listen(engine, "begin", _begin_read_only)
            return engine
        engine = create_engine(self.url)
        event.listen(engine, "connect", _sqlite_reader if read_only else _sqlite_writer)
        # The dialect's own hook: a listener to `begin` makes every connection pay for the machinery of events.
        engine.dialect.do_begin = _begin_deferred if read_only else _begin_immediate  # type: ignore[assignment]
        return engine

    @contextmanager
    def writing(self, *, commit: bool = True) -> Iterator[Session]:
        """A session in one transaction, committed at the end; `commit=False` undoes it all (a dry run).

        Raises SchemaDiffers or DatabaseUnavailable.
        """
        self._check_present()
        with self._translated(), self._writer.begin() as connection:
            self._check_schema(connection)
            session = _Joined(connection)
            yield session
            session.flush()
            if not commit:
                connection.rollback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one snapshot that cannot write. Raises SchemaDiffers or DatabaseUnavailable."""
        self._check_present()
        with self._translated(), Session(self._reader) as session:
            self._check_schema(session.connection())
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A connection in one transaction, whatever the schema: for `records/migrations` alone."""
        if self.is_sqlite:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DatabaseUnavailable(self.name, "cannot_open") from error
        with self._translated(), self._writer.begin() as connection:
            yield connection

    def revision(self) -> str | None:
        """The schema revision found, or None where the database was never initialised."""
        if self._is_missing():
            return None
        with self._translated(), self._reader.connect() as connection:
            return _revision(connection)

    def _is_missing(self) -> bool:
        try:
            return self.is_sqlite and not self._path.exists()
        except OSError:  # a closed folder; SQLite will say that it cannot open the file
            return False

    def _check_present(self) -> None:
        """SQLite would make an empty database of a name that was mistyped."""
        if self._is_missing():
            raise SchemaDiffers(self.name, None, REVISION, "not_initialised")

    def _check_schema(self, connection: Connection) -> None:
        found = _revision(connection)
        if found != REVISION:
            why = "not_initialised" if found is None else "newer" if found > REVISION else "older"
            raise SchemaDiffers(self.name, found, REVISION, why)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            why = _why(error)
            if why is None:
                raise
            raise DatabaseUnavailable(self.name, why) from error

    def forget(self) -> None:
        """Leave the connections to the process this one was forked from, and make new ones."""
        self._writer.dispose(close=False)
        self._reader.dispose(close=False)

    def close(self) -> None:
        """Give every pooled connection back."""
        self._writer.dispose()
        self._reader.dispose()


class _Joined(Session):
    """A session in the transaction of its connection, which is kept outside it: half the cost of one of its own."""

    def connection(self, *_: object, **__: object) -> Connection:
        """The connection itself; the session joins the transaction only when it is asked for more."""
        assert isinstance(self.bind, Connection)  # noqa: S101  # for the type checker
        return self.bind


def _revision(connection: Connection) -> str | None:
    try:
        found = _REVISION.lines(connection, {})
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" in str(error.orig):  # what both databases say of a table that is not there
            return None
        raise
    return str(found[0][0]) if found else None


def _why(error: DBAPIError) -> str | None:
    """Why the database cannot serve, or None where the error is not the database's."""
    if isinstance(error.orig, sqlite3.Error):
        name = getattr(error.orig, "sqlite_errorname", "")  # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
        return next((why for kind, why in _SQLITE_WHY.items() if name.startswith(kind)), None)
    known = _POSTGRES_WHY.get(str(getattr(error.orig, "sqlstate", None)))
    return known or ("unreachable" if isinstance(error, OperationalError | InterfaceError) else None)


def _sqlite_writer(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    _pragmas(connection, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON")


def _sqlite_reader(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    _pragmas(connection, "query_only=ON")


def _pragmas(connection: sqlite3.Connection, *pragmas: str) -> None:
    connection.isolation_level = None  # BEGIN is ours, in `do_begin`
    for pragma in (f"busy_timeout={_BUSY_MS}", "trusted_schema=OFF", *pragmas):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: PoolProxiedConnection) -> None:
    connection.cursor().execute("BEGIN IMMEDIATE")


def _begin_deferred(connection: PoolProxiedConnection) -> None:
    connection.cursor().execute("BEGIN")


def _begin_read_only(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
