"""The tables, with the rules that must never break as constraints.

Table models do not validate (SQLModel, `table=True`); commands check values before they come here. Keys named
`id` never leave the database: entries and faces use codes. `history` is written by `records/history.py` alone and
protected by the triggers of `records/protection.py`.
"""

from datetime import date

from sqlmodel import SQLModel

from dossier_engine.records.tables import (
    access,
    deliveries,
    dossiers,
    evidence,
    history,
    log,
    people,
    reminders,
    territory,
    weeks,
)

# Existed before our data begins: the first day of a locality whose `valid_from` no source states.
NOT_STATED = date(1, 1, 1)

# Every table by name, for Core statements.
TABLES = SQLModel.metadata.tables

__all__ = [
    "NOT_STATED", "TABLES", "access", "deliveries", "dossiers", "evidence", "history", "log", "people", "reminders",
    "territory", "weeks",
]  # fmt: skip
