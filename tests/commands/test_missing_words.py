"""What an order must say, and the order that comes second: each refusal leaves no trace."""

import random
from datetime import date

import pytest
from sqlalchemy import update

from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.commands.desk import Act, Desk, Outcome, settle, take
from dossier_engine.commands.extend import Extend, extend
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.commands.people import Appoint, add_person, appoint, first_administrator
from dossier_engine.commands.record import Record, record
from dossier_engine.commands.register import Register, register
from dossier_engine.errors import AlreadyThere, BadInput, DossierError, NotFound, RequirementsUnmet, StaleVersion
from dossier_engine.records.tables import TABLES
from tests.makers import CAM_HUNG, SETUP, Province, at

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NOW = at("2024-07-15")


def refused(province: Province, work, kind: type[DossierError] = BadInput) -> dict[str, object]:
    with pytest.raises(kind) as refusal, province.writing() as session:
        work(session)
    return refusal.value.facts


def why(province: Province, work) -> tuple[object, object]:
    facts = refused(province, work)
    return facts["field"], facts["why"]


def order(province: Province, code: str, transition: str, handle: str = "huyen", reason: str | None = "thiếu", **more):
    wanted = Advance(dossier=code, transition=transition, act=province.act(handle, reason=reason), **more)
    return lambda session: advance(session, province.law, wanted, now=NOW, rng=province.rng)


def a_self_assessed(province: Province) -> str:
    code = province.register(on="2024-04-15").dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")
    return code


def test_a_return_says_why_and_lists_what_to_supplement(province):
    code = a_self_assessed(province)
    line = Supplement("commune_vote", "thiếu chữ ký")

    assert why(province, order(province, code, "return_to_commune", reason=" ", supplements=(line,))) == (
        "reason",
        "missing",
    )
    assert why(province, order(province, code, "return_to_commune")) == ("supplements", "missing")
    unknown = (Supplement("sunshine", "thiếu"),)
    assert why(province, order(province, code, "return_to_commune", supplements=unknown)) == (
        "supplements",
        "unknown_requirement",
    )
    empty = (Supplement("commune_vote", " "),)
    assert why(province, order(province, code, "return_to_commune", supplements=empty)) == ("supplements", "missing")
    assert why(province, order(province, code, "review", supplements=(line,))) == ("supplements", "not_a_return")
    assert why(province, order(province, code, "review", successor=code)) == ("successor", "unknown_item")


def test_a_dossier_is_handed_over_to_another_that_exists(province):
    code = a_self_assessed(province)
    other = province.register("xa2", "10924").dossier
    province.advance(
        code, "huyen", "return_to_commune", on="2024-07-15", supplements=(Supplement("commune_vote", "ký"),)
    )

    assert why(province, order(province, code, "succeed", "so")) == ("successor", "missing")
    for successor in (code, "HD-2024-NC-9999"):
        refused(province, order(province, code, "succeed", "so", successor=successor), NotFound)

    decision = {"reorganisation_decision": {"number": "1250/NQ", "date": "2024-07-15", "sha256": "ab" * 32}}
    province.record(code, "so", "reorganisation_decision", decision, on="2024-07-15")
    with province.writing() as session:
        receipt = order(province, code, "succeed", "so", successor=other)(session)
    assert receipt.body["successor"] == other


def test_clocks_and_extensions_need_a_reason_and_a_document(province):
    code = province.register(on="2024-04-15").dossier

    def extending(act: Act, number: str = "12/CV", dated: str = "2024-07-14") -> object:
        wanted = Extend(dossier=code, until=date(2024, 8, 20), number=number, dated=date.fromisoformat(dated), act=act)
        return lambda session: extend(session, province.law, wanted, now=NOW, rng=province.rng)

    silent, speaking = province.act("huyen"), province.act("huyen", reason="chờ số liệu", key="k")
    clock = Clock(dossier=code, act=silent)
    assert why(province, lambda s: pause(s, province.law, clock, now=NOW, rng=province.rng)) == ("reason", "missing")
    assert why(province, extending(silent)) == ("reason", "missing")
    assert why(province, extending(speaking, number=" ")) == ("number", "missing")
    assert why(province, extending(speaking, dated="2024-07-16")) == ("date", "after_the_act")
    with province.writing() as session:
        first = extending(speaking)(session)
    with province.writing() as session:
        assert extending(speaking)(session).leaf == first.leaf
    with province.writing() as session:
        pause(
            session,
            province.law,
            Clock(dossier=code, act=province.act("huyen", reason="sáp nhập")),
            now=NOW,
            rng=province.rng,
        )
    assert why(province, lambda s: resume(s, province.law, clock, now=NOW, rng=province.rng)) == ("reason", "missing")


def test_a_record_has_items_and_a_confirmation_one_office(province):
    code = a_self_assessed(province)

    def recording(key: str, items: dict[str, dict[str, str | int]], handle: str = "huyen") -> object:
        wanted = Record(dossier=code, requirement=key, items=items, act=province.act(handle))
        return lambda session: record(session, province.law, wanted, now=NOW, rng=province.rng)

    assert why(province, recording("district_vote", {})) == ("items", "missing")
    assert why(province, recording("district_receipt", {"receipt": {"on": "2024-07-11"}})) == ("on", "before_stage")
    with province.writing() as session:
        recording("district_receipt", {"receipt": {"on": "2024-07-15"}})(session)
    again = recording("district_receipt", {"receipt": {"on": "2024-07-15"}})
    assert why(province, again) == ("requirement", "already_received")


def test_two_offices_do_not_confirm_in_one_breath(province):
    code = a_self_assessed(province)
    province.bring(code, "review", on="2024-08-20", since="2024-08-01", skip=("district_posting",))
    shown = {"period": {"from": "2024-08-20", "to": "2024-09-05"}}
    province.record(code, "huyen", "district_posting", shown, on="2024-09-05")
    province.advance(code, "huyen", "review", on="2024-09-05")
    agreed = {"result": "agree", "number": "1", "date": "2024-09-05"}
    both = {"so-y-te": agreed, "so-noi-vu": agreed}

    with pytest.raises(BadInput) as refusal:
        province.record(code, "so-y-te", "sector_confirmations", both, on="2024-09-06")

    assert refusal.value.facts["why"] == "one_office_at_a_time"


def test_a_model_dossier_needs_an_advanced_commune(province):
    wanted = Register(workflow="commune-model", locality=CAM_HUNG, target_year=2024, act=province.act("xa"))

    unmet = refused(province, lambda s: register(s, province.law, wanted, now=NOW, rng=province.rng), RequirementsUnmet)

    assert [key for key, _, _ in unmet["unmet"]] == ["is_advanced"]  # type: ignore[union-attr]


def test_nobody_without_an_appointment_there_knows_of_a_dossier(province):
    code = province.register(on="2024-04-15").dossier

    assert refused(province, order(province, code, "self_assess", "huyen2"), NotFound)["kind"] == "dossier"


def test_a_row_that_moved_on_under_the_lock_is_still_not_written_over(province):
    code = province.register(on="2024-04-15").dossier
    dossier = TABLES["dossier"]

    with pytest.raises(StaleVersion), province.writing() as session:
        desk = take(session, province.law, "probe", code, province.act("xa"), {}, now=NOW)
        assert isinstance(desk, Desk)
        session.execute(update(dossier).where(dossier.c.code == code).values(version=2, seq=2))
        settle(desk, desk.authorise("probe", ("commune_officer",)), Outcome(kind="recorded", body={}), rng=province.rng)


def test_people_and_appointments_are_checked_field_by_field(province):
    def adding(handle: str, name: str = "A") -> object:
        return lambda session: add_person(session, handle, name, SETUP, now=NOW, rng=province.rng)

    def appointing(**changed: object) -> object:
        given = {"person": province.people["xa"], "role": "commune_officer", "office": f"ubnd-xa-{CAM_HUNG}",
                 "valid_from": date(2025, 1, 1), "valid_to": date(2025, 6, 30), "act": SETUP}  # fmt: skip
        wanted = Appoint(**(given | changed))  # type: ignore[arg-type]
        return lambda session: appoint(session, wanted, now=NOW, rng=province.rng)

    assert why(province, adding("Nguyễn A")) == ("handle", "not_a_handle")
    assert why(province, adding("new", " ")) == ("name", "missing")
    refused(province, adding("xa"), AlreadyThere)
    refused(province, appointing(office="nowhere"), NotFound)
    refused(province, appointing(person="p-nobody"), NotFound)
    assert why(province, appointing(role="king")) == ("role", "unknown_role")
    assert why(province, appointing(role="auditor")) == ("office", "role_not_in_office")
    assert why(province, appointing(valid_to=date(2024, 12, 31))) == ("to", "before_from")
    stranger = appointing(on_behalf_of=province.people["xa2"])
    assert why(province, stranger) == ("on_behalf_of", "does_not_hold_it")
    refused(province, appointing(valid_from=date(2024, 1, 1), valid_to=None), AlreadyThere)


def test_there_is_a_first_administrator_only_where_there_is_none_and_an_it_office(database):
    with pytest.raises(NotFound), database.writing() as session:
        first_administrator(session, "quantri", "Q", SETUP, now=NOW, rng=random.Random(1))
