"""Whoever sees a whole province finds in order what is due first and what happened last, without sorting all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add indexes of open dossiers, of finished ones, of deadlines beside those of states, and of what happened."""
    for name, table, columns, condition in (
        ("dossier_held", "dossier", ["holder_role", "due_on", "code"], "is_open"),
        ("dossier_over", "dossier", ["recorded_at", "code"], "NOT is_open"),
        ("history_of_dossiers", "history", ["recorded_at", "stream", "seq"], "substr(stream, 1, 8) = 'dossier/'"),
        ("deadline_beside", "deadline", ["due_on"], "met_on IS NULL AND rule NOT LIKE 'state:%'"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
