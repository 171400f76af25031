"""The daily look: whoever would be overlooked is mended and told of, and nobody else is touched."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from dossier_engine.commands.reconcile import Reconciled, reconcile
from dossier_engine.records.tables import TABLES
from tests.commands.conftest import CODE
from tests.commands.looking import row, rows
from tests.makers import LUONG_DIEN, Province, at

_DOSSIER, _WAKE = TABLES["dossier"], TABLES["wake"]


def look(province: Province, on: str, **batch: int) -> Reconciled:
    with province.writing() as session:
        return reconcile(session, province.law, now=at(on), rng=province.rng, **batch)


def set_wake(province: Province, wake_at: datetime | None) -> None:
    """As somebody who writes past the commands does."""
    with province.writing() as session:
        dossier = select(_DOSSIER.c.id).where(_DOSSIER.c.code == CODE).scalar_subquery()
        session.execute(update(_WAKE).where(_WAKE.c.dossier == dossier).values(at=wake_at))


def open_incidents(province: Province) -> list[Any]:
    return [(i["kind"], i["about"], i["count"]) for i in rows(province, "incident")]


def test_a_dossier_that_will_be_looked_at_in_time_is_left_alone(province):
    province.register(on="2024-04-15")
    before = row(province, CODE).wake_at

    done = look(province, "2024-04-16")

    assert (done.dossiers, done.mended, row(province, CODE).wake_at) == (1, 0, before)
    assert open_incidents(province) == []


@pytest.mark.parametrize("wrong", [None, at("2024-12-31")])
def test_one_that_would_be_overlooked_is_mended_and_an_incident(province, wrong):
    province.register(on="2024-04-15")
    right = row(province, CODE).wake_at
    set_wake(province, wrong)

    done = look(province, "2024-04-16")

    assert (done.mended, row(province, CODE).wake_at) == (1, right)
    assert open_incidents(province) == [("wake_at_differs", CODE, 1)]


def test_what_is_due_already_is_looked_at_now(province):
    province.register(on="2024-04-15")
    set_wake(province, None)

    look(province, "2024-07-24")

    assert row(province, CODE).wake_at == at("2024-07-24")
    assert province.sweep("2024-07-24", 9).dossiers == 1


def test_a_look_too_early_does_no_harm_and_is_no_incident(province):
    province.register(on="2024-04-15")
    set_wake(province, at("2024-04-15"))

    assert look(province, "2024-04-16").mended == 0


def test_batches_go_on_where_the_last_one_ended(province):
    province.register(on="2024-04-15")
    province.register("xa2", LUONG_DIEN, on="2024-04-15")

    first = look(province, "2024-04-16", most=1)
    second = look(province, "2024-04-16", most=1, after=first.after)
    last = look(province, "2024-04-16", most=1, after=second.after)

    assert [(b.dossiers, b.after != 0) for b in (first, second, last)] == [(1, True), (1, True), (0, False)]


def test_an_end_with_nothing_to_announce_is_not_looked_at(standing):
    province = standing("registered")
    province.advance(CODE, "xa", "withdraw", on="2024-05-02")

    assert look(province, "2024-05-03").dossiers == 0


def test_when_it_looked_is_kept(province):
    look(province, "2024-04-16")

    with province.database.reading() as session:
        pulse = TABLES["pulse"]
        assert session.execute(select(pulse.c.at).where(pulse.c.name == "reconcile")).scalar_one() is not None


def test_a_year_without_a_calendar_is_an_incident_a_month_before_and_only_one(standing):
    province = standing("registered")

    look(province, "2027-12-01")
    before = rows(province, "incident")
    for day in ("2027-12-03", "2027-12-04", "2028-02-01"):
        look(province, day)

    [found] = rows(province, "incident")
    assert before == []
    assert (found["kind"], found["about"], found["territory"], found["count"]) == ("calendar_missing", "2028", "30/", 3)


def test_sweeps_beyond_the_calendar_do_nothing_and_what_was_missed_is_told_once_it_is_there(standing):
    province = standing("registered")
    province.sweep("2027-12-30")

    beyond = province.sweep("2028-03-01", 8)
    later = replace(province.law.calendar, years=province.law.calendar.years | {2028}, version="2028")
    province.law = replace(province.law, calendar=later)
    look(province, "2028-03-01")
    again = province.sweep("2028-03-01", 10)

    assert (beyond.dossiers, again.dossiers) == (0, 1)
    assert again.rungs["late"] > 0


def test_a_dossier_on_which_nobody_could_act_is_an_incident(province):
    province.register(on="2024-04-15")
    province.register("xa2", LUONG_DIEN, on="2024-04-15")
    appointment = TABLES["appointment"]
    with province.writing() as session:
        mine = appointment.c.person == province.people["xa"]
        session.execute(update(appointment).where(mine).values(valid_to=date(2024, 4, 15)))

    look(province, "2024-04-15")
    before = open_incidents(province)
    for on in ("2024-04-16", "2024-04-17"):
        look(province, on)

    assert before == []
    assert open_incidents(province) == [("nobody_can_act", CODE, 2)]
