"""What the present state of a dossier asks for, what was recorded for it, and what it still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from dossier_engine.errors import Unmet
from dossier_engine.queries.worklist import Line
from dossier_engine.records import dossiers, facts
from dossier_engine.rules.requirements import Fact
from dossier_engine.rules.workflow import Criteria, Criterion, Holds, Requirement, ShareOfCommunes


@dataclass(frozen=True, slots=True)
class Standing:
    """A requirement with what stands recorded for it, by item.

    `by` are the roles that record it, none for what is looked up; `lack` is None where it is met.
    """

    requirement: Requirement
    by: tuple[str, ...]
    items: Mapping[str, Fact]
    lack: Unmet | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion with the result that stands for it, and the key of the requirement it was recorded for."""

    criterion: Criterion
    requirement: str | None = None
    fact: Fact | None = None


def standings(session: Session, line: Line, *, today: date) -> list[Standing]:
    """Every requirement that the dossier's state asks for, in the order of the definition."""
    conn = session.connection()
    row, asked = dossiers.read(conn, line.code), line.workflow.asked_in(line.state.key)
    requirements = [requirement for requirement, _ in asked.values()]
    gathered = facts.gather(
        conn, requirements, dossier=row.id, stage_seq=row.stage_seq, locality=row.locality, territory=row.territory,
        on=today, criteria=line.workflow.criteria,
    )  # fmt: skip
    lacks = {lack.key: lack for lack in facts.ask(requirements, gathered)}
    return [
        Standing(r, () if isinstance(r, Holds | ShareOfCommunes) else by, gathered.items(key), lacks.get(key))
        for key, (r, by) in asked.items()
    ]


def judged(session: Session, line: Line) -> list[Judged]:
    """Every criterion of the definition, with the newest result of what the state asks for.

    A state that asks for no criteria shows what was last recorded before it.
    """
    conn, workflow = session.connection(), line.workflow
    asked = [key for key, (r, _) in workflow.asked_in(line.state.key).items() if isinstance(r, Criteria)]
    keys = asked or [key for key, r in workflow.requirements.items() if isinstance(r, Criteria)]
    recorded = dossiers.facts_of(conn, dossiers.read(conn, line.code).id, frozenset(keys)) if keys else {}
    newest: dict[str, tuple[str, Fact]] = {}
    for (key, item), fact in sorted(recorded.items(), key=lambda found: found[1].seq):
        newest[item] = (key, fact)
    return [Judged(c, *newest.get(c.number, (None, None))) for c in workflow.criteria.criteria]


def earlier(session: Session, line: Line) -> dict[str, list[tuple[Criteria, Fact]]]:
    """What was found of each criterion for what the present state does not ask any more, in the definition's order."""
    conn, workflow = session.connection(), line.workflow
    now = workflow.asked_in(line.state.key)
    before = {key: r for key, r in workflow.requirements.items() if isinstance(r, Criteria) and key not in now}
    if not before:
        return {}
    recorded = dossiers.facts_of(conn, dossiers.read(conn, line.code).id, frozenset(before))
    return {
        c.number: [(r, recorded[key, c.number]) for key, r in before.items() if (key, c.number) in recorded]
        for c in workflow.criteria.criteria
    }


def standing_fact(session: Session, code: str, requirement: str, item: str) -> Fact | None:
    """What stands recorded for one item of a requirement of that dossier."""
    conn = session.connection()
    found = dossiers.facts_of(conn, dossiers.read(conn, code).id, frozenset({requirement}))
    return found.get((requirement, item))
