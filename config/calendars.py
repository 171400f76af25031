"""The legal calendar, read from one checked file per year.

Strict on purpose: a misspelt key would otherwise lose a holiday in silence and move legal dates by a day.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from config import strict
from dossier_engine.rules.calendar import Calendar

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class _Year:
    year: int
    provisional: bool
    names: dict[date, tuple[str, str]]
    swaps: dict[date, date]


def load_calendar(years_folder: Traversable | None = None) -> Calendar:
    """The calendar of the packaged year files, or of those in `years_folder`.

    Its version is the SHA-256 over the files' bytes in year order. Raises ValueError naming file and key.
    """
    folder = files("config") / "calendar" if years_folder is None else years_folder
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    if not found:
        raise ValueError(f"{folder}: no year files")
    contents = [strict.bytes_of(file) for file in found]
    years = [_year(content, file.name) for content, file in zip(contents, found, strict=True)]
    names = {day: name for year in years for day, name in year.names.items()}
    swaps = {worked: off for year in years for worked, off in year.swaps.items()}
    covered = frozenset(year.year for year in years)
    _check_swaps(swaps, names, covered)
    return Calendar(
        off=frozenset(names),
        working=frozenset(swaps),
        years=covered,
        provisional=frozenset(year.year for year in years if year.provisional),
        version=sha256(b"".join(contents)).hexdigest(),
        names=MappingProxyType(names),
    )


def _year(content: bytes, file: str) -> _Year:
    keys = ("year", "status", "sources", "days_off", "working_saturdays", "disputed")
    top = strict.mapping(strict.yaml_of(content, file), file, keys)
    year = strict.whole(top["year"], f"{file}: year")
    if file != f"{year}.yaml":
        raise ValueError(f"{file}: year: is {year}")
    status = strict.one_of(top["status"], f"{file}: status", ("official", "provisional"))
    for where, source in strict.items(top["sources"], f"{file}: sources"):
        strict.text(source, where)
    names: dict[date, tuple[str, str]] = {}
    for where, item in strict.items(top["days_off"], f"{file}: days_off"):
        row = strict.mapping(item, where, ("date", "vi", "en"), optional=("source",))
        _add_day_off(names, row, year, where)
    for where, item in strict.items(top["disputed"], f"{file}: disputed"):
        row = strict.mapping(item, where, ("date", "vi", "en", "counts_as", "note"))
        strict.text(row["note"], f"{where}: note")
        if strict.one_of(row["counts_as"], f"{where}: counts_as", ("working", "holiday")) == "holiday":
            _add_day_off(names, row, year, where)
    return _Year(year, status == "provisional", names, _swaps(top["working_saturdays"], year, file))


def _add_day_off(names: dict[date, tuple[str, str]], row: dict[str, object], year: int, where: str) -> None:
    day = _day_of(row["date"], year, f"{where}: date")
    if day in names:
        raise ValueError(f"{where}: date: {day} stands there twice")
    names[day] = (strict.text(row["vi"], f"{where}: vi"), strict.text(row["en"], f"{where}: en"))


def _swaps(value: object, year: int, file: str) -> dict[date, date]:
    swaps: dict[date, date] = {}
    for where, item in strict.items(value, f"{file}: working_saturdays"):
        row = strict.mapping(item, where, ("date", "instead_of", "source"))
        strict.text(row["source"], f"{where}: source")
        worked = _day_of(row["date"], year, f"{where}: date")
        if worked.weekday() != _SATURDAY or worked in swaps:
            raise ValueError(f"{where}: date: {worked} is no Saturday or stands there twice")
        swaps[worked] = strict.day(row["instead_of"], f"{where}: instead_of")
    return swaps


def _check_swaps(swaps: dict[date, date], names: dict[date, tuple[str, str]], covered: frozenset[int]) -> None:
    """A Saturday is worked for a day that is off, be it in the next year's file, and is not off itself."""
    for worked, off in swaps.items():
        if worked in names:
            raise ValueError(f"{worked.year}.yaml: working_saturdays: {worked} is a day off too")
        if off.year in covered and off not in names:
            raise ValueError(f"{worked.year}.yaml: working_saturdays: {off} is no day off")


def _day_of(value: object, year: int, where: str) -> date:
    day = strict.day(value, where)
    if day.year != year:
        raise ValueError(f"{where}: {day} is not in {year}")
    return day
