"""People and their appointments: what a handle is, which role sits where, and what a delegation needs."""

from datetime import date
from typing import Any
from unicodedata import normalize

import pytest

from dossier_engine.commands.adopt import Body, Unit, adopt_territory
from dossier_engine.commands.desk import Act
from dossier_engine.commands.people import Appoint, add_person, appoint, first_administrator
from dossier_engine.errors import AlreadyThere, AppointmentExpired, BadInput, NotAllowed, NotFound
from dossier_engine.queries.audit import verify
from tests.commands.looking import entries, refused, rows, told
from tests.makers import SETUP, Province, at

NOW = at("2024-03-01")
COMMITTEE = "ubnd-xa-10894"


def add(province: Province, handle: str, name: str = "Phạm Thị Hoa", act: Act = SETUP) -> str:
    with province.writing() as session:
        return add_person(session, handle, name, act, now=NOW, rng=province.rng)


def give(province: Province, person: str, role: str = "commune_officer", office: str = COMMITTEE,
         since: str = "2024-03-01", until: str | None = "2024-12-31", **more: Any) -> None:  # fmt: skip
    """An appointment of a person by id, as the installation unless `act` says otherwise."""
    days = {"valid_from": date.fromisoformat(since), "valid_to": date.fromisoformat(until) if until else None}
    with province.writing() as session:
        order = Appoint(person=person, role=role, office=office, **({"act": SETUP} | days | more))
        appoint(session, order, now=NOW, rng=province.rng)


# --- persons ---


def test_a_person_gets_an_id_that_says_nothing_and_a_name_that_can_be_erased(hai_duong):
    person = add(hai_duong, "xa.ngoc-lien", "  Phạm Thị Hoa ")

    entry = entries(hai_duong, "people")[-1]
    assert person.startswith("p-")
    assert len(person) == 18
    assert (entry["kind"], entry["body"]) == ("person_added", {"person": person})
    assert told(hai_duong, "people", entry["seq"]) == {"handle": "xa.ngoc-lien", "name": "Phạm Thị Hoa"}
    assert {"id": person, "handle": "xa.ngoc-lien", "name": "Phạm Thị Hoa", "email": None} in rows(hai_duong, "person")


@pytest.mark.parametrize("handle", ["", "Hoa", "phạm", "a b", ".a", "a.", "a..b", "a\n", "a@b"])
def test_a_handle_is_small_letters_and_digits_joined_by_dots_and_hyphens(hai_duong, handle):
    with refused(hai_duong, BadInput) as refusal:
        add(hai_duong, handle)

    assert refusal.value.facts == {"field": "handle", "value": handle, "why": "not_a_handle"}


def test_a_person_has_a_name(hai_duong):
    with refused(hai_duong, BadInput) as refusal:
        add(hai_duong, "hoa", "  ")

    assert (refusal.value.facts["field"], refusal.value.facts["why"]) == ("name", "missing")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Phạm\u200b Hoa", "hidden_letters"),
        ("\u202eaoH mạhP", "hidden_letters"),
        ("Hoa\x07", "hidden_letters"),
        ("a" * 201, "too_long"),
    ],
)
def test_a_name_holds_nothing_that_nobody_sees_and_is_no_novel(hai_duong, name, why):
    with refused(hai_duong, BadInput) as refusal:
        add(hai_duong, "hoa", name)

    assert (refusal.value.facts["field"], refusal.value.facts["why"]) == ("name", why)


def test_a_name_is_kept_in_one_form_of_letters_and_spaces(hai_duong):
    add(hai_duong, "hoa", normalize("NFD", " Phạm  Thị\u00a0Hoa "))

    assert "Phạm Thị Hoa" in {row["name"] for row in rows(hai_duong, "person")}


def test_a_handle_belongs_to_one_person(hai_duong):
    with refused(hai_duong, AlreadyThere) as refusal:
        add(hai_duong, "xa", "Người khác")

    assert refusal.value.facts == {"kind": "person", "name": "xa"}


# --- appointments ---


def test_an_appointment_lets_somebody_act_and_is_held_in_history(hai_duong):
    person = add(hai_duong, "hoa")

    give(hai_duong, person, since="2024-04-01", until=None, head=True)

    entry = entries(hai_duong, "people")[-1]
    assert (entry["kind"], entry["private"]) == ("appointed", {})
    assert entry["body"] == {
        "person": person,
        "role": "commune_officer",
        "office": COMMITTEE,
        "territory": "30/295/10894/",
        "valid_from": "2024-04-01",
        "valid_to": None,
        "on_behalf_of": None,
        "head": True,
    }
    hai_duong.people["hoa"] = person
    assert hai_duong.register("hoa").dossier == "HD-2024-NC-0001"


def test_an_unknown_office_or_person_is_not_found(hai_duong):
    with refused(hai_duong, NotFound) as office:
        give(hai_duong, hai_duong.people["xa"], office="ubnd-xa-99999")
    with refused(hai_duong, NotFound) as person:
        give(hai_duong, "p-nobody")

    assert office.value.facts["kind"] == "office"
    assert person.value.facts["kind"] == "person"


def test_an_unknown_role_is_refused(hai_duong):
    with refused(hai_duong, BadInput) as refusal:
        give(hai_duong, hai_duong.people["xa"], role="chairman")

    assert refusal.value.facts == {"field": "role", "value": "chairman", "why": "unknown_role"}


@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("commune_officer", "ubnd-huyen-295"),  # of another level
        ("district_reviewer", COMMITTEE),
        ("dard_appraiser", "so-y-te"),  # of another kind
        ("sector_confirmer", "thanh-tra-tinh"),
        ("administrator", "ubnd-tinh"),
    ],
)
def test_a_role_is_exercised_in_its_own_kind_of_office(hai_duong, role, office):
    with refused(hai_duong, BadInput) as refusal:
        give(hai_duong, hai_duong.people["xa"], role=role, office=office)

    assert refusal.value.facts == {"field": "office", "value": office, "why": "role_not_in_office"}


def test_the_department_confirms_criteria_of_its_own_too(hai_duong):
    give(hai_duong, hai_duong.people["so"], role="sector_confirmer", office="so-nong-nghiep-va-ptnt")

    assert entries(hai_duong, "people")[-1]["body"]["role"] == "sector_confirmer"


def test_a_period_may_be_one_day_but_not_end_before_it_begins(hai_duong):
    with refused(hai_duong, BadInput) as refusal:
        give(hai_duong, hai_duong.people["xa"], since="2024-05-02", until="2024-05-01")
    give(hai_duong, hai_duong.people["xa"], since="2024-05-02", until="2024-05-02")

    assert refusal.value.facts == {"field": "to", "value": "2024-05-01", "why": "before_from"}


def test_the_same_appointment_is_not_given_twice(hai_duong):
    with refused(hai_duong, AlreadyThere) as refusal:
        give(hai_duong, hai_duong.people["xa"], since="2024-01-01")
    give(hai_duong, hai_duong.people["xa"], since="2024-01-02")

    assert refusal.value.facts == {"kind": "appointment", "name": f"commune_officer, {COMMITTEE}"}


# --- delegations ---


def test_a_delegation_is_an_appointment_on_behalf_of_who_holds_it(hai_duong):
    person, holder = add(hai_duong, "thay"), hai_duong.people["xa"]

    give(hai_duong, person, on_behalf_of=holder)
    hai_duong.people["thay"] = person
    code = hai_duong.register("thay").dossier

    actor = entries(hai_duong, f"dossier/{code}")[0]["actor"]
    assert (actor["person"], actor["on_behalf_of"]) == (person, holder)
    with refused(hai_duong, AlreadyThere):
        give(hai_duong, person, on_behalf_of=holder)


@pytest.mark.parametrize("period", [("2023-12-31", "2024-06-30"), ("2024-03-01", "2024-07-01"), ("2024-03-01", None)])
def test_a_delegation_lasts_no_longer_than_what_is_delegated_and_has_an_end(hai_duong, period):
    holder, person = add(hai_duong, "truong"), add(hai_duong, "thay")
    give(hai_duong, holder, since="2024-01-01", until="2024-06-30")

    with refused(hai_duong, BadInput) as refusal:
        give(hai_duong, person, since=period[0], until=period[1], on_behalf_of=holder)
    give(hai_duong, person, since="2024-01-01", until="2024-06-30", on_behalf_of=holder)

    assert refusal.value.facts == {"field": "on_behalf_of", "value": holder, "why": "does_not_hold_it"}


def test_what_somebody_holds_on_behalf_of_another_cannot_be_passed_on(hai_duong):
    first, second = add(hai_duong, "thay-1"), add(hai_duong, "thay-2")
    give(hai_duong, first, on_behalf_of=hai_duong.people["xa"])

    with refused(hai_duong, BadInput):
        give(hai_duong, second, on_behalf_of=first)


@pytest.mark.parametrize(
    ("role", "office"), [("district_reviewer", "ubnd-huyen-295"), ("commune_officer", "ubnd-xa-10924")]
)
def test_nobody_delegates_another_role_or_another_office_than_their_own(hai_duong, role, office):
    person = add(hai_duong, "thay")

    with refused(hai_duong, BadInput):
        give(hai_duong, person, role=role, office=office, on_behalf_of=hai_duong.people["xa"])


# --- who manages people ---


def test_an_administrator_manages_people_under_an_appointment_of_their_own(hai_duong):
    person = add(hai_duong, "hoa", act=hai_duong.act("quantri", reason="tuyển mới"))
    give(hai_duong, person, act=hai_duong.act("quantri"))

    added, appointed = entries(hai_duong, "people")[-2:]
    assert added["actor"]["person"] == hai_duong.people["quantri"]
    assert added["private"].keys() == {"handle", "name", "reason"}
    assert appointed["actor"]["role"] == "administrator"


def test_nobody_else_manages_people(hai_duong):
    person = hai_duong.people["xa2"]

    for handle in ("xa", "huyen", "so", "vanthu", "bcd", "thanhtra"):
        with refused(hai_duong, NotAllowed):
            add(hai_duong, "hoa", act=hai_duong.act(handle))
        with refused(hai_duong, NotAllowed):
            give(hai_duong, person, act=hai_duong.act(handle))


def test_an_administrator_appoints_to_no_office_of_another_province(hai_duong):
    unit = Unit("31", "province", "Tỉnh bên cạnh", "", "BC", None, None)
    body = Body("ubnd-tinh-31", "provincial_committee", "UBND tỉnh bên cạnh", "The other province", "31", ())
    with hai_duong.writing() as session:
        adopt_territory(session, [unit], [body], SETUP, now=NOW, rng=hai_duong.rng)

    with refused(hai_duong, NotAllowed) as refusal:
        give(hai_duong, hai_duong.people["xa"], "decision_clerk", "ubnd-tinh-31", act=hai_duong.act("quantri"))

    assert refusal.value.facts["roles"] == ("administrator",)


def test_an_administrator_whose_time_is_over_manages_nobody(hai_duong):
    hai_duong.appoint("cu", "administrator", "bo-phan-cong-nghe-thong-tin", until="2024-02-29")

    with refused(hai_duong, AppointmentExpired) as refusal:
        add(hai_duong, "hoa", act=hai_duong.act("cu"))

    assert refusal.value.facts["act"] == "person_added"


def test_the_first_administrator_is_added_where_there_is_an_it_office_and_nobody_yet(bare):
    with bare.writing() as session:
        first_administrator(session, "quantri", "Vũ Văn Nam", SETUP, now=NOW, rng=bare.rng)

    person = rows(bare, "person")[0]
    appointment = rows(bare, "appointment")[0]
    assert (person["handle"], person["name"]) == ("quantri", "Vũ Văn Nam")
    assert (appointment["person"], appointment["role"]) == (person["id"], "administrator")
    assert appointment["office"] == "bo-phan-cong-nghe-thong-tin"
    assert (appointment["valid_from"], appointment["valid_to"]) == (date(2024, 3, 1), None)


def test_once_there_was_an_administrator_no_other_comes_from_outside(hai_duong):
    with refused(hai_duong, AlreadyThere), hai_duong.writing() as session:
        first_administrator(session, "ke-gian", "Kẻ gian", SETUP, now=NOW, rng=hai_duong.rng)


def test_without_an_it_office_there_is_no_administrator(empty):
    with refused(empty, NotFound) as refusal, empty.writing() as session:
        first_administrator(session, "quantri", "Vũ Văn Nam", SETUP, now=NOW, rng=empty.rng)

    assert refusal.value.facts == {"kind": "office", "name": "it", "suggestions": ()}


# --- on both databases ---


def test_an_appointment_that_is_there_is_refused_on_every_database(province):
    with refused(province, AlreadyThere):
        give(province, province.people["xa"], since="2024-01-01")
    with refused(province, AlreadyThere):
        add(province, "xa")

    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
