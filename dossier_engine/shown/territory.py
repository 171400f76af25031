"""Localities, offices, the days off of a year and the way to a date, in rows."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row as Found

from dossier_engine.catalogue import Catalogue
from dossier_engine.records.tables import NOT_STATED
from dossier_engine.rules.calendar import Calendar
from dossier_engine.shown import Row, Shown


def locality(words: Catalogue, found: Found[Any]) -> Row:
    """A locality as it was on the day that was asked for."""
    return {
        "code": found.code,
        "kind": Shown(found.kind, words.say(f"kind.{found.kind}")),
        "name": found.name,
        "parent": found.parent_name,
        "parent_code": found.parent or None,
        "valid_from": None if found.valid_from == NOT_STATED else found.valid_from,
        "valid_to": found.valid_to,
    }


def office(words: Catalogue, found: Found[Any]) -> Row:
    """An office, and the numbers of the criteria that it confirms."""
    return {
        "code": found.code,
        "kind": Shown(found.kind, words.say(f"kind.{found.kind}")),
        "name": Shown(
            {"vi": found.name_vi, "en": found.name_en}, found.name_vi if words.language == "vi" else found.name_en
        ),
        "criteria": found.criteria,
        "path": found.path,
    }


def special_days(words: Catalogue, calendar: Calendar, year: int) -> list[Row]:
    """The holidays of a year and the Saturdays worked instead. Raises CalendarMissing."""
    first = date(year, 1, 1)
    calendar.kind(first)  # of a year that is not covered nothing is known
    days = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
    return [
        {
            "day": day,
            "kind": Shown(reason.kind, words.say(f"day.{reason.kind}")),
            "name": (reason.name or ("", ""))[0 if words.language == "vi" else 1],
            "provisional": year in calendar.provisional,
        }
        for day in days
        if (reason := calendar.reason(day)).kind in ("holiday", "swapped_working")
    ]
