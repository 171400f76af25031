"""Weeks as offices count them: ISO 8601, Monday first, named `2024-W49`."""

from dataclasses import dataclass
from datetime import date, timedelta

from dossier_engine.errors import CalendarMissing
from dossier_engine.rules.calendar import Calendar

_DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """One week; `monday` is its first day."""

    monday: date

    @property
    def name(self) -> str:
        """`2024-W49`."""
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"

    @property
    def number(self) -> int:
        """Which of its year."""
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        """The year it counts in, which at its ends may be another than its Monday's."""
        return self.monday.isocalendar().year

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=_DAYS - 1)

    def first_working_day(self, calendar: Calendar) -> date | None:
        """The day on which offices open in it, None where they do not; Monday, where the calendar does not say."""
        days = (self.monday + timedelta(days=n) for n in range(_DAYS))
        try:
            return next((day for day in days if calendar.is_working(day)), None)
        except CalendarMissing:
            return self.monday


def week_of(day: date) -> Week:
    """The week a day lies in."""
    return Week(day - timedelta(days=day.weekday()))
