"""The daily look: what it reports besides mending."""

from dataclasses import replace

from dossier_engine.commands.reconcile import reconcile
from tests.commands.looking import rows
from tests.makers import Province, at


def look(province: Province, on: str) -> None:
    with province.writing() as session:
        reconcile(session, province.law, now=at(on), rng=province.rng)


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
