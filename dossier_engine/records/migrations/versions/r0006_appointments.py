"""Appointments can be ended, at once too: the period of one that was may hold no day."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, true for none so far, and let the rule about periods ask it."""
    with op.batch_alter_table("appointment") as appointment:
        appointment.add_column(sa.Column("ended", sa.Boolean(), nullable=False, server_default=sa.false()))
        appointment.drop_constraint("appointment_period", type_="check")
        appointment.create_check_constraint("appointment_period", "ended OR valid_to IS NULL OR valid_to >= valid_from")
    with op.batch_alter_table("appointment") as appointment:
        appointment.alter_column("ended", server_default=None)
