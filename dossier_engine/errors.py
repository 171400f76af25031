"""Every refusal the engine can give, as a type with a stable `code`.

A refusal carries facts, never sentences: the catalogues turn `code` and `facts` into words that say what to do
next, in both languages. `exit_code` groups refusals by what the caller can do about them and is what a command
line ends with; other faces map `code` themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

Fact = str | int | bool | None | Sequence["Fact"] | dict[str, "Fact"]


class DossierError(Exception):
    """A refusal. `facts` fill the sentence that the catalogues hold for `code`."""

    code: ClassVar[str] = "failure"
    exit_code: ClassVar[int] = 1

    def __init__(self, **facts: Fact) -> None:
        super().__init__(facts)
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.facts}"


def _rebuild(kind: type[DossierError], facts: dict[str, Fact]) -> DossierError:
    refusal = kind.__new__(kind)
    DossierError.__init__(refusal, **facts)
    return refusal


@dataclass(frozen=True, slots=True)
class Unmet:
    """One requirement that is not met: its key in the definition, why (a catalogue code), and the figures."""

    key: str
    why: str
    facts: tuple[tuple[str, Fact], ...] = ()


# --- the workflow refuses (3) ---


class NotPossible(DossierError):
    """The state has no such transition; `possible` names those it has."""

    code = "not_possible"
    exit_code = 3

    def __init__(self, transition: str, state: str, possible: Sequence[str], definition: str) -> None:
        super().__init__(transition=transition, state=state, possible=tuple(possible), definition=definition)


class RequirementsUnmet(DossierError):
    """Some requirements are not met; every one of them is named."""

    code = "requirements_unmet"
    exit_code = 3

    def __init__(self, transition: str, unmet: Sequence[Unmet], definition: str) -> None:
        listed = tuple((u.key, u.why, dict(u.facts)) for u in unmet)
        super().__init__(transition=transition, unmet=listed, definition=definition)
        self.unmet = tuple(unmet)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.facts["transition"], self.unmet, self.facts["definition"])


class Paused(DossierError):
    """A paused dossier takes nothing but resume, withdraw, carry over and succeed."""

    code = "paused"
    exit_code = 3

    def __init__(self, dossier: str, since: date) -> None:
        super().__init__(dossier=dossier, since=since.isoformat())


class NotPaused(DossierError):
    """Resume was asked for a dossier whose clock runs."""

    code = "not_paused"
    exit_code = 3

    def __init__(self, dossier: str) -> None:
        super().__init__(dossier=dossier)


class WrongSubject(DossierError):
    """The definition is not for this kind of locality: a ward cannot open a commune dossier."""

    code = "wrong_subject"
    exit_code = 3

    def __init__(self, locality: str, kind: str, accepts: str) -> None:
        super().__init__(locality=locality, kind=kind, accepts=accepts)


class NoSuchDeadline(DossierError):
    """The dossier has no open deadline of that name; `open` names those it has."""

    code = "no_such_deadline"
    exit_code = 3

    def __init__(self, dossier: str, key: str, open_keys: Sequence[str]) -> None:
        super().__init__(dossier=dossier, key=key, open=tuple(open_keys))


# --- the person may not (4) ---


class NotAllowed(DossierError):
    """No appointment of the person, valid now, allows this act here; `roles` are those that could."""

    code = "not_allowed"
    exit_code = 4

    def __init__(self, person: str, act: str, roles: Sequence[str]) -> None:
        super().__init__(person=person, act=act, roles=tuple(roles))


class AppointmentExpired(DossierError):
    """The person held a fitting appointment, but not on the day of the act."""

    code = "appointment_expired"
    exit_code = 4

    def __init__(self, person: str, act: str, valid_from: date, valid_to: date | None) -> None:
        until = valid_to.isoformat() if valid_to else None
        super().__init__(person=person, act=act, valid_from=valid_from.isoformat(), valid_to=until)


class SeparationOfDuties(DossierError):
    """One person may not perform both transitions on one dossier."""

    code = "separation_of_duties"
    exit_code = 4

    def __init__(self, person: str, transition: str, performed: str) -> None:
        super().__init__(person=person, transition=transition, performed=performed)


# --- it is not there (5) ---


class NotFound(DossierError):
    """Nothing of that name, or nothing the person may see; `suggestions` are near names, at most three."""

    code = "not_found"
    exit_code = 5

    def __init__(self, kind: str, name: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(kind=kind, name=name, suggestions=tuple(suggestions))


# --- somebody was first (6) ---


class StaleVersion(DossierError):
    """The dossier changed since the person looked."""

    code = "stale_version"
    exit_code = 6

    def __init__(self, dossier: str, expected: int, current: int) -> None:
        super().__init__(dossier=dossier, expected=expected, current=current)


class KeyReused(DossierError):
    """The idempotency key was used by this person for another request."""

    code = "key_reused"
    exit_code = 6

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class AlreadyOpen(DossierError):
    """An open dossier for the same subject, workflow and target year exists."""

    code = "already_open"
    exit_code = 6

    def __init__(self, locality: str, workflow: str, year: int, dossier: str) -> None:
        super().__init__(locality=locality, workflow=workflow, year=year, dossier=dossier)


class AlreadyThere(DossierError):
    """A thing of that name exists already and differs."""

    code = "already_there"
    exit_code = 6

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind=kind, name=name)


class NotEmpty(DossierError):
    """The command writes into a new or empty database only."""

    code = "not_empty"
    exit_code = 6

    def __init__(self, database: str) -> None:
        super().__init__(database=database)


class AlreadyRunning(DossierError):
    """Another `dossier up` runs from the same folder."""

    code = "already_running"
    exit_code = 6

    def __init__(self, home: str) -> None:
        super().__init__(home=home)


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
    """One fault in an input file: where, a catalogue code, and what."""

    file: str
    line: int
    code: str
    what: str

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


# --- the history is not what it was (8) ---


class IntegrityBroken(DossierError):
    """The history or its protection was altered; `findings` name what and where."""

    code = "integrity_broken"
    exit_code = 8

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(findings=tuple(findings))


# --- a needed service is down (9) ---


class DatabaseUnavailable(DossierError):
    """The database cannot be reached, read or written; `why` is a catalogue code."""

    code = "database_unavailable"
    exit_code = 9

    def __init__(self, database: str, why: str) -> None:
        super().__init__(database=database, why=why)


class BrokerUnavailable(DossierError):
    """The broker that was started here does not answer; `log` is the file in which it says why."""

    code = "broker_unavailable"
    exit_code = 9

    def __init__(self, broker: str, log: str) -> None:
        super().__init__(broker=broker, log=log)


class ClockBehind(DossierError):
    """The clock is far behind an entry that is already in history: it is wrong, or was then."""

    code = "clock_behind"
    exit_code = 9

    def __init__(self, clock: datetime, previous: datetime) -> None:
        super().__init__(clock=clock.isoformat(), recorded=previous.isoformat())


class SchemaDiffers(DossierError):
    """The database was made by another version: `found` is None when it is not initialised."""

    code = "schema_differs"
    exit_code = 9

    def __init__(self, database: str, found: str | None, wanted: str, why: str) -> None:
        super().__init__(database=database, found=found, wanted=wanted, why=why)


class ChannelDown(DossierError):
    """Nothing can be sent: nobody answers where mail or events go; `why` is a catalogue code."""

    code = "channel_down"
    exit_code = 9

    def __init__(self, channel: str, server: str, why: str) -> None:
        super().__init__(channel=channel, server=server, why=why)
