"""The first schema: territory, people, definitions, dossiers with their facts and deadlines, and history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table. Triggers and grants are asserted after each migration, not here."""
    op.create_table(
        "counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series"),
    )
    op.create_table(
        "definition",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("activation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
        sa.UniqueConstraint("activation"),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_table(
        "history",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq >= 1 AND length(leaf) = 32", name="history_shape"),
        sa.PrimaryKeyConstraint("stream", "seq"),
        sa.UniqueConstraint("actor", "key", name="history_actor_key"),
    )
    op.create_table(
        "installation",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_speed", sa.Integer(), nullable=True),
        sa.Column("clock_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.CheckConstraint(
            "demonstration OR (clock_at IS NULL AND clock_since IS NULL AND clock_speed IS NULL"
            " AND clock_until IS NULL)",
            name="true_clock",
        ),
        sa.CheckConstraint(
            "NOT demonstration OR (clock_at IS NOT NULL AND clock_since IS NOT NULL AND clock_speed IS NOT NULL"
            " AND clock_until IS NOT NULL)",
            name="own_clock",
        ),
        sa.CheckConstraint("one = 1", name="installation_once"),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "locality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("abbreviation", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name_search", sa.String(), nullable=False),
        sa.Column("name_sort", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", "valid_from"),
    )
    op.create_index("ix_locality_path", "locality", ["path"], unique=False)
    op.create_index("locality_search", "locality", ["name_search"], unique=False)
    op.create_table(
        "office",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("office_seat", "office", ["kind", "path"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
    )
    op.create_table(
        "plan",
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("province", "year"),
    )
    op.create_table(
        "stream",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("office_path", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("head", sa.Boolean(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="appointment_period"),
        sa.ForeignKeyConstraint(["office"], ["office.code"]),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"]),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person", "role", "office", "valid_from", "on_behalf_of"),
    )
    op.create_index("ix_appointment_office", "appointment", ["office"], unique=False)
    op.create_index("ix_appointment_person", "appointment", ["person"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("locality", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("territory", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("holder_role", sa.String(), nullable=True),
        sa.Column("holder_path", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage_seq", sa.Integer(), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("linked", sa.String(), nullable=True),
        sa.Column("acted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("is_open = (holder_role IS NOT NULL)", name="dossier_open_has_holder"),
        sa.CheckConstraint("version >= 1 AND seq >= version AND round >= 1", name="dossier_counts"),
        sa.ForeignKeyConstraint(["definition"], ["definition.sha256"]),
        sa.ForeignKeyConstraint(["locality"], ["locality.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index(
        "dossier_one_open",
        "dossier",
        ["workflow", "locality", "office", "target_year"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("dossier_scope", "dossier", ["territory", "code"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("holder_role", sa.String(), nullable=True),
        sa.Column("holder_path", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["stream", "seq"], ["history.stream", "history.seq"]),
        sa.PrimaryKeyConstraint("stream", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "private",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["stream", "seq"], ["history.stream", "history.seq"]),
        sa.PrimaryKeyConstraint("stream", "seq", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recognition",
        sa.Column("locality", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["locality"], ["locality.id"]),
        sa.PrimaryKeyConstraint("locality", "level", "target_year", "source"),
    )
    op.create_table(
        "deadline",
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("stage_seq", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extended_until", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"]),
        sa.PrimaryKeyConstraint("dossier", "stage_seq", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fact",
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage_seq", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("void_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"]),
        sa.PrimaryKeyConstraint("dossier", "requirement", "item", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "fact_current",
        "fact",
        ["dossier", "requirement", "item"],
        unique=True,
        sqlite_where=sa.text("void_seq IS NULL"),
        postgresql_where=sa.text("void_seq IS NULL"),
    )
    op.create_table(
        "pause",
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage_seq", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"]),
        sa.PrimaryKeyConstraint("dossier", "seq"),
    )
    op.create_table(
        "performed",
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("separation", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("transition", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"]),
        sa.PrimaryKeyConstraint("dossier", "separation", "person"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wake",
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"]),
        sa.PrimaryKeyConstraint("dossier"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "wake_due",
        "wake",
        ["at", "dossier"],
        unique=False,
        sqlite_where=sa.text("at IS NOT NULL"),
        postgresql_where=sa.text("at IS NOT NULL"),
    )
