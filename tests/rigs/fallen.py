"""A province in which much falls due, and what must be true of its ledger, whoever swept it and how often."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from config.adoption import adopt_province
from config.provinces import load_localities
from dossier_engine.commands.deliver import seal
from dossier_engine.queries.accounting import Account, account
from dossier_engine.records import mails
from dossier_engine.records.scope import EVERYTHING
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import parse
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.pace import standing
from tests.channels.servers import Mailbox
from tests.makers import CAST, SETUP, Province

_RUNG, _NOTICE, _HISTORY = (TABLES[t] for t in ("rung", "notice", "history"))
_WAKE, _DELIVERY = TABLES["wake"], TABLES["delivery"]
_ONCE = tuple(
    _RUNG.c[name] for name in ("dossier", "stage_seq", "key", "due_version", "rung", "addressee", "occurrence")
)


def many_dossiers(province: Province, count: int) -> None:
    """So many communes register on 15 April 2024 and then forget about it; whoever should hear of it has an address."""
    officers = {office: handle for handle, (_, office) in CAST.items()}
    for commune in communes()[:count]:
        office = f"ubnd-xa-{commune}"
        if office not in officers:
            officers[office] = commune
            province.appoint(commune, "commune_officer", office, head=True)
        province.register(officers[office], commune, on="2024-04-15")
    province.addressed()


def on_its_own_clock(province: Province, shows: datetime) -> None:
    """Make the installation a demonstration whose clock shows that instant."""
    pace = standing(shows, datetime.now(UTC))  # noqa: TID251  # the true clock is where it begins
    with province.writing() as session:
        adopt_province(session, SETUP, now=shows, rng=province.rng, pace=pace)


def left(session: Session, now: datetime) -> int:
    """How many dossiers and deliveries are due."""
    dossiers = select(func.count()).select_from(_WAKE).where(_WAKE.c.at <= now)
    unsettled = _DELIVERY.c.status.in_(("waiting", "sending")) & (_DELIVERY.c.available_at <= now)
    unsent = select(func.count()).select_from(_DELIVERY).where(unsettled)
    return int(session.execute(dossiers).scalar_one() + session.execute(unsent).scalar_one())


def sealed(session: Session, *statuses: str) -> dict[str, int]:
    """How often each delivery of these statuses was claimed, by what its Message-ID begins with."""
    home = mails.installation(session.connection())
    found = session.execute(select(_DELIVERY).where(_DELIVERY.c.status.in_(statuses))).all()
    return {seal(home, row.topic, row.recipient): row.attempts for row in found}


def taken(box: Mailbox) -> Counter[str]:
    """How often the mail server took each mail, by the same."""
    return Counter(mail["Message-ID"].partition("@")[0].lstrip("<") for mail in box.mails)


def communes() -> list[str]:
    """Every commune of 2024 that lasts through it."""
    lasting = (row for row in load_localities("hai_duong") if row.kind == "commune" and row.valid_from is None)
    return [row.code for row in lasting if row.valid_to is None or row.valid_to > date(2024, 12, 31)]


def lines(session: Session) -> int:
    """How many lines the ledger has."""
    return int(session.execute(select(func.count()).select_from(_RUNG)).scalar_one())


def doubles(conn: Connection) -> list[tuple[Any, ...]]:
    """What happened twice: a rung in the ledger, somebody told twice of one rung, an escalation opened twice by it.

    Counted from what is stored, whether or not a constraint would have kept it from happening.
    """
    rungs = conn.execute(select(*_ONCE).group_by(*_ONCE).having(func.count() > 1)).all()
    told = (
        select(*_ONCE, _NOTICE.c.person)
        .join(_NOTICE, _NOTICE.c.rung == _RUNG.c.id)
        .group_by(*_ONCE, _NOTICE.c.person)
        .having(func.count() > 1)
    )
    opened: Counter[tuple[Any, ...]] = Counter()
    machine = select(_HISTORY.c.stream, _HISTORY.c.entry).where(_HISTORY.c.actor == "system:reminders")
    for stream, data in conn.execute(machine):
        entry = parse(data)
        body = entry["body"]
        assert isinstance(body, dict)
        opened[stream, entry["kind"], *(str(body.get(n)) for n in ("deadline", "due_version", "rung", "occurrence",
                                                                   "escalation", "addressee"))] += 1  # fmt: skip
    return [
        *(("ledger", *row) for row in rungs),
        *(("notice", *row) for row in conn.execute(told)),
        *(("escalation", *key) for key, count in opened.items() if count > 1),
    ]


def accounted(session: Session, law: Law, now: datetime) -> Account:
    """Every rung there ever was by `now`."""
    return account(session, law, EVERYTHING, date(2024, 1, 1), legal_day(now), now=now)


def flaws(session: Session, law: Law, now: datetime) -> Sequence[object]:
    """All that is wrong with the ledger at `now`, after the last sweep: doubles, and rungs missed or unexplained."""
    found = accounted(session, law, now)
    missed = [rung for rung in found.rungs if rung.outcome == "waiting"]
    return [*doubles(session.connection()), *found.unexplained, *missed]
