"""Departments report by the plan's date: reminded, late ones escalated, the committee's new date, and then received."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.escalations import Answer, answer
from dossier_engine.commands.open_obligations import OpenObligations, open_obligations
from dossier_engine.commands.sweep import sweep
from dossier_engine.errors import NotAllowed, NotFound
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from tests.commands.looking import last, row
from tests.makers import SHA, Province, adopted_plan, at

HEALTH, TRANSPORT, JUSTICE = "so-y-te", "so-giao-thong-van-tai", "so-tu-phap"
REPORT = {"report": {"number": "45/BC", "date": "2024-12-02", "sha256": SHA}}
ARRIVAL = {"arrival": {"number": "812", "date": "2024-12-03"}}

Told = list[tuple[str, str, str]]  # the day, the rung, whom


@pytest.fixture
def reporting(province: Province) -> Province:
    """The plan adopted and its obligations opened in April."""
    adopted_plan(province)
    opened_as(province, "so", on="2024-04-15")
    return province


def opened_as(province: Province, handle: str, *, on: str) -> int:
    order = OpenObligations(year=2024, act=province.act(handle))
    with province.writing() as session:
        return len(open_obligations(session, province.law, order, now=at(on), rng=province.rng).receipts)


def codes(province: Province) -> dict[str, str]:
    dossier = TABLES["dossier"]
    with province.database.reading() as session:
        return dict(session.execute(select(dossier.c.office, dossier.c.code)).all())


def swept(province: Province, first: str, until: str) -> None:
    """A sweep on each morning of the period, both days included."""
    day, end = date.fromisoformat(first), date.fromisoformat(until)
    while day <= end:
        with province.writing() as session:
            sweep(session, province.law, now=at(day.isoformat(), 8), rng=province.rng)
        day += timedelta(days=1)


def told(province: Province, code: str) -> Told:
    """What the ledger says was told of the dossier, in order."""
    rung, notice, person = TABLES["rung"], TABLES["notice"], TABLES["person"]
    query = (
        select(rung.c.occurrence, rung.c.rung, person.c.handle)
        .join(notice, notice.c.rung == rung.c.id)
        .join(person, person.c.id == notice.c.person)
        .where(rung.c.dossier == row(province, code).id)
        .order_by(rung.c.occurrence, rung.c.rung, person.c.handle)
    )
    with province.database.reading() as session:
        return [(f"{day:%d/%m}", name, handle) for day, name, handle in session.execute(query)]


def sent(province: Province, department: str, *, on: str) -> str:
    code = codes(province)[department]
    province.record(code, department, "report", REPORT, on=on)
    province.advance(code, department, "submit", on=on)
    return code


def received(province: Province, code: str, *, on: str) -> None:
    province.record(code, "so", "arrival", ARRIVAL, on=on)
    province.advance(code, "so", "receive", on=on)


def incidents(province: Province) -> list[tuple[str, str]]:
    incident = TABLES["incident"]
    with province.database.reading() as session:
        return [(r.kind, r.about) for r in session.execute(select(incident).where(incident.c.kind != "no_address"))]


def test_each_department_of_the_register_owes_one_report(reporting):
    repeated = opened_as(reporting, "so", on="2024-04-16")

    with reporting.database.reading() as session:
        office = TABLES["office"]
        departments = set(session.execute(select(office.c.code).where(office.c.kind == "sector")).scalars())
    health = row(reporting, codes(reporting)[HEALTH])
    assert codes(reporting).keys() == departments
    assert repeated == 0
    assert (health.state, health.due_on, health.territory, health.level) == ("due", date(2024, 12, 9), "30/", "")
    assert min(codes(reporting).values()) == "HD-2024-BC-0001"


def test_one_reports_in_time_one_late_and_one_only_after_the_committee_gave_a_new_date(reporting):
    silent = codes(reporting)[JUSTICE]

    swept(reporting, "2024-11-20", "2024-12-02")
    in_time = sent(reporting, HEALTH, on="2024-12-02")
    received(reporting, in_time, on="2024-12-03")
    swept(reporting, "2024-12-03", "2024-12-10")
    late = sent(reporting, TRANSPORT, on="2024-12-11")
    received(reporting, late, on="2024-12-12")
    swept(reporting, "2024-12-11", "2024-12-16")

    assert told(reporting, in_time) == [("25/11", "-10wd", HEALTH), ("02/12", "-5wd", HEALTH)]
    assert told(reporting, late)[-3:] == [
        ("06/12", "-1wd", TRANSPORT), ("09/12", "0wd", TRANSPORT), ("10/12", "+1wd", TRANSPORT),
    ]  # fmt: skip
    assert ("16/12", "+5wd", "bcd") in told(reporting, silent)
    assert ("12/12", "+3wd", "so") in told(reporting, silent)
    assert {handle for _, _, handle in told(reporting, silent)} == {JUSTICE, "so", "bcd"}
    assert last(reporting, silent)["kind"] == "escalated"

    until = date(2024, 12, 20)
    order = Answer(
        dossier=silent,
        number="9/BCĐ",
        dated=date(2024, 12, 17),
        act=reporting.act("bcd", reason="gia hạn"),
        until=until,
    )
    with reporting.writing() as session:
        answer(session, reporting.law, order, now=at("2024-12-17"), rng=reporting.rng)
    swept(reporting, "2024-12-17", "2024-12-19")
    sent(reporting, JUSTICE, on="2024-12-20")
    received(reporting, silent, on="2024-12-23")

    assert told(reporting, silent)[-1] == ("19/12", "-1wd", JUSTICE)
    assert {row(reporting, code).state for code in (in_time, late, silent)} == {"received"}
    with reporting.database.reading() as session:
        assert verify(session, reporting.law).findings == ()
        assert session.execute(select(TABLES["recognition"])).all() == []
    heads = {"head of sector_confirmer so-tu-phap", "head of sector_confirmer so-giao-thong-van-tai"}
    assert heads <= {about for _, about in incidents(reporting)}


def test_a_report_is_returned_for_additions_and_then_due_again(reporting):
    code = sent(reporting, HEALTH, on="2024-12-02")

    lacking = (Supplement("report", "thiếu biểu số liệu"),)
    reporting.advance(code, "so", "return_report", on="2024-12-04", reason="thiếu biểu", supplements=lacking)

    returned = row(reporting, code)
    assert (returned.state, returned.round, returned.due_on) == ("due", 2, date(2024, 12, 11))
    assert returned.holder_role == "sector_confirmer"


def test_another_departments_report_is_not_there(reporting):
    code = codes(reporting)[HEALTH]

    with pytest.raises(NotFound):
        reporting.record(code, TRANSPORT, "report", REPORT, on="2024-12-02")
    with pytest.raises(NotFound):
        reporting.advance(code, TRANSPORT, "submit", on="2024-12-02")


def test_who_has_no_part_in_it_opens_no_obligations(province):
    adopted_plan(province)

    with pytest.raises(NotAllowed):
        opened_as(province, HEALTH, on="2024-04-15")

    assert codes(province) == {}
