"""What the registers say at the edges: first and last days, levels, what came later."""

from datetime import date

import pytest

from dossier_engine.verifier import filings
from dossier_engine.verifier.act import Act
from dossier_engine.verifier.authority import by_person
from dossier_engine.verifier.registers import Office, Registers, Unit

DISTRICT = {"office": "mttq-huyen-295", "on_behalf_of": None, "person": "p-1", "role": "front_surveyor",
            "territory": "30/295/"}  # fmt: skip
ADDED = "2024-01-02T02:00:00.000000Z"


def filed() -> Registers:
    registers = Registers()
    body = {key: DISTRICT[key] for key in ("person", "role", "office", "territory", "on_behalf_of")}
    body |= {"valid_from": "2024-01-01", "valid_to": None, "head": False}
    registers.file(act(kind="appointed", at=ADDED, body=body))
    return registers


def act(kind: str = "recorded", at: str = "2024-02-01T02:00:00.000000Z", **body: object) -> Act:
    day = date(2024, 2, 1)
    return Act("people", 1, kind, at, day, day, "p-1", DISTRICT, body.get("body", {}), {})  # type: ignore[arg-type]


@pytest.mark.parametrize(("asked", "refused"), [
    ({}, []), ({"level": 2}, []), ({"levels": (1, 2)}, []), ({"office": "mttq-huyen-295"}, []), ({"about": "x"}, []),
    ({"level": 1}, ["not_allowed"]), ({"levels": (1, 3)}, ["not_allowed"]), ({"office": "mttq-tinh"}, ["not_allowed"]),
])  # fmt: skip
def test_an_appointment_counts_at_its_level_and_in_its_office(asked, refused):
    flaws = by_person(filed(), act(), ("front_surveyor",), territory="30/295/10894/", **asked)

    assert [detail for _, detail in flaws] == refused


def test_it_counts_from_the_instant_it_was_entered_with_an_hour_to_spare():
    registers = filed()

    assert [a.office for a in registers.held_by("p-1", ADDED)] == ["mttq-huyen-295"]
    assert [a.office for a in registers.held_by("p-1", "2024-01-02T01:00:00.000000Z")] == ["mttq-huyen-295"]
    assert registers.held_by("p-1", "2024-01-02T00:59:59.999999Z") == registers.held_by("p-2", ADDED) == []
    assert list(by_person(registers, act(at=ADDED), ("front_surveyor",), territory="30/295/10894/")) == []


def test_a_locality_is_there_on_its_first_and_on_its_last_day():
    unit = Unit(ADDED, "10894", "commune", "30/295/10894/", "", date(2024, 1, 5), date(2024, 1, 9))

    there = [day for day in range(1, 15) if unit.is_there(date(2024, 1, day))]

    assert there == [5, 6, 7, 8, 9]
    assert unit._replace(valid_to=None).is_there(date(2099, 1, 1))


def test_the_locality_of_a_code_is_the_one_that_exists_that_day_and_was_adopted_by_then():
    old = Unit(ADDED, "10894", "commune", "30/295/10894/", "", date(2000, 1, 1), date(2024, 1, 9))
    new = old._replace(at="2024-02-01T02:00:00.000000Z", valid_from=date(2024, 1, 10), valid_to=None)
    registers = Registers()
    registers.units["10894"] += [old, new]

    assert registers.unit("10894", old.path, date(2024, 1, 9), new.at) == old
    assert registers.unit("10894", old.path, date(2024, 1, 10), new.at) == new
    assert registers.unit("10894", old.path, date(2024, 1, 10), ADDED) is None
    assert registers.unit("10894", "30/291/10894/", date(2024, 1, 9), new.at) is None


@pytest.mark.parametrize(("until", "wrong"), [
    (None, []), ("2024-01-05", []), ("2024-01-06", []), ("2024-01-04", ["locality 10894"]),
])  # fmt: skip
def test_a_locality_ends_no_earlier_than_it_begins(until, wrong):
    unit = {"code": "10894", "path": "30/295/10894/", "valid_from": "2024-01-05", "valid_to": until}

    found = filings.judge(Registers(), by_setup("territory", "adopted", {"localities": [unit], "offices": []}))

    assert [(f.code, f.detail) for f in found] == [("register_wrong", detail) for detail in wrong]


@pytest.mark.parametrize(("until", "wrong"), [(None, []), ("2024-01-05", []), ("2024-01-04", ["valid_to"])])
def test_an_appointment_ends_no_earlier_than_it_begins(until, wrong):
    registers = Registers(people={"p-2": ADDED})
    registers.offices["mttq-huyen-295"] = Office(ADDED, "mttq-huyen-295", "front", "30/295/", ())
    body = {key: DISTRICT[key] for key in ("role", "office", "territory", "on_behalf_of")}
    body |= {"person": "p-2", "valid_from": "2024-01-05", "valid_to": until, "head": False}

    found = filings.judge(registers, by_setup("people", "appointed", body))

    assert [(f.code, f.detail) for f in found] == [("register_wrong", detail) for detail in wrong]


def test_nothing_is_filed_in_a_stream_that_is_none():
    found = filings.judge(Registers(), by_setup("notes", "added", {}))

    assert [(f.code, f.detail) for f in found] == [("kind_unknown", "added")]


def by_setup(stream: str, kind: str, body: dict[str, object]) -> Act:
    nobody = {**dict.fromkeys(DISTRICT), "person": "system:setup"}
    day = date(2024, 2, 1)
    return Act(stream, 1, kind, "2024-02-01T02:00:00.000000Z", day, day, "system:setup", nobody, body, {})
