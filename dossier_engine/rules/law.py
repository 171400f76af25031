"""Everything a command judges by, as one frozen value: definitions by hash, which are active, and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dossier_engine.errors import NotFound
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.names import closest
from dossier_engine.rules.workflow import Workflow

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def legal_day(at: datetime) -> date:
    """The legal day (Asia/Ho_Chi_Minh) on which the instant `at` falls."""
    return at.astimezone(HANOI).date()


def opening_of(day: date) -> datetime:
    """The instant at which the legal day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=HANOI).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Law:
    """The rules in force: `workflows` by SHA-256, `active` by name, and the calendar of working days."""

    workflows: Mapping[str, Workflow]
    active: Mapping[str, str]
    calendar: Calendar

    def named(self, name: str) -> Workflow:
        """The active definition of that name. Raises NotFound with near names."""
        if name not in self.active:
            raise NotFound("workflow", name, closest(name, self.active))
        return self.workflows[self.active[name]]
