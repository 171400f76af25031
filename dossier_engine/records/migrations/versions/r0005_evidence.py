"""What is known of the evidence files that are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table. Triggers and grants are asserted after each migration, not here."""
    op.create_table(
        "evidence_file",
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by", sa.String(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64 AND size >= 1", name="evidence_file_shape"),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"]),
        sa.ForeignKeyConstraint(["stored_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("dossier", "sha256"),
    )
