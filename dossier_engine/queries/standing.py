"""Where the dossiers of a year stand, counted by district and state."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, func, select
from sqlmodel import Session

from dossier_engine.queries.worklist import DOSSIER, LOCALITY
from dossier_engine.records.scope import Scope

_IN_DISTRICTS = ("commune", "ward", "township")


@dataclass(frozen=True, slots=True)
class Group:
    """So many dossiers of a workflow stand in a state; `late` of them are past due.

    `district` is the code of the one they lie in, None of districts themselves and of offices.
    """

    workflow: str
    district: str | None
    state: str
    dossiers: int
    late: int


@dataclass(frozen=True, slots=True)
class Against:
    """How many dossiers are where they should come to, on the way in time, and late on the way."""

    done: int
    under_way: int
    late: int


def against(groups: Iterable[Group], there: Collection[str], going: Collection[str]) -> Against:
    """The dossiers of `groups` by whether their states are `there` or still `going`."""
    of = list(groups)
    late = sum(group.late for group in of if group.state in going)
    under_way = sum(group.dossiers for group in of if group.state in going)
    return Against(sum(group.dossiers for group in of if group.state in there), under_way - late, late)


def standing(session: Session, year: int, scope: Scope, *, today: date) -> list[Group]:
    """The dossiers of `year` in scope, in groups."""
    lies_in = case((and_(LOCALITY.c.kind.in_(_IN_DISTRICTS), DOSSIER.c.office == ""), LOCALITY.c.parent))
    is_late = DOSSIER.c.is_open & DOSSIER.c.paused_on.is_(None) & (DOSSIER.c.due_on < today)
    query = (
        select(
            DOSSIER.c.workflow,
            lies_in.label("district"),
            DOSSIER.c.state,
            func.count(),
            func.sum(case((is_late, 1), else_=0)),
        )
        .join(LOCALITY, LOCALITY.c.id == DOSSIER.c.locality)
        .where(DOSSIER.c.target_year == year, scope.of(DOSSIER))
        .group_by(DOSSIER.c.workflow, "district", DOSSIER.c.state)
    )
    return [Group(*row) for row in session.execute(query)]


def district_names(session: Session, codes: set[str]) -> dict[str, str]:
    """The names of districts by code, in Vietnamese order; of one that was renamed, the newest."""
    query = (
        select(LOCALITY.c.code, LOCALITY.c.name, LOCALITY.c.name_sort)
        .where(LOCALITY.c.code.in_(sorted(codes)))
        .order_by(LOCALITY.c.valid_from)
    )
    newest = {row.code: row for row in session.execute(query)}
    return {row.code: row.name for row in sorted(newest.values(), key=lambda row: row.name_sort)}
