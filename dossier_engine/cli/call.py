"""One invocation: what was asked on the command line, the opened engine, and the ways to run and answer."""

import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import typer

from config.settings import Settings
from dossier_engine.catalogue import Catalogue
from dossier_engine.errors import BadInput, DossierError, OperatorNotMapped

if TYPE_CHECKING:
    import random

    from sqlmodel import Session

    from config.wiring import Engine
    from dossier_engine.cli.output import Answer
    from dossier_engine.commands.desk import Act, Receipt
    from dossier_engine.rules.law import Law


class MissingPersonError(DossierError):
    """Nobody was named who acts: a usage error, so its exit code is that of the command line."""

    code = "missing_person"
    exit_code = 2


def _taking(*options: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a command that writes, with those of the options in `options.py` that mean something to it."""

    def mark(command: Callable[..., None]) -> Callable[..., None]:
        command.changes = options  # type: ignore[attr-defined]
        return command

    return mark


# A register has no version to expect and no day but today, and a repeat finds there what it would write.
registers = _taking("--as", "--reason", "--dry-run")
# What an export leaves is one entry that says so; it cannot be rehearsed.
exports = _taking("--as", "--reason")
opens = _taking("--as", "--reason", "--dry-run", "--on", "--key")
changes = _taking("--as", "--reason", "--dry-run", "--on", "--key", "--expect")


def day(typed: str, name: str = "date") -> date:
    """A date as people type it: `2024-12-09` or `09/12/2024`. Raises BadInput."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007  # a legal day has no zone
        except ValueError:
            continue
    raise BadInput(name, typed, "not_a_date")


def os_user() -> str:
    """The account that runs this process, by its number: what the environment says about it, anybody can set."""
    try:
        from pwd import getpwuid
    except ImportError:  # Windows has neither
        return getpass.getuser()
    try:
        return getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


@dataclass(frozen=True, slots=True)
class Doing:
    """What a command of the engine is run with."""

    session: "Session"
    law: "Law"
    act: "Act"
    now: datetime
    rng: "random.Random"


@dataclass
class Call:
    """What a command function gets to work with, by `Call.here(context)`."""

    settings: Settings | None
    words: Catalogue
    asked: dict[str, Any] = field(default_factory=dict)
    _engine: "Engine | None" = None
    _context: typer.Context | None = None

    @classmethod
    def here(cls, context: typer.Context) -> "Call":
        """The call that a command runs in."""
        if not isinstance(context.obj, cls):
            raise TypeError(context.obj)
        context.obj._context = context  # noqa: SLF001  # its own
        return context.obj

    @property
    def json(self) -> bool:
        """Whether the answer is for a program."""
        return bool(self.asked.get("--json"))

    @property
    def dry_run(self) -> bool:
        """Whether everything is to be undone at the end."""
        return bool(self.asked.get("--dry-run"))

    @property
    def engine(self) -> "Engine":
        """The installation, opened at first use: `--help` never touches the database layer."""
        if self._engine is None:
            from config.wiring import open as open_engine

            self._engine = open_engine(self.settings)
        return self._engine

    @property
    def today(self) -> date:
        """The legal day on the installation's clock."""
        from dossier_engine.rules.law import legal_day

        return legal_day(self.engine.now())

    @property
    def person(self) -> str | None:
        """The handle of whoever asks or acts; None for the owner of the machine, who names nobody.

        Raises OperatorNotMapped where real work lies on a server: there everybody is the person of their own account.
        """
        named: str | None = self.asked.get("--as") or self.engine.settings.person
        if self.engine.is_everybodys_own():
            return named
        account = os_user()
        mapped = self.engine.settings.operators.get(account)
        if mapped is None or named not in (None, mapped):
            raise OperatorNotMapped(account, named)
        return mapped

    def act(self, session: "Session") -> "Act":
        """Who acts and how, from the options. Raises MissingPersonError, OperatorNotMapped, NotFound or BadInput."""
        from dossier_engine.commands.desk import Act
        from dossier_engine.queries.registers import person_id

        handle = self.person
        if handle is None:
            raise MissingPersonError
        on = self.asked.get("--on")
        return Act(
            person=person_id(session, handle),
            channel="cli",
            reason=self.asked.get("--reason"),
            key=self.asked.get("--key"),
            effective_on=day(on, "--on") if on else None,
            expected_version=self.asked.get("--expect"),
            os_user=os_user(),
        )

    def change(self, work: "Callable[[Doing], Receipt]") -> None:
        """Run one command on a dossier in one transaction and show its receipt."""
        from dossier_engine.cli.output import receipt

        self.alter(lambda doing: receipt(self, doing.session, doing.law, work(doing)))

    def alter(self, work: "Callable[[Doing], Answer]") -> None:
        """Run one command in one transaction, as the person named, and show what it answers."""
        with self.engine.changing(commit=not self.dry_run) as (session, law):
            answer = work(Doing(session, law, self.act(session), self.engine.now(), self.engine.rng))
        self.show(answer)
        if self.dry_run:
            self.tell("say.dry_run")

    def look(self, question: "Callable[[Session, Law], Answer]") -> None:
        """Ask one query on one snapshot and show its answer, once it is noted if whoever asks is one to be noted."""
        with self.engine.looking() as (session, law):
            noted = self._is_noted(session)
            answer = question(session, law)
        if noted:
            self._note(answer)
        self.show(answer)

    def examine(self, question: "Callable[[Session, Law], Answer]") -> None:
        """Ask the database about itself and show its answer: nothing in it is anybody's, so nobody need be named."""
        with self.engine.looking() as (session, law):
            answer = question(session, law)
        self.show(answer)

    def _is_noted(self, session: "Session") -> bool:
        from dossier_engine.queries.registers import appointments_of, person_id
        from dossier_engine.rules.authority import notes_reads

        handle = self.person
        return handle is not None and notes_reads(appointments_of(session, person_id(session, handle)), self.today)

    def _note(self, answer: "Answer") -> None:
        from dossier_engine.cli.noting import read_of
        from dossier_engine.commands.note_read import note_read

        assert self._context is not None  # noqa: S101  # for the type checker
        read = read_of(self._context, answer)
        with self.engine.changing() as (session, _):
            note_read(session, read, self.act(session), now=self.engine.now(), rng=self.engine.rng)

    def show(self, answer: "Answer") -> None:
        """Print an answer: data to standard output, everything else to standard error."""
        from dossier_engine.cli.output import show

        show(self, answer)

    def tell(self, key: str, **facts: object) -> None:
        """A message beside the data."""
        print(self.words.say(key, **facts), file=sys.stderr)

    def close(self) -> None:
        """Give the engine's connections back."""
        if self._engine is not None:
            self._engine.close()
