"""Ending appointments: at once or after a day to come, with the delegations that stand on them."""

from datetime import date

import pytest
from sqlalchemy import insert, update

from dossier_engine.commands.filing import file_entry
from dossier_engine.commands.people import add_person
from dossier_engine.errors import AppointmentExpired, BadInput, NotAllowed, NotFound
from dossier_engine.queries.audit import verify
from dossier_engine.queries.coverage import coverage
from dossier_engine.records import reminders
from dossier_engine.records.scope import EVERYTHING, scope_of
from dossier_engine.records.tables import TABLES
from tests.commands.ending import COMMITTEE, IT, TODAY, end, period
from tests.commands.looking import entries, refused, told
from tests.makers import CAM_HUNG, LUONG_DIEN, SETUP, Province, at


def sound(province: Province) -> bool:
    with province.database.reading() as session:
        return verify(session, province.law).findings == ()


# --- at once ---


def test_at_once_means_that_a_second_later_nothing_is_done_any_more(province):
    code = province.register(on=TODAY).dossier

    end(province)

    with refused(province, AppointmentExpired) as refusal:
        province.advance(code, "xa", "withdraw", on=TODAY)
    assert refusal.value.facts["valid_to"] == "2024-06-02"
    assert period(province, "xa") == [("2024-01-01", "2024-06-02", True)]
    assert sound(province)


def test_an_appointment_that_began_today_ends_today_and_holds_no_day(province):
    province.appoint("moi", "commune_officer", COMMITTEE, since=TODAY)
    before = province.register("moi", on=TODAY)

    end(province, "moi", since=TODAY)

    with refused(province, AppointmentExpired):
        province.register("moi", on=TODAY, year=2025)
    assert period(province, "moi") == [(TODAY, "2024-06-02", True)]
    assert before.seq == 1
    assert sound(province)


def test_an_appointment_to_come_is_called_off(hai_duong):
    hai_duong.appoint("moi", "commune_officer", COMMITTEE, since="2024-07-01")

    end(hai_duong, "moi", since="2024-07-01")

    with refused(hai_duong, AppointmentExpired):
        hai_duong.register("moi", on="2024-07-01")
    assert period(hai_duong, "moi") == [("2024-07-01", "2024-06-30", True)]
    assert sound(hai_duong)


def test_history_says_which_appointment_who_ended_it_and_why(hai_duong):
    end(hai_duong, reason="chuyển công tác")

    entry = entries(hai_duong, "people")[-1]
    assert (entry["kind"], entry["actor"]["person"]) == ("appointment_ended", hai_duong.people["quantri"])
    assert entry["body"] == {
        "person": hai_duong.people["xa"],
        "role": "commune_officer",
        "office": COMMITTEE,
        "territory": f"30/295/{CAM_HUNG}/",
        "valid_from": "2024-01-01",
        "on_behalf_of": None,
        "last_day": None,
    }
    assert told(hai_duong, "people", entry["seq"]) == {"reason": "chuyển công tác"}


# --- after a day to come ---


def test_the_last_day_still_counts_and_the_next_does_not(hai_duong):
    end(hai_duong, last="2024-06-28")

    hai_duong.register(on="2024-06-28")
    with refused(hai_duong, AppointmentExpired):
        hai_duong.register(on="2024-06-29", year=2025)
    assert entries(hai_duong, "people")[-1]["body"]["last_day"] == "2024-06-28"
    assert sound(hai_duong)


def test_an_end_may_be_brought_forward_and_then_made_at_once(hai_duong):
    end(hai_duong, last="2024-06-28")
    end(hai_duong, last=TODAY)
    hai_duong.register(on=TODAY)
    end(hai_duong)

    assert period(hai_duong, "xa") == [("2024-01-01", "2024-06-02", True)]
    assert sound(hai_duong)


@pytest.mark.parametrize(("until", "last", "value", "why"), [
    (None, "2024-06-02", "2024-06-02", "in_the_past"),
    ("2024-06-30", "2024-06-30", "2024-06-30", "no_earlier_end"),
    ("2024-06-30", "2024-07-01", "2024-07-01", "no_earlier_end"),
    ("2024-06-02", None, "2024-06-02", "is_over"),
    ("2024-06-02", "2024-06-30", "2024-06-02", "is_over"),
])  # fmt: skip
def test_an_end_is_never_in_the_past_and_never_later(hai_duong, until, last, value, why):
    hai_duong.appoint("moi", "commune_officer", COMMITTEE, until=until)

    with refused(hai_duong, BadInput) as refusal:
        end(hai_duong, "moi", last=last)

    assert refusal.value.facts == {"field": "last_day", "value": value, "why": why}


def test_an_appointment_to_come_ends_on_its_first_day_or_later(hai_duong):
    hai_duong.appoint("moi", "commune_officer", COMMITTEE, since="2024-07-01")

    with refused(hai_duong, BadInput) as refusal:
        end(hai_duong, "moi", since="2024-07-01", last="2024-06-30")
    end(hai_duong, "moi", since="2024-07-01", last="2024-07-01")

    assert refusal.value.facts["why"] == "before_from"
    assert period(hai_duong, "moi") == [("2024-07-01", "2024-07-01", True)]


# --- delegations ---


def test_a_delegation_ends_with_what_it_stands_on(province):
    province.appoint("thay", "commune_officer", COMMITTEE, until="2024-12-31", instead_of="xa")
    province.appoint("thay-sau", "commune_officer", COMMITTEE, since="2024-07-01", until="2024-07-31", instead_of="xa")
    province.appoint("thay-truoc", "commune_officer", COMMITTEE, until="2024-02-01", instead_of="xa")

    assert end(province, last="2024-06-28") == ["thay", "thay-sau"]

    assert period(province, "thay") == [("2024-01-01", "2024-06-28", True)]
    assert period(province, "thay-sau") == [("2024-07-01", "2024-06-30", True)]
    assert period(province, "thay-truoc") == [("2024-01-01", "2024-02-01", False)]
    assert end(province) == ["thay"]
    with refused(province, AppointmentExpired):
        province.register("thay", on=TODAY)
    assert sound(province)


def test_a_delegation_that_another_appointment_of_the_same_person_carries_goes_on(hai_duong):
    hai_duong.appoint("xa", "commune_officer", COMMITTEE, since="2024-05-01", until="2024-09-30")
    hai_duong.appoint("thay", "commune_officer", COMMITTEE, since="2024-06-01", until="2024-09-30", instead_of="xa")

    assert end(hai_duong) == []

    assert period(hai_duong, "thay") == [("2024-06-01", "2024-09-30", False)]
    assert end(hai_duong, since="2024-05-01") == ["thay"]


def test_a_delegation_ended_by_itself_leaves_what_it_stands_on(hai_duong):
    hai_duong.appoint("thay", "commune_officer", COMMITTEE, until="2024-12-31", instead_of="xa")

    assert end(hai_duong, "thay", instead_of="xa") == []

    assert period(hai_duong, "xa") == [("2024-01-01", None, False)]
    hai_duong.register(on=TODAY)
    with refused(hai_duong, AppointmentExpired):
        hai_duong.register("thay", on=TODAY, year=2025)
    assert sound(hai_duong)


def test_what_has_ended_cannot_be_delegated_any_more(hai_duong):
    end(hai_duong, last="2024-06-28")

    with pytest.raises(BadInput) as refusal:
        hai_duong.appoint("thay", "commune_officer", COMMITTEE, until="2024-07-31", instead_of="xa", on=TODAY)

    assert refusal.value.facts["why"] == "does_not_hold_it"


# --- who, and what follows ---


def test_only_an_administrator_over_the_office_ends_an_appointment(hai_duong):
    for handle in ("xa", "huyen", "vanthu", "thanhtra"):
        with refused(hai_duong, NotAllowed) as refusal:
            end(hai_duong, by=handle)
        assert refusal.value.facts["act"] == "appointment_ended"


def test_an_administrator_may_end_their_own_with_the_delegations_of_it(hai_duong):
    hai_duong.appoint("quantri2", "administrator", IT)
    hai_duong.appoint("thay", "administrator", IT, until="2024-12-31", instead_of="quantri")

    assert end(hai_duong, "quantri", "administrator", IT) == ["thay"]

    for handle in ("quantri", "thay"):
        with refused(hai_duong, AppointmentExpired):
            end(hai_duong, by=handle)


@pytest.mark.parametrize("other", [
    {"handle": "xa2"}, {"role": "auditor"}, {"office": f"ubnd-xa-{LUONG_DIEN}"}, {"since": "2024-01-02"},
    {"instead_of": "xa2"},
])  # fmt: skip
def test_an_appointment_that_nobody_made_is_not_found(hai_duong, other):
    with refused(hai_duong, NotFound) as refusal:
        end(hai_duong, **other)

    assert refusal.value.facts["kind"] == "appointment"


def test_scope_coverage_and_mail_follow(province):
    code = province.register(on="2024-04-15").dossier
    end(province)

    with province.database.reading() as session:
        seen = scope_of(session.connection(), province.people["xa"], date(2024, 6, 3))
        found = {
            one.line.code: one.persons for one in coverage(session, province.law, EVERYTHING, today=date(2024, 6, 3))
        }
        seated = reminders.seated(session.connection(), [f"30/295/{CAM_HUNG}/"], date(2024, 6, 3))
    assert seen.paths == ()
    assert tuple(found[code]) == ()
    assert [one.person for one in seated[f"30/295/{CAM_HUNG}/"] if one.role == "commune_officer"] == []


def test_who_was_ended_by_mistake_is_appointed_again(hai_duong):
    end(hai_duong)
    hai_duong.appoint("xa", "commune_officer", COMMITTEE, since=TODAY, on=TODAY)

    hai_duong.register(on=TODAY)
    assert sound(hai_duong)


def test_an_empty_period_is_for_ended_appointments_only(province):
    with province.writing(commit=False) as session:
        person = add_person(session, "hoa", "Hoa", SETUP, now=at(TODAY), rng=province.rng)
        row = {"person": person, "role": "commune_officer", "office": COMMITTEE, "office_path": "30/295/10894/",
               "valid_from": date(2024, 6, 3), "valid_to": date(2024, 6, 2), "head": False}  # fmt: skip
        session.connection().execute(insert(TABLES["appointment"]), row | {"ended": True})
        with pytest.raises(Exception, match="appointment_period"):
            session.connection().execute(insert(TABLES["appointment"]), row | {"ended": False, "role": "auditor"})


# --- what the audit sees ---


@pytest.mark.parametrize("altered", [{"valid_to": None}, {"valid_to": date(2024, 6, 3)}, {"ended": False}])
def test_an_end_undone_in_the_table_is_found(hai_duong, altered):
    end(hai_duong, last="2024-06-28")
    table, person = TABLES["appointment"], hai_duong.people["xa"]
    with hai_duong.writing() as session:
        session.connection().execute(update(table).where(table.c.person == person).values(altered))

    with hai_duong.database.reading() as session:
        found = verify(session, hai_duong.law).findings
    assert [(f.where, f.code) for f in found] == [(f"appointment {person}", "projection_differs")]


def test_an_end_that_names_no_appointment_is_found(hai_duong):
    body = {"person": "p-nobody", "role": "auditor", "office": "thanh-tra-tinh", "territory": "30/",
            "valid_from": "2024-01-01", "on_behalf_of": None, "last_day": None}  # fmt: skip
    with hai_duong.writing() as session:
        conn = session.connection()
        file_entry(conn, "people", "appointment_ended", SETUP, body, now=at(TODAY), rng=hai_duong.rng)

    with hai_duong.database.reading() as session:
        found = verify(session, hai_duong.law).findings
    assert [(f.where, f.code) for f in found] == [("appointment p-nobody", "projection_differs")]
