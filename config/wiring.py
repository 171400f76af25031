"""The composition root: settings, database, definitions, calendar and clock put together; `open()` is the door."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache

from sqlalchemy import select
from sqlmodel import Session

from config.calendars import load_calendar
from config.settings import Settings, read
from dossier_engine.errors import FileProblems, IntegrityBroken, NotADemonstration
from dossier_engine.records.database import REVISION, Database
from dossier_engine.records.installation import About, about, set_pace
from dossier_engine.records.prepared import Prepared
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.law import Law
from dossier_engine.rules.pace import Pace
from dossier_engine.rules.workflow import Workflow
from workflows.loader import load, packaged, stored

_DEFINITION = TABLES["definition"]
_STORED = Prepared(select(_DEFINITION).order_by(_DEFINITION.c.activation))
_KNOWN_FOR = timedelta(seconds=1)  # how long the state of a demonstration's clock is believed


@dataclass
class Engine:
    """An opened installation: sessions to run commands and queries in, the law to judge by, and the clock."""

    settings: Settings
    database: Database
    rng: random.Random = field(default_factory=random.SystemRandom)  # salts must stay unpredictable
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))  # noqa: TID251  # the one clock
    _known: tuple[About, datetime] | None = None  # and when it was read

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of working days shipped with this version."""
        return load_calendar()

    def about(self) -> About | None:
        """What the database says it is; None before `init`."""
        true = self.clock()
        if self._known is not None:
            known, read_at = self._known
            if known.pace is None or abs(true - read_at) < _KNOWN_FOR:
                return known
        if not self.is_ready():
            return None
        with self.database.reading() as session:
            found = about(session.connection())
        self._known = (found, true) if found is not None else None
        return found

    def is_ready(self) -> bool:
        """Whether the database is there and of this version."""
        return self.database.revision() == REVISION

    def is_demonstration(self) -> bool:
        """Whether the work in it is invented and its clock its own."""
        found = self.about()
        return found is not None and found.pace is not None

    def is_everybodys_own(self) -> bool:
        """Whether whoever runs the command line owns what it works on anyway: a file, or invented work."""
        return self.database.is_sqlite or self.is_demonstration()

    def now(self) -> datetime:
        """The present instant, on a demonstration's own clock where it is one.

        Raises NotADemonstration when a clock is set (DOSSIER_CLOCK) that only a demonstration may have.
        """
        found = self.about()
        if found is None:
            return self.clock()
        if found.pace is None:
            if self.settings.clock is not None:
                raise NotADemonstration(self.database.name)
            return self.clock()
        return found.pace.shows(self.clock())

    def speed(self) -> int:
        """How many times faster than the true clock `now()` runs at present."""
        found = self.about()
        return found.pace.speed_at(self.clock()) if found is not None and found.pace is not None else 1

    def set_clock(self, change: Callable[[Pace, datetime], Pace]) -> None:
        """Change the state of a demonstration's clock, given the present one and the true instant.

        Raises NotADemonstration.
        """
        with self.database.writing() as session:
            found = about(session.connection(), lock=True)
            if found is None or found.pace is None:
                raise NotADemonstration(self.database.name)
            set_pace(session.connection(), change(found.pace, self.clock()))
        self._known = None

    def law(self, session: Session) -> Law:
        """The definitions stored in the database, the newest activation of each name active, and the calendar.

        Raises IntegrityBroken when stored bytes are no definition any more.
        """
        rows = _STORED.rows(session.connection(), {})
        try:
            workflows = {r.sha256: _parsed(r.content, f"{r.name}@{r.version}") for r in rows}
        except FileProblems as refusal:
            raise IntegrityBroken([str(p) for p in refusal.problems]) from refusal
        return Law(workflows, {r.name: r.sha256 for r in rows}, self.calendar)

    @contextmanager
    def changing(self, *, commit: bool = True) -> Iterator[tuple[Session, Law]]:
        """A session and the law for one command, committed at the end; `commit=False` undoes it (a dry run)."""
        with self.database.writing(commit=commit) as session:
            yield session, self.law(session)

    @contextmanager
    def looking(self) -> Iterator[tuple[Session, Law]]:
        """A session on one snapshot and the law, for queries."""
        with self.database.reading() as session:
            yield session, self.law(session)

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()


def open(settings: Settings | None = None) -> Engine:  # noqa: A001  # reads as `wiring.open()`
    """The installation that the settings (the environment's, if not given) name. Opens no connection yet."""
    chosen = settings or read()
    return Engine(chosen, Database(chosen.database_url))


@lru_cache
def _parsed(content: bytes, reference: str) -> Workflow:
    """The definition that stored bytes say: the same bytes always say the same, and to read them takes its time."""
    return stored(content, reference)


def packaged_law() -> Law:
    """The law as it ships: every packaged definition active, with the calendar; for databases not yet made."""
    workflows = [load(content, name) for name, content in packaged()]
    return Law({w.sha256: w for w in workflows}, {w.name: w.sha256 for w in workflows}, load_calendar())
