"""Who could act today on every open dossier, and on which of them nobody could."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from dossier_engine.queries.listing import Filter, listing
from dossier_engine.queries.worklist import Line
from dossier_engine.records.coverage import appointments_over, performed_on
from dossier_engine.records.scope import Scope
from dossier_engine.rules.coverage import able, for_the_holder
from dossier_engine.rules.law import Law

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Covered:
    """A dossier, and the ids of the persons who may take each transition out of its state."""

    line: Line
    able: Mapping[str, tuple[str, ...]]

    @property
    def persons(self) -> tuple[str, ...]:
        """Those of them who could act for the office that it waits for."""
        return for_the_holder(self.line.workflow, self.line.state.key, self.able)


def coverage(
    session: Session, law: Law, scope: Scope, *, today: date, after: tuple[str, str] | None = None
) -> Iterator[Covered]:
    """Every open dossier in scope, by code, beginning `after` the place of one."""
    conn = session.connection()
    while lines := listing(session, law, scope, Filter(is_open=True), today=today, limit=_AT_ONCE, after=after):
        held = appointments_over(conn, {line.territory for line in lines})
        done = performed_on(conn, [line.code for line in lines])
        for line in lines:
            found = able(
                line.workflow, line.state.key, territory=line.territory, office=line.office or "", appointments=held,
                performed=done.get(line.code, ()), on=today,
            )  # fmt: skip
            yield Covered(line, found)
        after = lines[-1].place
