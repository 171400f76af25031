"""Open a dossier for each office that owes what the year's plan asks for by a date."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.register import Register, register
from dossier_engine.errors import BadInput, NotFound
from dossier_engine.records import localities, offices
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.deadlines import when
from dossier_engine.rules.law import Law, legal_day

_PLAN = TABLES["plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenObligations:
    """An order to open what the plan of `year` asks of offices by a date; safe to repeat, so `act` needs no key."""

    year: int
    act: Act


@dataclass(frozen=True, slots=True)
class Opened:
    """The receipts of what was opened now, and how many offices had their dossier already, whatever became of it."""

    receipts: tuple[Receipt, ...]
    known: int


def open_obligations(
    session: Session, law: Law, order: OpenObligations, *, now: datetime, rng: random.Random
) -> Opened:
    """Carry out `order` in the caller's transaction; the face commits. The register of offices says who owes.

    Raises what `register` raises, NotFound without a plan of that year, and BadInput where the plan's date is not the
    active definition's.
    """
    conn = session.connection()
    plan = conn.execute(select(_PLAN).where(_PLAN.c.year == order.year)).first()
    if plan is None:
        years = conn.execute(select(_PLAN.c.year).order_by(_PLAN.c.year)).scalars()
        raise NotFound("plan", str(order.year), [str(year) for year in years])
    seat = localities.lock(conn, plan.province, legal_day(now))  # or two who open at once look past each other
    if seat is None:
        raise NotFound("locality", plan.province)
    receipts: list[Receipt] = []
    known = 0
    for obligation in plan.content["obligations"]:
        if obligation["workflow"] is None:
            continue
        _check_date(law, obligation["workflow"], obligation["before"], order.year, legal_day(now))
        have = offices.with_dossier(conn, obligation["workflow"], order.year)
        for office in offices.of_kind(conn, obligation["actor"], seat.path):
            if office in have:
                known += 1
            else:
                opening = Register(
                    workflow=obligation["workflow"], subject=office, target_year=order.year, act=order.act
                )
                receipts.append(register(session, law, opening, now=now, rng=rng))
    return Opened(tuple(receipts), known)


def _check_date(law: Law, name: str, before: str, year: int, today: date) -> None:
    """A definition of last year must not remind of this year's plan."""
    workflow = law.named(name)
    due = when(workflow, f"state:{workflow.initial}", today, year=year, calendar=law.calendar)
    if due != date.fromisoformat(before) - timedelta(days=1):
        raise BadInput("before", before, "not_of_the_definition")
