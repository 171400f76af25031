"""Accounts for every rung that fell due: what history calls for, compared with the ledger line by line.

A rung that history calls for and the ledger does not know, or the other way round, is unexplained, and so is one that
should have told people and told nobody. What no sweep has seen yet is waiting.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session

from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.due import Told, identity
from dossier_engine.rules.foreseen import Foreseen, foreseen
from dossier_engine.rules.ladder import fallen
from dossier_engine.rules.law import Law

_DOSSIER, _WAKE, _HISTORY, _RUNG, _NOTICE = (TABLES[t] for t in ("dossier", "wake", "history", "rung", "notice"))
_DELIVERY, _DEADLINE = TABLES["delivery"], TABLES["deadline"]

UNEXPLAINED = frozenset({"missing", "unforeseen", "unheard"})


@dataclass(frozen=True, slots=True)
class Accounted:
    """One rung: its ledger line, how many people heard of it, and their mails by status.

    `outcome` is that of the ledger, or `waiting`: no sweep has seen it yet; or why it is unexplained: `missing` in the
    ledger, `unforeseen` by history, `unheard` by anybody.
    """

    dossier: str
    told: Told
    outcome: str
    why: str | None = None
    written_at: datetime | None = None
    notices: int = 0
    mails: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """Every rung of the days asked for, in order of day and dossier."""

    rungs: tuple[Accounted, ...]

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many rungs had each outcome."""
        return Counter(rung.outcome for rung in self.rungs)

    @property
    def mails(self) -> Mapping[str, int]:
        """How many notices went by mail, by the status of the mail that carries them."""
        return sum((Counter(rung.mails) for rung in self.rungs), Counter())

    @property
    def unexplained(self) -> tuple[Accounted, ...]:
        """Those nobody can say of what became of them; there must be none."""
        return tuple(rung for rung in self.rungs if rung.outcome in UNEXPLAINED)


def account(session: Session, law: Law, scope: Scope, first: date, last: date, *, now: datetime) -> Account:
    """Account for the rungs of the dossiers in scope that fell due from `first` to `last`, both included, by `now`."""
    until = min(last, fallen(now))
    found: list[Accounted] = []
    for dossier, entries in _histories(session, scope):
        met = {
            (r.stage_seq, r.key): r.met_on
            for r in session.execute(
                select(_DEADLINE).where(_DEADLINE.c.dossier == dossier.id, _DEADLINE.c.met_on.is_not(None))
            )
        }
        called = foreseen(entries, law.workflows[dossier.definition], met, law.calendar, until=until)
        found += _compared(dossier, called, _ledger(session, dossier.id), _mails(session, dossier.id), now)
    within = (rung for rung in found if first <= rung.told[4] <= until)
    return Account(tuple(sorted(within, key=lambda rung: (rung.told[4], rung.dossier, rung.told))))


def _histories(session: Session, scope: Scope) -> Iterator[tuple[Row[Any], list[dict[str, Any]]]]:
    """Every dossier in scope with the entries of its history in order."""
    dossiers = select(_DOSSIER.c.id, _DOSSIER.c.code, _DOSSIER.c.definition, _WAKE.c.at.label("wake_at")).join(
        _WAKE, _WAKE.c.dossier == _DOSSIER.c.id
    )
    for dossier in session.execute(dossiers.where(scope.of(_DOSSIER)).order_by(_DOSSIER.c.code)).all():
        stream = select(_HISTORY.c.entry).where(_HISTORY.c.stream == f"dossier/{dossier.code}")
        yield dossier, [json.loads(e) for e in session.execute(stream.order_by(_HISTORY.c.seq)).scalars()]


def _ledger(session: Session, dossier: int) -> dict[tuple[int, Told], Row[Any]]:
    """The ledger's lines of a dossier, each with how many people heard of it."""
    heard = (
        select(_NOTICE.c.rung, func.count().label("notices"))
        .join(_RUNG, _RUNG.c.id == _NOTICE.c.rung)
        .where(_RUNG.c.dossier == dossier)
        .group_by(_NOTICE.c.rung)
        .subquery()
    )
    query = select(_RUNG, func.coalesce(heard.c.notices, 0).label("notices")).outerjoin(
        heard, heard.c.rung == _RUNG.c.id
    )
    rows = session.execute(query.where(_RUNG.c.dossier == dossier)).all()
    return {(r.stage_seq, (r.key, r.due_version, r.rung, r.addressee, r.occurrence)): r for r in rows}


def _mails(session: Session, dossier: int) -> dict[int, Counter[str]]:
    """By rung, how many of its notices are in a mail of each status."""
    query = (
        select(_NOTICE.c.rung, _DELIVERY.c.status, func.count())
        .join(_RUNG, _RUNG.c.id == _NOTICE.c.rung)
        .join(_DELIVERY, _DELIVERY.c.id == _NOTICE.c.delivery)
        .where(_RUNG.c.dossier == dossier)
        .group_by(_NOTICE.c.rung, _DELIVERY.c.status)
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for rung, status, number in session.execute(query):
        found[rung][status] = number
    return found


def _compared(
    dossier: Row[Any],
    called: Foreseen,
    ledger: Mapping[tuple[int, Told], Row[Any]],
    mails: Mapping[int, Mapping[str, int]],
    now: datetime,
) -> Iterator[Accounted]:
    swept = dossier.wake_at is None or dossier.wake_at > now
    known = {(stage, identity(told)) for stage, told in ledger}
    expected = {(stage, identity(told)) for stage, told in called.due | called.possible}
    for stage, told in called.due:
        if (stage, identity(told)) not in known:
            yield Accounted(dossier.code, told, "missing" if swept else "waiting")
    for (stage, told), row in ledger.items():
        outcome = row.outcome
        if (stage, identity(told)) not in expected:
            outcome = "unforeseen"
        elif outcome in ("sent", "late") and not row.notices and row.why != "nobody":
            outcome = "unheard"
        yield Accounted(dossier.code, told, outcome, row.why, row.written_at, row.notices, mails.get(row.id, {}))
