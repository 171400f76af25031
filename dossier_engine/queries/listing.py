"""Which dossiers there are: narrowed, put in order, and given page by page without counting what lies before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, CompoundSelect, Select, desc, func, or_, select, tuple_, union_all
from sqlmodel import Session

from dossier_engine.errors import BadInput, NotFound
from dossier_engine.queries.worklist import DISTRICT, DOSSIER, LOCALITY, Line, Place, held, lines, read
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.records.tables.dossiers import IS_OVER
from dossier_engine.rules.authority import ROLES
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import Limit, due_on
from dossier_engine.rules.names import closest, fold

_ESCALATION = TABLES["escalation"]
_ESCALATED = (
    select(_ESCALATION.c.dossier)
    .where(_ESCALATION.c.dossier == DOSSIER.c.id, _ESCALATION.c.stage_seq == DOSSIER.c.stage_seq,
           _ESCALATION.c.closed_seq.is_(None))
    .exists()
)  # fmt: skip
# By what dossiers are listed, and how its value is read again from a place; what has no date comes last.
ORDERS: Mapping[str, tuple[ColumnElement[Any], Callable[[str], Any]]] = {
    "code": (DOSSIER.c.code, str),
    "name": (LOCALITY.c.name_sort, str),
    "due_on": (func.coalesce(DOSSIER.c.due_on, date.max), date.fromisoformat),
    "updated_at": (DOSSIER.c.recorded_at, datetime.fromisoformat),
}
Urgency = Literal["overdue", "due_soon", "not_due", "paused"]
# Within how many working days a date is near.
_SOON = Limit(days=10, unit="working_days", before=None, start="entered", source="", status="configured")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to list; every field narrows, None and an empty tuple do not; of a tuple any value will do.

    `name` and `district` are searched without accents. `urgencies` are judged by the day the list is made.
    """

    states: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    holders: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    localities: tuple[str, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    district: str | None = None
    name: str | None = None
    is_open: bool | None = None
    escalated: bool | None = None
    due_from: date | None = None
    due_to: date | None = None
    updated_since: datetime | None = None
    codes: frozenset[str] | None = None

    @property
    def asks_for_places(self) -> bool:
        """Whether the dossier alone does not tell if it is wanted."""
        return bool(self.localities) or self.district is not None or self.name is not None


@dataclass(frozen=True, slots=True)
class Order:
    """By what to list: a key of `ORDERS`, then the code, both the other way round if `descending`."""

    by: str = "code"
    descending: bool = False


def listing(
    session: Session,
    law: Law,
    scope: Scope,
    wanted: Filter,
    *,
    today: date,
    limit: int,
    after: Place | None = None,
    order: Order = Order(),
) -> list[Line]:
    """At most `limit` dossiers in scope, beginning after the `place` of the last one of the page before."""
    column, parse = ORDERS[order.by]
    key = (DOSSIER.c.code,) if order.by == "code" else (column, DOSSIER.c.code)
    sequence = [desc(part) if order.descending else part for part in key]
    shown = lines(today).add_columns(column.label("place"))
    place = None if after is None else (after[-1],) if order.by == "code" else (parse(after[0]), after[-1])
    # Chosen first where the dossier alone tells which: else all in scope would be joined with their places and offices.
    alone = order.by != "name" and not wanted.asks_for_places
    chosen = _narrowed(select(DOSSIER.c.id).correlate(None) if alone else shown, law, wanted, today)
    wide = alone and scope.is_provincial  # then an index is to give the order
    if wide and order == Order("due_on") and wanted.is_open and wanted.holders:
        others = _narrowed(select(DOSSIER.c.id), law, replace(wanted, holders=()), today)
        first = _due_first(others, scope, wanted.holders, limit, place)
        query = shown.where(DOSSIER.c.id.in_(first)).order_by(*sequence).limit(limit)
        return [read(law, row, today, str(row.place)) for row in session.execute(query)]
    chosen = chosen.where(scope.of(DOSSIER, by_index=not wide)).order_by(*sequence).limit(limit)
    if wide and wanted.is_open is False:
        chosen = chosen.where(IS_OVER)
    if place is not None:
        chosen = chosen.where(tuple_(*key) < tuple_(*place) if order.descending else tuple_(*key) > tuple_(*place))
    query = shown.where(DOSSIER.c.id.in_(chosen)).order_by(*sequence) if alone else chosen
    return [read(law, row, today, str(row.place)) for row in session.execute(query)]


def _due_first(
    wanted: Select[Any], scope: Scope, holders: Iterable[str], limit: int, after: tuple[Any, ...] | None
) -> CompoundSelect[Any]:
    """The ids of the first of every holder's, with a date and without one: each in the order in which an index is."""
    found = []
    for mine in (held(wanted, scope, role) for role in holders):
        dated, dateless = mine.where(DOSSIER.c.due_on.is_not(None)), mine.where(DOSSIER.c.due_on.is_(None))
        if after is not None:
            dated = dated.where(tuple_(DOSSIER.c.due_on, DOSSIER.c.code) > tuple_(*after))
            dateless = dateless.where(DOSSIER.c.code > after[1]) if after[0] == date.max else dateless
        parts = (part.order_by(DOSSIER.c.due_on, DOSSIER.c.code).limit(limit) for part in (dated, dateless))
        found += [select(part.subquery()) for part in parts]
    return union_all(*found)


def by_code(session: Session, law: Law, scope: Scope, codes: Iterable[str], *, today: date) -> dict[str, Line]:
    """Those of the dossiers with these codes that are in scope."""
    wanted = frozenset(codes)
    found = listing(session, law, scope, Filter(codes=wanted), today=today, limit=len(wanted))
    return {line.code: line for line in found}


def count(session: Session, law: Law, scope: Scope, wanted: Filter, *, today: date) -> int:
    """How many dossiers in scope `wanted` lists."""
    query = _narrowed(lines(today), law, wanted, today).where(scope.of(DOSSIER)).with_only_columns(func.count())
    return int(session.execute(query).scalar_one())


def _narrowed(query: Select[Any], law: Law, wanted: Filter, today: date) -> Select[Any]:
    for column, values in (
        (DOSSIER.c.state, wanted.states),
        (DOSSIER.c.level, wanted.levels),
        (DOSSIER.c.target_year, wanted.years),
        (DOSSIER.c.holder_role, wanted.holders),
        (DOSSIER.c.workflow, wanted.workflows),
        (LOCALITY.c.code, wanted.localities),
    ):
        if values:
            query = query.where(column.in_(values))
    if wanted.district is not None:
        query = query.where(DISTRICT.c.name_search.contains(fold(wanted.district), autoescape=True))
    if wanted.name is not None:
        query = query.where(LOCALITY.c.name_search.contains(fold(wanted.name), autoescape=True))
    if wanted.codes is not None:
        query = query.where(DOSSIER.c.code.in_(wanted.codes))
    if wanted.is_open is not None:
        query = query.where(DOSSIER.c.is_open if wanted.is_open else ~DOSSIER.c.is_open)
    if wanted.due_from is not None:
        query = query.where(DOSSIER.c.due_on >= wanted.due_from)
    if wanted.due_to is not None:
        query = query.where(DOSSIER.c.due_on <= wanted.due_to)
    if wanted.updated_since is not None:
        query = query.where(DOSSIER.c.recorded_at >= wanted.updated_since)
    if wanted.escalated is not None:
        query = query.where(_ESCALATED if wanted.escalated else ~_ESCALATED)
    if wanted.urgencies:
        soon = due_on(_SOON, start=today, target_year=today.year, calendar=law.calendar)
        query = query.where(or_(*(_urgent(urgency, today, soon) for urgency in wanted.urgencies)))
    return query


def _urgent(urgency: Urgency, today: date, soon: date) -> ColumnElement[bool]:
    if urgency == "paused":
        return DOSSIER.c.paused_on.is_not(None)
    running = DOSSIER.c.is_open & DOSSIER.c.paused_on.is_(None)
    if urgency == "overdue":
        return running & (DOSSIER.c.due_on < today)
    if urgency == "due_soon":
        return running & (DOSSIER.c.due_on >= today) & (DOSSIER.c.due_on <= soon)
    return running & (DOSSIER.c.due_on.is_(None) | (DOSSIER.c.due_on > soon))


def check(law: Law, wanted: Filter) -> None:
    """A misspelt word would look like a list without dossiers. Raises NotFound or BadInput."""
    states = {state for workflow in law.workflows.values() for state in workflow.states}
    levels = {workflow.level for workflow in law.workflows.values()} - {""}
    for state in wanted.states:
        if state not in states:
            raise NotFound("state", state, closest(state, sorted(states)))
    for level in wanted.levels:
        if level not in levels:
            raise NotFound("level", level, sorted(levels)[:3])
    for workflow in wanted.workflows:
        if workflow not in law.active:
            raise NotFound("workflow", workflow, closest(workflow, sorted(law.active)))
    for holder in wanted.holders:
        if holder not in ROLES:
            raise BadInput("holder", holder, "unknown_role")
