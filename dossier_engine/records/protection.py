"""Triggers that keep history append-only, in both databases, and the check that they are still there.

SQLite fires no DELETE trigger for the row that INSERT OR REPLACE throws away, so its BEFORE INSERT trigger, which
admits only the next `seq` of a stream, is what stops replacement. On PostgreSQL the triggers are ENABLE ALWAYS, so
`session_replication_role` does not switch them off; whoever owns the table can still drop them, which is why
`audit verify` looks.
"""

from sqlalchemy import Connection, text

from dossier_engine.records.tables import TABLES

_SQLITE = {
    "history_no_update": (
        "CREATE TRIGGER history_no_update BEFORE UPDATE ON history "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    ),
    "history_no_delete": (
        "CREATE TRIGGER history_no_delete BEFORE DELETE ON history "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    ),
    "history_next_seq": (
        "CREATE TRIGGER history_next_seq BEFORE INSERT ON history "
        "WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM history WHERE stream = NEW.stream) "
        "BEGIN SELECT RAISE(ABORT, 'history seq must be the next of its stream'); END"
    ),
}

_REFUSE = """
BEGIN
  RAISE EXCEPTION 'history is append-only';
END
"""
_NEXT = """
BEGIN
  IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM history WHERE stream = NEW.stream) THEN
    RAISE EXCEPTION 'history seq must be the next of its stream';
  END IF;
  RETURN NEW;
END
"""
_POSTGRES_FUNCTIONS = {"history_refuse": _REFUSE, "history_next": _NEXT}
_POSTGRES = {
    "history_no_update": ("BEFORE UPDATE OR DELETE", "ROW", "history_refuse"),
    "history_no_truncate": ("BEFORE TRUNCATE", "STATEMENT", "history_refuse"),
    "history_next_seq": ("BEFORE INSERT", "ROW", "history_next"),
}
_PROTECTED = ("history",)


def protect(connection: Connection, application: str | None = None) -> None:
    """Assert every trigger anew, in the caller's transaction, as the owner of the tables.

    On PostgreSQL `application` is the role the engine runs as: it may read and insert history and no more.
    """
    if connection.dialect.name == "sqlite":
        for name, ddl in _SQLITE.items():
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.exec_driver_sql(ddl)
        return
    for name, source in _POSTGRES_FUNCTIONS.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${source}$$"
        )
    for name, (when, each, function) in _POSTGRES.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON history")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} {when} ON history FOR EACH {each} EXECUTE FUNCTION {function}()"
        )
        connection.exec_driver_sql(f"ALTER TABLE history ENABLE ALWAYS TRIGGER {name}")
    if application is not None:
        _grant(connection, application)


def _grant(connection: Connection, application: str) -> None:
    role = connection.dialect.identifier_preparer.quote(application)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {role}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    for table in TABLES:
        allowed = "SELECT, INSERT" if table in _PROTECTED else "SELECT, INSERT, UPDATE, DELETE"
        connection.exec_driver_sql(f'REVOKE ALL ON "{table}" FROM {role}')
        connection.exec_driver_sql(f'GRANT {allowed} ON "{table}" TO {role}')


def missing(connection: Connection) -> tuple[str, ...]:
    """The names of triggers that are absent, switched off or altered."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        found = {str(name): str(sql) for name, sql in rows}
        return tuple(name for name, ddl in _SQLITE.items() if found.get(name) != ddl)
    rows = connection.execute(
        text(
            "SELECT t.tgname, p.proname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid = 'history'::regclass AND NOT t.tgisinternal AND t.tgenabled = 'A'"
        )
    )
    enabled = {str(trigger): (str(function), str(source)) for trigger, function, source in rows}
    wanted = {name: (function, _POSTGRES_FUNCTIONS[function]) for name, (_, _, function) in _POSTGRES.items()}
    return tuple(name for name, body in wanted.items() if enabled.get(name) != body)
