"""Say in history that somebody looked who oversees, or took a list away: at what, by which filters, and how much."""

import random
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import Under, file_entry
from dossier_engine.errors import BadInput
from dossier_engine.records import dossiers
from dossier_engine.records.history import Written
from dossier_engine.rules.authority import OVERSEEING, ROLES
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import legal_day

# What holds codes, days and numbers, if it looks like one; whatever else is typed may name somebody.
_CODED = frozenset({
    "after", "at", "code", "current", "day", "days", "deadline", "deadline_status", "due_after", "due_before",
    "first", "form", "from", "holder", "key", "kind", "last", "level", "limit", "locality", "number", "on", "seq",
    "sha256", "sort", "start", "state", "to", "unit", "updated_since", "version", "workflow", "year",
})  # fmt: skip
_DOSSIERS = ("after", "code")
_WORD = re.compile(r"[A-Za-z0-9_:./-]+\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A question by its machine name (`dossiers.list`), the filters it was asked with, and how many things it found.

    `where` holds codes, days and numbers. What somebody wrote in words of their own, such as a name searched for, is
    `typed`: of that history holds only commitments.
    """

    what: str
    where: Mapping[str, Json]
    count: int | None
    typed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, what: str, asked: Mapping[str, object], count: int | None) -> "Read":
        """The question `what` as it was asked: what is a code or a number by its name and its look, all else as typed.

        A dossier's code is written as it is kept.
        """
        where: dict[str, Json] = {}
        typed: dict[str, str] = {}
        for name, value in asked.items():
            if isinstance(value, int):
                where[name] = value
                continue
            text = unicodedata.normalize("NFC", str(value)).replace("\0", "\ufffd")  # which no database keeps
            if name in _DOSSIERS:
                with suppress(BadInput):  # localities have codes too
                    text = read_code(text)
            if name in _CODED and _WORD.match(text):
                where[name] = text
            else:
                typed[name] = text
        return cls(what=what, where=where, count=count, typed=typed)


def note_read(session: Session, read: Read, act: Act, *, now: datetime, rng: random.Random) -> Written:
    """File the entry of `read` in the caller's transaction; the face commits, and only then shows what was found.

    Raises NotAllowed or AppointmentExpired for who is neither auditor nor administrator, whose reads are not noted.
    """
    return _note(session, "read", OVERSEEING, read, act, now=now, rng=rng)


def note_taken(session: Session, read: Read, act: Act, *, now: datetime, rng: random.Random) -> Written:
    """File that a list was taken away as a file, by whoever it was; the rest as `note_read`."""
    return _note(session, "taken_away", (*OVERSEEING, *ROLES), read, act, now=now, rng=rng)


def _note(
    session: Session, kind: str, roles: tuple[str, ...], read: Read, act: Act, *, now: datetime, rng: random.Random
) -> Written:
    conn = session.connection()
    appointments, _, _ = dossiers.sheet(conn, act.person, 0, None)
    valid = {a.role for a in appointments if a.is_valid(legal_day(now))}
    under = Under(next((role for role in roles if role in valid), roles[0]))
    body: dict[str, Json] = {"what": read.what, "asked": dict(read.where), "count": read.count}
    return file_entry(conn, "reads", kind, act, body, now=now, rng=rng, private=read.typed, under=under)
