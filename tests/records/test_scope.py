"""What a person sees of dossiers about offices: a department its own, all others whatever lies in their territory."""

from datetime import date

import pytest

from dossier_engine.commands.open_obligations import OpenObligations, open_obligations
from dossier_engine.queries.deadlines import due_until
from dossier_engine.queries.listing import Filter, listing
from dossier_engine.records.scope import EVERYTHING, Scope, scope_of
from tests.makers import Province, adopted_plan, at

TODAY = date(2024, 12, 2)


@pytest.fixture
def asked(province: Province) -> Province:
    """Cẩm Hưng registered, and the departments' reports asked for."""
    adopted_plan(province)
    province.register(on="2024-04-15")
    order = OpenObligations(year=2024, act=province.act("so"))
    with province.writing() as session:
        open_obligations(session, province.law, order, now=at("2024-04-15"), rng=province.rng)
    return province


def seen(province: Province, scope: Scope) -> list[str]:
    with province.database.reading() as session:
        return [
            line.office or line.locality
            for line in listing(session, province.law, scope, Filter(), today=TODAY, limit=100)
        ]


def scope(province: Province, handle: str) -> Scope:
    with province.database.reading() as session:
        return scope_of(session.connection(), province.people[handle], TODAY)


def test_a_department_sees_its_own_report_and_every_locality_of_the_province(asked):
    assert sorted(seen(asked, scope(asked, "so-y-te"))) == ["Xã Cẩm Hưng", "so-y-te"]


@pytest.mark.parametrize("handle", ["so", "bcd", "thanhtra", "vanthu"])
def test_whoever_works_for_the_whole_province_sees_every_report(asked, handle):
    assert len(seen(asked, scope(asked, handle))) == len(seen(asked, EVERYTHING)) == 17


def test_a_district_sees_no_report(asked):
    assert seen(asked, scope(asked, "huyen")) == ["Xã Cẩm Hưng"]


def test_whoever_works_in_two_departments_sees_both_reports(asked):
    asked.appoint("so-y-te", "sector_confirmer", "so-tu-phap")

    assert sorted(seen(asked, scope(asked, "so-y-te"))) == ["Xã Cẩm Hưng", "so-tu-phap", "so-y-te"]


def test_a_department_whose_officer_appraises_too_sees_all(asked):
    asked.appoint("so-y-te", "dard_appraiser", "so-nong-nghiep-va-ptnt")

    assert len(seen(asked, scope(asked, "so-y-te"))) == 17


def test_a_deadline_of_another_department_is_not_listed(asked):
    with asked.database.reading() as session:
        due = due_until(session, asked.law, scope(asked, "so-y-te"), date(2024, 12, 31), today=TODAY)

    assert [line.office for line, _ in due] == [None, "so-y-te"]


def test_a_report_is_listed_once_with_the_department_that_holds_it(asked):
    with asked.database.reading() as session:
        lines = listing(session, asked.law, EVERYTHING, Filter(holders=("sector_confirmer",)), today=TODAY, limit=100)

    assert len(lines) == len({line.code for line in lines}) == 16
    assert all(line.holder_vi == line.office_vi for line in lines)
    assert {(line.holder_vi, line.holder_en) for line in lines} >= {("Sở Y tế", "Department of Health")}
