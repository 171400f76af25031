"""The one filter by territory: which dossiers, localities and deadlines a person may see."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, FromClause, String, cast, false, or_, select, true

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import OF_ONE_OFFICE, level_of

_APPOINTMENT = TABLES["appointment"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The territories (closed paths) below which everything may be seen; None: the owner of the machine, everything.

    Below the paths of `departments` too, but for what is about an office: there only what is about those named.
    """

    paths: tuple[str, ...] | None
    departments: tuple[tuple[str, str], ...] = ()

    @property
    def is_provincial(self) -> bool:
        """Whether it reaches a whole province, so that looking by territory spares next to nothing."""
        return self.paths is None or any(level_of(path) == 1 for path in (*self.paths, *dict(self.departments)))

    def of(self, table: FromClause, *, by_index: bool = True) -> ColumnElement[bool]:
        """The condition that a row's `territory`, and the `office` it is about if the table has one, are in scope.

        Without `by_index` rows come in the order of another index and are only asked, as SQLite would not do by itself.
        """
        if self.paths is None:
            return true()
        # No index of SQLite's serves a cast; PostgreSQL, which knows how many rows lie there, takes no notice of it.
        territory = table.c.territory if by_index else cast(table.c.territory, String)
        seen = [_within(territory, path) for path in self.paths]
        for path, office in self.departments:
            own = or_(table.c.office == "", table.c.office == office) if "office" in table.c else true()
            seen.append(_within(territory, path) & own)
        return or_(*seen) if seen else false()

    def covers(self, path: str) -> bool:
        """Whether everything below `path` may be seen, whatever it is about."""
        return self.paths is None or any(path.startswith(seen) for seen in self.paths)


def _within(territory: ColumnElement[str], path: str) -> ColumnElement[bool]:
    """A prefix range, so that an index serves.

    '0' follows '/' in ASCII: the range holds every path that begins with the closed prefix, and no other.
    """
    return (territory >= path) & (territory < path[:-1] + "0")


EVERYTHING = Scope(None)


def scope_of(conn: Connection, person: str, on: date) -> Scope:
    """What the person may see that day: the subtrees of the offices of all appointments valid then."""
    valid = select(_APPOINTMENT.c.office_path, _APPOINTMENT.c.office, _APPOINTMENT.c.role).where(
        _APPOINTMENT.c.person == person,
        _APPOINTMENT.c.valid_from <= on,
        or_(_APPOINTMENT.c.valid_to.is_(None), _APPOINTMENT.c.valid_to >= on),
    )
    held = conn.execute(valid).all()
    paths = sorted({a.office_path for a in held if a.role not in OF_ONE_OFFICE})
    departments = sorted({(a.office_path, a.office) for a in held if a.role in OF_ONE_OFFICE})
    return Scope(
        tuple(p for p in paths if not any(p != q and p.startswith(q) for q in paths)),
        tuple((p, office) for p, office in departments if not any(p.startswith(q) for q in paths)),
    )
