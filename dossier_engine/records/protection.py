"""Triggers that keep history append-only and bring every entry to the log, and the check that they are still there.

What was done to accounts is only added to as well: on PostgreSQL by the rights of the application's role alone.

SQLite fires no DELETE trigger for the rows that INSERT OR REPLACE throws away, so its BEFORE INSERT triggers are what
stops replacement: only the next `seq` of a stream is admitted, and nothing that meets a row by its other keys, the
idempotency key and SQLite's own rowid. On PostgreSQL the triggers are ENABLE ALWAYS, so
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
    # -1 is what a row that names no rowid has before it is stored.
    "history_no_replace": (
        "CREATE TRIGGER history_no_replace BEFORE INSERT ON history "
        "WHEN EXISTS (SELECT 1 FROM history WHERE rowid = NEW.rowid AND rowid <> -1) "
        "OR EXISTS (SELECT 1 FROM history WHERE actor = NEW.actor AND key = NEW.key) "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    ),
    "history_to_log": (
        "CREATE TRIGGER history_to_log AFTER INSERT ON history "
        "BEGIN INSERT INTO log_pending (stream, seq) VALUES (NEW.stream, NEW.seq); END"
    ),
    "access_event_no_update": (
        "CREATE TRIGGER access_event_no_update BEFORE UPDATE ON access_event "
        "BEGIN SELECT RAISE(ABORT, 'access_event is append-only'); END"
    ),
    "access_event_no_delete": (
        "CREATE TRIGGER access_event_no_delete BEFORE DELETE ON access_event "
        "BEGIN SELECT RAISE(ABORT, 'access_event is append-only'); END"
    ),
}

# Word for word what PostgreSQL says of its own objects when they stand as they should. The functions look nowhere but
# where they say: with the caller's search path, a temporary table called `history` would be asked for the last `seq`.
_POSTGRES_FUNCTION = """\
CREATE OR REPLACE FUNCTION public.{name}()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
  {body}
END
$function$
"""
_POSTGRES_FUNCTIONS = {
    "history_refuse": _POSTGRES_FUNCTION.format(
        name="history_refuse", body="RAISE EXCEPTION 'history is append-only';"
    ),
    "history_next": _POSTGRES_FUNCTION.format(
        name="history_next",
        body="""\
IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM history WHERE stream = NEW.stream) THEN
    RAISE EXCEPTION 'history seq must be the next of its stream';
  END IF;
  RETURN NEW;""",
    ),
    "history_pend": _POSTGRES_FUNCTION.format(
        name="history_pend",
        body="""\
INSERT INTO log_pending (stream, seq) VALUES (NEW.stream, NEW.seq);
  RETURN NULL;""",
    ),
}
_POSTGRES_TRIGGER = "CREATE TRIGGER {} {} ON public.history FOR EACH {} EXECUTE FUNCTION {}()"
_POSTGRES = {
    name: (_POSTGRES_TRIGGER.format(name, when, each, function), function)
    for name, when, each, function in (
        ("history_no_update", "BEFORE DELETE OR UPDATE", "ROW", "history_refuse"),
        ("history_no_truncate", "BEFORE TRUNCATE", "STATEMENT", "history_refuse"),
        ("history_next_seq", "BEFORE INSERT", "ROW", "history_next"),
        ("history_to_log", "AFTER INSERT", "ROW", "history_pend"),
    )
}
_POSTGRES_FOUND = text("""
SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, pg_get_functiondef(t.tgfoid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT w.rulename, pg_get_ruledef(w.oid), w.ev_enabled, ''
FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
""")
_SQLITE_FOUND = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_PROTECTED = ("history", "access_event", "week_page")
# Whatever else is written stays: the ledger of rungs and what was told of them too.
_EMPTIED = ("log_leaf", "log_node", "log_pending", "outbox", "private", "mail_template", "throttle")


def protect(connection: Connection, application: str | None = None) -> None:
    """Assert every trigger anew, in the caller's transaction, as the owner of the tables.

    On PostgreSQL `application` is the role the engine runs as: it may read and insert history, and what was done to
    accounts, and no more; change the other tables, and delete where the engine does.
    """
    if connection.dialect.name == "sqlite":
        for name, ddl in _SQLITE.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(ddl)
        return
    for source in _POSTGRES_FUNCTIONS.values():
        connection.exec_driver_sql(source)
    for name, (ddl, _) in _POSTGRES.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON public.history")
        connection.exec_driver_sql(ddl)
        connection.exec_driver_sql(f"ALTER TABLE public.history ENABLE ALWAYS TRIGGER {name}")
    if application is not None:
        _grant(connection, application)


def _grant(connection: Connection, application: str) -> None:
    role = connection.dialect.identifier_preparer.quote(application)
    connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {role}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    for table in TABLES:
        allowed = "SELECT, INSERT" + (", UPDATE" if table not in _PROTECTED else "")
        allowed += ", DELETE" if table in _EMPTIED else ""
        connection.exec_driver_sql(f'GRANT {allowed} ON "{table}" TO {role}')


def missing(connection: Connection) -> tuple[str, ...]:
    """The names of triggers that are absent, switched off or altered, and of triggers and rules that are not ours."""
    wanted: set[tuple[str, ...]]
    if connection.dialect.name == "sqlite":
        wanted, query = set(_SQLITE.items()), _SQLITE_FOUND
    else:
        wanted = {(name, ddl, "A", _POSTGRES_FUNCTIONS[function]) for name, (ddl, function) in _POSTGRES.items()}
        query = _POSTGRES_FOUND
    found = {tuple(row) for row in connection.execute(query)}
    return tuple(sorted({row[0] for row in wanted ^ found}))
