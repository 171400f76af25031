"""Everything a command judges by, as one frozen value: definitions by hash, which are active, and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from dossier_engine.errors import ClockBehind, NotFound
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.names import closest
from dossier_engine.rules.workflow import Workflow

# Seven hours ahead all the year since 1975: a fixed distance needs no table of zones, which not every machine has.
HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

# Clocks that are kept differ by less; beyond it one of two is wrong, and nobody here knows which.
_SLACK = timedelta(hours=1)


def legal_day(at: datetime) -> date:
    """The legal day (Asia/Ho_Chi_Minh) on which the instant `at` falls."""
    return at.astimezone(HANOI).date()


def opening_of(day: date) -> datetime:
    """The instant at which the legal day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=HANOI).astimezone(UTC)


def not_before(now: datetime, previous: datetime) -> datetime:
    """The instant to record at after an entry of `previous`, so that a stream's instants never run backwards.

    A clock that is a little behind waits, as it were, where the other one stood. Raises ClockBehind.
    """
    if now < previous - _SLACK:
        raise ClockBehind(now, previous)
    return max(now, previous)


@dataclass(frozen=True, slots=True)
class Law:
    """The rules in force: `workflows` by SHA-256, `active` by name, and the calendar of working days."""

    workflows: Mapping[str, Workflow]
    active: Mapping[str, str]
    calendar: Calendar

    @property
    def holders(self) -> tuple[str, ...]:
        """Every role that holds dossiers in some state."""
        held = {state.holder for workflow in self.workflows.values() for state in workflow.states.values()}
        return tuple(sorted(role for role in held if role is not None))

    def named(self, name: str) -> Workflow:
        """The active definition of that name. Raises NotFound with near names."""
        if name not in self.active:
            raise NotFound("workflow", name, closest(name, self.active))
        return self.workflows[self.active[name]]
