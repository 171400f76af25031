"""Dossiers about offices: who may open and change one, and that a plan's obligations are opened once."""

from dataclasses import replace
from datetime import date

import pytest

from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.open_obligations import Opened, OpenObligations, open_obligations
from dossier_engine.commands.register import Register, register
from dossier_engine.errors import AlreadyOpen, BadInput, NotAllowed, NotFound, WrongSubject
from dossier_engine.queries.possibilities import possibilities
from dossier_engine.queries.worklist import one
from dossier_engine.records import offices
from dossier_engine.records.scope import EVERYTHING
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow
from tests.commands.looking import entries, refused, row
from tests.makers import CAM_HUNG, SHA, Province, adopted_plan, at

HEALTH, TRANSPORT = "so-y-te", "so-giao-thong-van-tai"
CODE = "HD-2024-BC-0001"


def opened(province: Province, *, year: int = 2024, on: str = "2024-04-15", law: Law | None = None) -> Opened:
    order = OpenObligations(year=year, act=province.act("so"))
    with province.writing() as session:
        return open_obligations(session, law or province.law, order, now=at(on), rng=province.rng)


def a_law_with(province: Province, **changes: object) -> Law:
    """The law with another definition of reports in force, which differs in `changes`."""
    sha = province.law.active["department-report"]
    changed: Workflow = replace(province.law.workflows[sha], **changes)  # type: ignore[arg-type]
    return replace(province.law, workflows={**province.law.workflows, sha: changed})


def asked_of(province: Province, office: str = HEALTH, **asked: object) -> str:
    return province.register("so", office, workflow="department-report", **asked).dossier  # type: ignore[arg-type]


# --- one office ---


def test_a_dossier_about_an_office_is_held_by_it_and_says_so_in_its_entry(hai_duong):
    code = asked_of(hai_duong)

    found, [entry] = row(hai_duong, code), entries(hai_duong, f"dossier/{code}")
    assert (code, found.office, found.holder_role, found.holder_path) == (CODE, HEALTH, "sector_confirmer", "30/")
    assert (entry["body"]["office"], entry["body"]["locality"], entry["body"]["level"]) == (HEALTH, "30", "")


def test_two_offices_at_one_seat_each_have_a_dossier_and_neither_has_two(hai_duong):
    codes = [asked_of(hai_duong, HEALTH), asked_of(hai_duong, TRANSPORT)]

    with refused(hai_duong, AlreadyOpen) as refusal:
        asked_of(hai_duong, HEALTH)

    assert codes == [CODE, "HD-2024-BC-0002"]
    assert (refusal.value.facts["locality"], refusal.value.facts["dossier"]) == ("Sở Y tế", CODE)


def test_an_office_of_another_kind_is_refused(hai_duong):
    with refused(hai_duong, WrongSubject) as refusal:
        asked_of(hai_duong, "mttq-tinh")

    assert (refusal.value.facts["kind"], refusal.value.facts["accepts"]) == ("front", "office")


@pytest.mark.parametrize("code", ["so-khong-co", CAM_HUNG, ""])
def test_an_office_that_is_not_in_the_register_is_not_found(hai_duong, code):
    with refused(hai_duong, NotFound) as refusal:
        asked_of(hai_duong, code)

    assert refusal.value.facts["kind"] == "office"


def test_an_office_without_a_seat_that_day_is_not_found(hai_duong):
    order = Register(workflow="department-report", subject=HEALTH, target_year=2024,
                     act=hai_duong.act("so", effective_on=date(2024, 4, 15)))  # fmt: skip
    with hai_duong.writing() as session:
        session.connection().exec_driver_sql("UPDATE locality SET valid_to = '2024-01-01' WHERE code = '30'")

    with refused(hai_duong, NotFound), hai_duong.writing() as session:
        register(session, hai_duong.law, order, now=at("2024-04-15"), rng=hai_duong.rng)


def test_a_department_does_not_ask_itself(hai_duong):
    with refused(hai_duong, NotAllowed):
        hai_duong.register(HEALTH, HEALTH, workflow="department-report")


def test_a_department_registers_for_itself_alone_where_the_definition_lets_it(hai_duong):
    workflow = hai_duong.law.named("department-report")
    law = a_law_with(hai_duong, register=replace(workflow.register, by=("sector_confirmer",)))

    def by(handle: str) -> str:
        order = Register(
            workflow="department-report", subject=HEALTH, target_year=2024, act=hai_duong.act(handle)
        )  # fmt: skip
        with hai_duong.writing() as session:
            return register(session, law, order, now=at("2024-04-15"), rng=hai_duong.rng).dossier

    with refused(hai_duong, NotAllowed):
        by(TRANSPORT)
    assert by(HEALTH) == CODE


def test_only_the_department_itself_sends_its_report(hai_duong):
    code = asked_of(hai_duong)
    report = {"report": {"number": "4/BC", "date": "2024-11-29", "sha256": SHA}}

    for handle in (TRANSPORT, "huyen"):
        with refused(hai_duong, NotFound):
            hai_duong.record(code, handle, "report", report, on="2024-12-02")
    for handle in ("so", "bcd", "quantri"):
        with refused(hai_duong, NotAllowed):
            hai_duong.record(code, handle, "report", report, on="2024-12-02")

    assert hai_duong.record(code, HEALTH, "report", report, on="2024-12-02").seq == 2


def test_what_a_department_could_do_is_told_to_that_department(hai_duong):
    code = asked_of(hai_duong)

    def refusals(handle: str) -> dict[str, object]:
        with hai_duong.database.reading() as session:
            line = one(session, hai_duong.law, EVERYTHING, code, today=date(2024, 12, 2))
            found = possibilities(session, line, person=hai_duong.people[handle], today=date(2024, 12, 2))
        return {p.transition.name: p.refusal and p.refusal.code for p in found}

    assert refusals(HEALTH) == {"submit": None, "release": "not_allowed"}
    assert refusals(TRANSPORT) == {"submit": "not_allowed", "release": "not_allowed"}
    assert refusals("bcd") == {"submit": "not_allowed", "release": None}


def test_a_report_carried_over_is_the_same_offices_of_the_next_year(hai_duong):
    workflow = hai_duong.law.named("department-report")
    release = replace(workflow.transitions["release"], opens_next_year=True)
    transitions = {**workflow.transitions, "release": release}
    later = replace(hai_duong, law=a_law_with(hai_duong, transitions=transitions))
    code = asked_of(later)

    later.advance(code, "bcd", "release", on="2024-12-20")

    assert row(later, "HD-2025-BC-0001").office == HEALTH


def test_a_returned_report_goes_back_to_the_same_department(hai_duong):
    code = asked_of(hai_duong)
    hai_duong.record(code, HEALTH, "report", {"report": {"number": "4", "date": "2024-11-29", "sha256": SHA}},
                     on="2024-12-02")  # fmt: skip
    hai_duong.advance(code, HEALTH, "submit", on="2024-12-02")
    lacking = (Supplement("report", "thiếu biểu"),)
    hai_duong.advance(code, "so", "return_report", on="2024-12-03", supplements=lacking)

    with refused(hai_duong, NotFound):
        hai_duong.advance(code, TRANSPORT, "submit", on="2024-12-04")

    assert row(hai_duong, code).state == "due"


# --- the plan's obligations ---


def test_the_register_of_offices_says_who_owes(hai_duong):
    adopted_plan(hai_duong)

    first, again = opened(hai_duong), opened(hai_duong)

    with hai_duong.database.reading() as session:
        departments = offices.of_kind(session.connection(), "sector", "30/")
    assert [r.body["office"] for r in first.receipts] == departments
    assert (first.known, again.receipts, again.known) == (0, (), len(departments))


def test_what_was_reported_or_released_is_not_asked_for_again(hai_duong):
    adopted_plan(hai_duong)
    code = asked_of(hai_duong)
    hai_duong.advance(code, "bcd", "release", on="2024-04-16")

    done = opened(hai_duong, on="2024-04-17")

    assert HEALTH not in {r.body["office"] for r in done.receipts}
    assert done.known == 1


def test_a_year_without_a_plan_is_refused_with_those_there_are(hai_duong):
    adopted_plan(hai_duong)

    with refused(hai_duong, NotFound) as refusal:
        opened(hai_duong, year=2025)

    assert refusal.value.facts == {"kind": "plan", "name": "2025", "suggestions": ("2024",)}


def test_a_definition_with_another_date_than_the_plan_is_refused(hai_duong):
    adopted_plan(hai_duong)
    workflow = hai_duong.law.named("department-report")
    due = workflow.states["due"]
    assert due.limit is not None
    states = {**workflow.states, "due": replace(due, limit=replace(due.limit, before="2024-12-20"))}

    with refused(hai_duong, BadInput) as refusal:
        opened(hai_duong, law=a_law_with(hai_duong, states=states))

    assert refusal.value.facts == {"field": "before", "value": "2024-12-10", "why": "not_of_the_definition"}


def test_a_province_that_is_not_there_that_day_owes_nothing(hai_duong):
    adopted_plan(hai_duong)
    with hai_duong.writing() as session:
        session.connection().exec_driver_sql("UPDATE locality SET valid_to = '2024-01-01' WHERE code = '30'")

    with refused(hai_duong, NotFound) as refusal:
        opened(hai_duong)

    assert refusal.value.facts["kind"] == "locality"


# --- the register of offices ---


@pytest.mark.parametrize("typed", ["so-y-te", "Sở Y tế", "so y te", "Department of Health", " Sở Y tế "])
def test_an_office_is_meant_by_its_code_or_its_name(hai_duong, typed):
    with hai_duong.database.reading() as session:
        assert offices.find(session.connection(), typed, ("sector",)) == HEALTH


def test_a_misspelt_office_is_not_found_and_near_ones_are_named(hai_duong):
    with hai_duong.database.reading() as session, pytest.raises(NotFound) as refusal:
        offices.find(session.connection(), "so-y-tee", ("sector",))

    assert HEALTH in refusal.value.facts["suggestions"]  # type: ignore[operator]
