"""Refusals of what was given: values, dates, files (7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from dossier_engine.errors.refusal import DossierError

# --- the input has errors (7) ---


class BadInput(DossierError):
    """A value has the wrong shape; `why` is a catalogue code."""

    code = "bad_input"
    exit_code = 7

    def __init__(self, field: str, value: str, why: str) -> None:
        super().__init__(field=field, value=value, why=why)


class NotADemonstration(DossierError):
    """A clock was set for a database that holds real work, which knows the true one only."""

    code = "not_a_demonstration"
    exit_code = 7

    def __init__(self, database: str) -> None:
        super().__init__(database=database)


class AmbiguousLocality(DossierError):
    """Several localities bear the name; `candidates` tell them apart."""

    code = "ambiguous_locality"
    exit_code = 7

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        super().__init__(name=name, candidates=tuple(candidates))


class DateInFuture(DossierError):
    """An act cannot take effect after today (Asia/Ho_Chi_Minh)."""

    code = "date_in_future"
    exit_code = 7

    def __init__(self, day: date, today: date) -> None:
        super().__init__(day=day.isoformat(), today=today.isoformat())


class DateBeforePrevious(DossierError):
    """An act cannot take effect before the previous one of the same dossier."""

    code = "date_before_previous"
    exit_code = 7

    def __init__(self, day: date, previous: date) -> None:
        super().__init__(day=day.isoformat(), previous=previous.isoformat())


class HashMismatch(DossierError):
    """The file's SHA-256 is not the one that was stated."""

    code = "hash_mismatch"
    exit_code = 7

    def __init__(self, file: str, stated: str, actual: str) -> None:
        super().__init__(file=file, stated=stated, actual=actual)


class CalendarMissing(DossierError):
    """The calendar files do not cover this day, so no legal date can be given."""

    code = "calendar_missing"
    exit_code = 7

    def __init__(self, day: date) -> None:
        super().__init__(day=day.isoformat(), year=day.year)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in an input file: where, a catalogue code, and what.

    Of a list it names the column at fault, by its key, and what is `near`: what may be meant, or what is in the way.
    Where an order was refused for that line, `refusal` says why.
    """

    file: str
    line: int
    code: str
    what: str
    column: str = ""
    near: tuple[str, ...] = ()
    refusal: DossierError | None = field(default=None, compare=False)  # two of one code and facts are not equal

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}: {self.what}"


class FileProblems(DossierError):
    """A definition or an import file has faults; all of them are listed and nothing was taken."""

    code = "file_problems"
    exit_code = 7

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems=tuple(str(p) for p in problems))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems,)
