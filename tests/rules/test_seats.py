"""Where the addressee of a rung is found: the holder or its head, a role over the territory, and one office alone."""

from dataclasses import dataclass

import pytest

from dossier_engine.rules.seats import Seat, seat_of
from tests.makers import the_law

COMMUNE = the_law().named("commune-advanced")
REPORT = the_law().named("department-report")


@dataclass
class Stands:
    state: str
    territory: str = "30/295/10894/"
    office: str = ""
    holder_role: str | None = None
    holder_path: str | None = None


AT_DISTRICT = Stands("self_assessed", holder_role="district_reviewer", holder_path="30/295/")
OF_HEALTH = Stands(REPORT.initial, "30/", "so-y-te", "sector_confirmer", "30/")


@pytest.mark.parametrize(("addressee", "head"), [("holder", False), ("head", True)])
def test_the_holder_of_the_dossier_is_meant_where_nobody_else_records(addressee, head):
    assert seat_of(COMMUNE, AT_DISTRICT, "self_assessed", addressee) == Seat("district_reviewer", "30/295/", "", head)


def test_whoever_announces_is_meant_when_the_dossier_has_come_to_its_end():
    seat = seat_of(COMMUNE, Stands("recognized"), "announcement", "holder")

    assert (seat.role, seat.path) == ("district_reviewer", "30/295/")


def test_the_department_is_meant_at_an_end_that_nobody_announces():
    seat = seat_of(COMMUNE, Stands("withdrawn"), "stalled", "holder")

    assert (seat.role, seat.path) == ("dard_appraiser", "30/")


@pytest.mark.parametrize("addressee", ["dard_appraiser", "steering_committee"])
def test_a_role_of_the_province_sits_at_its_path(addressee):
    assert seat_of(COMMUNE, AT_DISTRICT, "self_assessed", addressee) == Seat(addressee, "30/", "", head=False)


@pytest.mark.parametrize("addressee", ["holder", "head"])
def test_of_the_departments_only_the_one_that_the_dossier_is_about_is_meant(addressee):
    seat = seat_of(REPORT, OF_HEALTH, REPORT.initial, addressee)

    own, other = (
        seat.is_taken_by(role="sector_confirmer", office=office, kind="sector", head=True)
        for office in ("so-y-te", "so-tu-phap")
    )
    assert (own, other) == (True, False)


def test_an_office_that_is_alone_in_its_place_is_meant_whatever_the_dossier_is_about():
    assert seat_of(REPORT, OF_HEALTH, REPORT.initial, "steering_committee").office == ""


HOLDER = ("district_reviewer", "30/295/")


@pytest.mark.parametrize(
    ("seat", "role", "office", "kind", "head", "taken"),
    [
        (Seat(*HOLDER, "", head=False), "district_reviewer", "x", "district_committee", False, True),
        (Seat(*HOLDER, "", head=False), "district_officer", "x", "district_committee", False, False),
        (Seat(*HOLDER, "", head=True), "district_officer", "x", "district_committee", True, True),
        (Seat(*HOLDER, "", head=True), "district_reviewer", "x", "district_committee", False, False),
        (Seat(*HOLDER, "", head=True), "front_surveyor", "y", "front", True, False),
        (Seat(*HOLDER, "x", head=False), "district_reviewer", "x", "district_committee", False, True),
        (Seat(*HOLDER, "x", head=False), "district_reviewer", "z", "district_committee", False, False),
    ],
)
def test_a_seat_is_taken_by_the_role_or_by_the_head_of_such_an_office(seat, role, office, kind, head, taken):
    assert seat.is_taken_by(role=role, office=office, kind=kind, head=head) is taken
