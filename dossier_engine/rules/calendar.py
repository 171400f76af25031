"""Working days of state bodies: which days count towards a limit and why the others do not.

Bộ luật Lao động 2019, Điều 111 and 112, for holidays; Saturday and Sunday are off by rule; the Prime Minister's yearly
swaps make a weekday free and a Saturday worked. The facts come from checked files per year, never from a library
at run time, so an upgrade of a dependency cannot move a legal date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dossier_engine.errors import CalendarMissing
from dossier_engine.rules.entry import Json

Kind = Literal["working", "swapped_working", "weekend", "holiday"]

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DayReason:
    """Why a day counts or not; `name` (Vietnamese, English) is set for a holiday, in lieu and swapped days included."""

    kind: Kind
    name: tuple[str, str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The days of the covered `years` that differ from the plain week.

    `off` holds holidays and swapped days off, `working` the Saturdays worked instead. The days of a `provisional` year
    were computed by rule before its official notice. `version` is the SHA-256 (hex) of the files the calendar was
    read from: entries cite it, so an auditor can tell by which calendar a date was given.
    """

    off: frozenset[date]
    working: frozenset[date]
    years: frozenset[int]
    provisional: frozenset[int]
    version: str
    names: Mapping[date, tuple[str, str]]

    def stated(self) -> dict[str, Json]:
        """What an entry says of it: everything dates are counted by, so that nobody needs the files to count again."""
        return {
            "calendar": self.version,
            "off": [day.isoformat() for day in sorted(self.off)],
            "working": [day.isoformat() for day in sorted(self.working)],
            "years": list[Json](sorted(self.years)),
            "provisional": list[Json](sorted(self.provisional)),
        }

    def kind(self, day: date) -> Kind:
        """What `day` is; a holiday on a weekend is a holiday. Raises CalendarMissing when its year is not covered."""
        if day.year not in self.years:
            raise CalendarMissing(day)
        if day in self.off:
            return "holiday"
        if day.weekday() < _SATURDAY:
            return "working"
        return "swapped_working" if day in self.working else "weekend"

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`; raises CalendarMissing."""
        return self.kind(day) in ("working", "swapped_working")

    def reason(self, day: date) -> DayReason:
        """`kind` with the holiday's name, for explanations; raises CalendarMissing."""
        return DayReason(self.kind(day), self.names.get(day))
