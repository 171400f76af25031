"""Gathers what requirements look at: the dossier's facts always, everything beyond it only where it is asked."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from dossier_engine.errors import Unmet
from dossier_engine.records import dossiers
from dossier_engine.rules.requirements import Facts, unmet
from dossier_engine.rules.workflow import (
    CriteriaSet,
    Display,
    Holds,
    Requirement,
    SectorConfirmations,
    ShareOfCommunes,
)


def gather(
    conn: Connection,
    requirements: Sequence[Requirement],
    *,
    dossier: int,
    stage_seq: int,
    locality: int,
    territory: str,
    on: date,
    criteria: CriteriaSet,
) -> Facts:
    """The facts `requirements` will be asked of, as they stand in this transaction. `dossier` 0 has none yet."""
    kinds = {type(r) for r in requirements}
    keys = frozenset(key for r in requirements for key in _looked_at(r))
    recorded = dossiers.facts_of(conn, dossier, keys) if dossier and keys else {}
    communes, recognised = dossiers.communes_recognised(conn, territory, on) if ShareOfCommunes in kinds else (0, {})
    return Facts(
        stage_seq=stage_seq,
        on=on,
        criteria=criteria,
        recorded=recorded,
        offices=dossiers.confirming_offices(conn, territory) if SectorConfirmations in kinds else {},
        held=dossiers.held_levels(conn, locality) if Holds in kinds else frozenset(),
        communes=communes,
        recognised=recognised,
    )


def ask(requirements: Iterable[Requirement], facts: Facts) -> tuple[Unmet, ...]:
    """Everything that is unmet, in the order of the definition; every requirement is asked."""
    return tuple(lack for r in requirements if (lack := unmet(r, facts)) is not None)


def _looked_at(requirement: Requirement) -> tuple[str, ...]:
    """The keys whose recorded facts decide whether `requirement` is met."""
    match requirement:
        case Holds() | ShareOfCommunes():
            return ()
        case Display(after=str(report)):
            return requirement.key, report
        case _:
            return (requirement.key,)
