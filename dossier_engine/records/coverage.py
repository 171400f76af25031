"""What decides who could act on many dossiers: appointments over their territories, and what was performed on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import Appointment, part_of
from dossier_engine.rules.coverage import Performed

_APPOINTMENT, _DOSSIER, _PERFORMED = (TABLES[t] for t in ("appointment", "dossier", "performed"))
_HELD = select(
    *(_APPOINTMENT.c[name] for name in (
        "person", "role", "office", "office_path", "valid_from", "valid_to", "on_behalf_of",
    ))
)  # fmt: skip
_LEVELS = (1, 2, 3)


def appointments_over(conn: Connection, territories: Iterable[str]) -> list[Appointment]:
    """Every appointment ever made whose office reaches one of the territories."""
    paths = {part_of(territory, level) for territory in territories for level in _LEVELS}
    found = conn.execute(_HELD.where(_APPOINTMENT.c.office_path.in_(sorted(paths))))
    return [Appointment(*row) for row in found]


def performed_on(conn: Connection, codes: Sequence[str]) -> Mapping[str, list[Performed]]:
    """What of separation sets was performed on each of the dossiers, by whomever."""
    found: dict[str, list[Performed]] = defaultdict(list)
    query = (
        select(_DOSSIER.c.code, _PERFORMED.c.separation, _PERFORMED.c.person, _PERFORMED.c.transition)
        .join(_DOSSIER, _DOSSIER.c.id == _PERFORMED.c.dossier)
        .where(_DOSSIER.c.code.in_(codes))
    )
    for code, *done in conn.execute(query):
        found[code].append((done[0], done[1], done[2]))
    return found
