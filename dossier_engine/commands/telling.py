"""Writes what a plan says into the ledger and tells people: notices at once, mails by the morning or at once.

A reminder goes into the person's one mail of the morning; if that has left already, into the next. An escalation has a
mail of its own. Whom nobody can be found for, or who has no address, is an incident: never silence.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row

from dossier_engine.records import reminders
from dossier_engine.records.reminders import Seated
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.due import Line
from dossier_engine.rules.ladder import morning_of, working_day_after
from dossier_engine.rules.law import HANOI, legal_day
from dossier_engine.rules.seats import Seat, seat_of
from dossier_engine.rules.workflow import Workflow

GATHERING = timedelta(minutes=10)
"""What falls due late is given this long to gather before a mail leaves with it."""

_EVENING = time(17)  # what comes later waits for the next morning


@dataclass(slots=True)
class Telling:
    """What is to be written for many dossiers at once."""

    conn: Connection
    calendar: Calendar
    now: datetime
    rng: random.Random
    rungs: list[dict[str, Any]] = field(default_factory=list)
    heard: list[tuple[dict[str, Any], Seat, Row[Any]]] = field(default_factory=list)
    keys: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        # One after the other from a random one: rows that are written together lie together in every index.
        self.keys = count(self.rng.getrandbits(62))

    def add(self, row: Row[Any], workflow: Workflow, lines: Iterable[Line]) -> None:
        """Take in the lines of one dossier."""
        for line in lines:
            rung = {
                "id": next(self.keys),
                "dossier": row.id,
                "stage_seq": row.stage_seq,
                "key": line.key,
                "due_version": line.due_version,
                "rung": line.rung,
                "addressee": line.addressee,
                "occurrence": line.occurrence,
                "due_on": line.due_on,
                "kind": line.kind,
                "outcome": line.outcome,
                "why": line.why,
                "written_at": self.now,
            }
            self.rungs.append(rung)
            if line.tells:
                self.heard.append((rung, seat_of(workflow, row, line.key, line.addressee), row))

    def write(self) -> int:
        """Write it all; how many notices people got."""
        told = self._told()
        by_mail = self._mails([(rung, one) for rung, one in told if one.email is not None])
        notices = [
            {
                "rung": rung["id"],
                "person": one.person,
                "delivery": by_mail.get((rung["id"], one.person)),
                "at": self.now,
                "read_at": None,
            }
            for rung, one in told
        ]
        reminders.write_rungs(self.conn, self.rungs, notices)
        return len(notices)

    def _told(self) -> list[tuple[dict[str, Any], Seated]]:
        """Each person once for each rung; whoever should have been there and is not becomes an incident."""
        there = reminders.seated(self.conn, {seat.path for _, seat, _ in self.heard}, legal_day(self.now))
        found: dict[Seat, tuple[Seated, ...]] = {}
        told, missing, unreachable = [], {}, {}
        for rung, seat, row in self.heard:
            if seat not in found:
                taken = [one for one in there.get(seat.path, ()) if one.sits_in(seat)]
                found[seat] = tuple({one.person: one for one in taken}.values())
            if not found[seat]:
                missing[seat], rung["why"] = row.code, "nobody"
            for one in found[seat]:
                told.append((rung, one))
                if one.email is None:
                    unreachable[one.person] = one
        self._report(missing, unreachable.values())
        return told

    def _report(self, missing: dict[Seat, str], unreachable: Iterable[Seated]) -> None:
        vacant = [
            self._incident("nobody_appointed", f"{'head of ' * s.head}{s.role} {s.office or s.path}", s.path,
                           {"role": s.role, "head": s.head, "office": s.office, "path": s.path, "dossier": code})
            for s, code in missing.items()
        ]  # fmt: skip
        silent = [self._incident("no_address", s.person, s.path, {"person": s.person}) for s in unreachable]
        reminders.report(self.conn, vacant + silent)

    def _incident(self, kind: str, about: str, territory: str, facts: dict[str, Any]) -> dict[str, Any]:
        return reminders.incident(kind, about, territory, facts, self.now, self.rng)

    def _mails(self, told: Sequence[tuple[dict[str, Any], Seated]]) -> dict[tuple[int, str], int]:
        """The delivery that carries each notice, by rung and person."""
        mornings: dict[str, list[int]] = defaultdict(list)
        found: dict[tuple[int, str], int] = {}
        for rung, one in told:
            if rung["kind"] == "escalate":
                mail = self._delivery(one.person, f"escalation/{rung['id']}", "escalation", self.now)
                reminders.add_deliveries(self.conn, [mail])
                found[rung["id"], one.person] = mail["id"]
            else:
                mornings[one.person].append(rung["id"])
        for person, key in self._morning_mails(list(mornings)).items():
            found |= {(rung, person): key for rung in mornings[person]}
        return found

    def _morning_mails(self, people: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        day = _next_morning(self.now, self.calendar)
        while missing := [person for person in people if person not in found]:
            at = max(morning_of(day), self.now + GATHERING)
            rows = [self._delivery(person, f"morning/{day.isoformat()}", "morning", at) for person in missing]
            found |= reminders.add_deliveries(self.conn, rows)
            day = _working_day(day, self.calendar)
        return found

    def _delivery(self, person: str, topic: str, kind: str, at: datetime) -> dict[str, Any]:
        return {
            "id": next(self.keys), "channel": "mail", "recipient": person, "topic": topic, "kind": kind,
            "status": "waiting", "available_at": at, "attempts": 0, "created_at": self.now,
        }  # fmt: skip


def _next_morning(now: datetime, calendar: Calendar) -> date:
    """The day in whose morning mail a person is told next: today's while offices work; any, if nobody knows that."""
    today = legal_day(now)
    is_evening = now.astimezone(HANOI).time() >= _EVENING
    return _working_day(today if is_evening else today - timedelta(days=1), calendar)


def _working_day(after: date, calendar: Calendar) -> date:
    return working_day_after(after, 1, calendar) or after + timedelta(days=1)
