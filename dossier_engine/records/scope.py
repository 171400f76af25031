"""The one filter by territory: which dossiers, localities and deadlines a person may see."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, ColumnElement, Connection, false, or_, select, true

from dossier_engine.records.tables import TABLES

_APPOINTMENT = TABLES["appointment"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The territories (closed paths) below which everything may be seen; None: the owner of the machine, everything."""

    paths: tuple[str, ...] | None

    def of(self, territory: "Column[str]") -> ColumnElement[bool]:
        """The condition that a row's `territory` lies in the scope. Prefix ranges, so that an index serves."""
        if self.paths is None:
            return true()
        # '0' follows '/' in ASCII: the range holds every path that begins with the closed prefix, and no other.
        within = [(territory >= p) & (territory < p[:-1] + "0") for p in self.paths]
        return or_(*within) if within else false()


EVERYTHING = Scope(None)


def scope_of(conn: Connection, person: str, on: date) -> Scope:
    """What the person may see that day: the subtrees of the offices of all appointments valid then."""
    valid = select(_APPOINTMENT.c.office_path).where(
        _APPOINTMENT.c.person == person,
        _APPOINTMENT.c.valid_from <= on,
        or_(_APPOINTMENT.c.valid_to.is_(None), _APPOINTMENT.c.valid_to >= on),
    )
    paths = sorted(set(conn.execute(valid).scalars()))
    return Scope(tuple(p for p in paths if not any(p != q and p.startswith(q) for q in paths)))
