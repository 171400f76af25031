"""Brings a database to the schema of this version, as the owner of its tables."""

from collections.abc import Iterator
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, column, delete, insert, inspect, table
from sqlmodel import SQLModel

from dossier_engine.errors import SchemaDiffers
from dossier_engine.records.database import REVISION, Database
from dossier_engine.records.protection import protect  # its tables complete the metadata

_VERSION = table("alembic_version", column("version_num"))
_PARENTHESES = str.maketrans("()", "  ")


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(owner: Database, application: str | None = None) -> str | None:
    """Run what is missing, re-assert the triggers, grant the `application` role its rights; commits.

    Returns the revision found before. One transaction: a database is at one revision or the other, never between.
    Raises SchemaDiffers for a database of a newer version, DatabaseUnavailable.
    """
    scripts = _scripts()
    with owner.migrating() as connection:
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": False})
        found = context.get_current_revision()
        if found is not None and found > REVISION:
            raise SchemaDiffers(owner.name, found, REVISION, "newer")
        with Operations.context(context):
            for revision in reversed(list(scripts.iterate_revisions(REVISION, found or "base"))):
                revision.module.upgrade()
        if found != REVISION:
            context._ensure_version_table()  # noqa: SLF001  # alembic has no public way outside its own runner
            connection.execute(delete(_VERSION))
            connection.execute(insert(_VERSION), {"version_num": REVISION})
        protect(connection, application)
    return found


def differences(connection: Connection) -> list[str]:
    """How the tables found differ from those this version was written against; empty when they agree."""
    found = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    return [*map(str, found), *_constraints(connection)]


def _constraints(connection: Connection) -> Iterator[str]:
    """What alembic does not compare: primary keys and CHECK constraints, of the tables that are there."""
    inspector = inspect(connection)
    checks = inspector.get_multi_check_constraints()
    for (_, name), key in inspector.get_multi_pk_constraint().items():
        table = SQLModel.metadata.tables.get(name)
        if table is None:
            continue
        held = {_rule(c["name"], c["sqltext"]) for c in checks.get((None, name), ())}
        ours = {_rule(c.name, str(c.sqltext)) for c in table.constraints if isinstance(c, CheckConstraint)}
        held.add(f"primary key {', '.join(key['constrained_columns'])}")
        ours.add(f"primary key {', '.join(table.primary_key.columns.keys())}")
        yield from (f"missing in {name}: {rule}" for rule in sorted(ours - held))
        yield from (f"not ours in {name}: {rule}" for rule in sorted(held - ours))


def _rule(name: object, condition: str) -> str:
    """A CHECK without parentheses, which PostgreSQL sets as it likes."""
    return f"check {name}: {' '.join(condition.translate(_PARENTHESES).split())}"
