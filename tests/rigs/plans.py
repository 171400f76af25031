"""How the database finds what is asked: the plans of all statements that a question runs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import event
from sqlmodel import Session

from dossier_engine.records.database import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan, and whether what it reads is sorted before a page of it is cut off."""

    text: str
    sorts: bool


def explained(database: Database, question: Callable[[Session], T]) -> tuple[T, list[list[Step]]]:
    """What is answered, and the plan of each statement. PostgreSQL sorts only where no index has the order.

    Of the few rows of a test it would sort all, at no loss.
    """
    asked: list[tuple[str, Any]] = []
    with database.reading() as session:
        conn = session.connection()
        if not database.is_sqlite:
            conn.exec_driver_sql("SET LOCAL enable_sort = off")
        event.listen(conn, "before_cursor_execute", lambda _c, _k, sql, given, *_: asked.append((sql, given)))
        found = question(session)
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plans = [conn.exec_driver_sql(explain + sql, given).all() for sql, given in tuple(asked)]
    return found, [_on_sqlite(plan) if database.is_sqlite else _on_postgres(plan) for plan in plans]


def in_order(plan: Sequence[Step], index: str) -> int:
    """How many parts of the plan read `index` (a pattern) in its order, no further than a page."""
    return sum(not step.sorts for step in plan if re.search(rf"(INDEX|using) ({index})\b", step.text))


def _on_sqlite(plan: Sequence[Any]) -> list[Step]:
    sorting = {row.parent for row in plan if row.detail.startswith("USE TEMP B-TREE FOR ORDER BY")}
    return [Step(row.detail, row.parent in sorting) for row in plan]


def _on_postgres(plan: Sequence[Any]) -> list[Step]:
    found: list[Step] = []
    above: list[tuple[int, str]] = []  # the steps that what is read goes through, with how far they are set in
    for row in plan:
        depth, text = len(row[0]) - len(row[0].lstrip()), row[0].strip().removeprefix("->").strip()
        above = [(indent, step) for indent, step in above if indent < depth]
        cut = next((step for _, step in reversed(above) if step.startswith(("Limit", "Sort", "Incremental"))), "Sort")
        found.append(Step(text, not cut.startswith("Limit")))
        above.append((depth, text))
    return found
