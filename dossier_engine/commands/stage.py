"""What entering a state writes: the columns that follow from it, the deadlines it opens, when the sweep must look."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from dossier_engine.rules.authority import ROLE_LEVELS, part_of
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.deadlines import Deadline
from dossier_engine.rules.due import Pending, Watched, wake
from dossier_engine.rules.entry import Json
from dossier_engine.rules.ladder import fallen
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.workflow import State, Workflow


def stated(deadlines: tuple[Deadline, ...]) -> list[Json]:
    """Due dates as an entry's body holds them."""
    return [{"deadline": d.key, "on": d.due_on.isoformat()} for d in deadlines]


def deadline_row(dossier: int, stage: int, deadline: Deadline, now: datetime) -> dict[str, Any]:
    """A deadline that opens now, as the table holds it."""
    return {
        "dossier": dossier,
        "stage_seq": stage,
        "key": deadline.key,
        "rule": deadline.rule,
        "start_on": deadline.start_on,
        "due_on": deadline.due_on,
        "due_version": 1,
        "set_at": now,
    }


def waking(
    workflow: Workflow, state: State, deadlines: Iterable[Deadline], *, now: datetime, calendar: Calendar
) -> datetime | None:
    """When the sweep must first look at deadlines that open now, by a person's act, in `state`."""
    watched = Watched(
        workflow=workflow,
        state=state.key,
        is_open=not state.final,
        is_paused=False,
        acted_on=legal_day(now),
        deadlines=tuple(Pending(d.key, d.due_on, 1, now) for d in deadlines),
    )
    return wake(watched, calendar, after=fallen(now))


def standing_columns(state: State, territory: str, deadlines: tuple[Deadline, ...]) -> Mapping[str, Any]:
    """The columns of a dossier that follow from the state it stands in."""
    holder_path = None if state.holder is None else part_of(territory, ROLE_LEVELS[state.holder][0])
    due: date | None = deadlines[0].due_on if deadlines and not state.final else None
    return {
        "state": state.key,
        "is_open": not state.final,
        "holder_role": state.holder,
        "holder_path": holder_path,
        "due_on": due,
    }
