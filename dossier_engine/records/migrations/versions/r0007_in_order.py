"""Whoever sees a whole province finds in order what is due first and what was finished last, without sorting it all."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add an index of open dossiers, one of finished ones, and one of deadlines beside those of states."""
    for name, table, columns, condition in (
        ("dossier_held", "dossier", ["holder_role", "due_on", "code"], "is_open"),
        ("dossier_over", "dossier", ["recorded_at", "code"], "NOT is_open"),
        ("deadline_beside", "deadline", ["due_on"], "met_on IS NULL AND rule NOT LIKE 'state:%'"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
