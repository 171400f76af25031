"""Adopting what a province brings: units and offices, plans, the calendar in use, recognitions of earlier years."""

from collections.abc import Sequence
from datetime import date

import pytest

from dossier_engine.commands.adopt import (
    Body,
    Recognised,
    Unit,
    adopt_plan,
    adopt_territory,
    import_recognitions,
    note_calendar,
)
from dossier_engine.commands.desk import Act
from dossier_engine.errors import FileProblems, NotAllowed, Problem
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import NOT_STATED
from tests.commands.looking import entries, refused, rows
from tests.makers import SETUP, Province, at, the_bodies, the_units

NOW = at("2024-03-01")
PROVINCE = Unit("30", "province", "Tỉnh Hải Dương", "", "HD", None, None)
DISTRICT = Unit("295", "district", "Huyện Cẩm Giàng", "30", "", None, date(2025, 6, 30))
COMMUNE = Unit("10894", "commune", "Xã Cẩm Hưng", "295", "", date(2024, 1, 1), None)
COMMITTEE = Body("ubnd-xa-10894", "commune_committee", "UBND xã", "Committee", "10894", ())
SECTOR = Body("so-y-te", "sector", "Sở Y tế", "Department of Health", "30", ("14",))


def adopt(province: Province, units: Sequence[Unit], bodies: Sequence[Body], act: Act = SETUP) -> int:
    with province.writing() as session:
        return adopt_territory(session, units, bodies, act, now=NOW, rng=province.rng)


def plan(province: Province, content: dict[str, str], *, year: int = 2024, act: Act = SETUP) -> bool:
    with province.writing() as session:
        return adopt_plan(session, "hai_duong", year, dict(content), act, now=NOW, rng=province.rng)


def take_over(province: Province, *found: Recognised, act: Act = SETUP) -> int:
    with province.writing() as session:
        return import_recognitions(session, "r.csv", found, act, now=NOW, rng=province.rng)


def recognised(line: int, code: str = "10972", name: str = "Xã Tân Hồng", level: str = "model") -> Recognised:
    return Recognised(line, code, name, level, 2022, "QĐ 29/12/2022")


# --- units and offices ---


def test_units_lie_in_one_another_and_offices_have_their_seat_in_a_unit(empty):
    added = adopt(empty, [PROVINCE, DISTRICT, COMMUNE], [COMMITTEE, SECTOR])

    units = {u["code"]: u for u in rows(empty, "locality")}
    offices = {o["code"]: o for o in rows(empty, "office")}
    assert added == 5
    assert {code: u["path"] for code, u in units.items()} == {
        "30": "30/",
        "295": "30/295/",
        "10894": "30/295/10894/",
    }
    assert (units["10894"]["name_search"], units["10894"]["valid_from"]) == ("xa cam hung", date(2024, 1, 1))
    assert (units["295"]["valid_from"], units["295"]["valid_to"]) == (NOT_STATED, date(2025, 6, 30))
    assert (offices["ubnd-xa-10894"]["path"], offices["so-y-te"]["criteria"]) == ("30/295/10894/", ["14"])


def test_an_adoption_is_one_entry_that_holds_what_was_adopted(empty):
    adopt(empty, [PROVINCE], [])
    adopt(empty, [PROVINCE, DISTRICT], [SECTOR])

    first, second = entries(empty, "territory")
    assert (first["kind"], first["actor"]["person"]) == ("adopted", "system:setup")
    assert ([u["code"] for u in first["body"]["localities"]], first["body"]["offices"]) == (["30"], [])
    assert [u["path"] for u in second["body"]["localities"]] == ["30/295/"]
    assert second["body"]["offices"] == [
        {"code": "so-y-te", "kind": "sector", "name_vi": "Sở Y tế", "name_en": "Department of Health", "path": "30/",
         "criteria": ["14"]}
    ]  # fmt: skip


def test_what_is_known_is_not_adopted_again_and_leaves_no_entry(empty):
    adopt(empty, [PROVINCE, DISTRICT], [SECTOR])
    before = rows(empty, "locality"), rows(empty, "office"), entries(empty, "territory")

    again = adopt(empty, [PROVINCE, DISTRICT], [SECTOR])

    assert again == 0
    assert (rows(empty, "locality"), rows(empty, "office"), entries(empty, "territory")) == before


def test_an_office_may_come_after_its_unit(empty):
    adopt(empty, [PROVINCE], [])

    assert adopt(empty, [PROVINCE], [SECTOR]) == 1


def test_a_code_may_be_taken_over_by_another_unit_on_a_later_day(empty):
    old = Unit("10933", "commune", "Xã Cẩm Phúc", "295", "", None, date(2024, 11, 30))
    new = Unit("10933", "commune", "Xã Phúc Điền", "295", "", date(2024, 12, 1), None)

    adopt(empty, [PROVINCE, DISTRICT, old, new], [])

    names = [u["name"] for u in rows(empty, "locality") if u["code"] == "10933"]
    assert sorted(names) == ["Xã Cẩm Phúc", "Xã Phúc Điền"]


def test_only_an_administrator_or_the_installation_adopts(hai_duong):
    new = Unit("31", "province", "Hải Phòng", "", "HP", None, None)

    with refused(hai_duong, NotAllowed):
        adopt(hai_duong, [new], [], act=hai_duong.act("so"))

    assert adopt(hai_duong, [new], [], act=hai_duong.act("quantri")) == 1


# --- plans and calendars ---


def test_a_plan_is_adopted_once_a_year_and_stays_as_it_was(hai_duong):
    content = {"title": "Kế hoạch năm 2024", "targets": "35"}

    adopted = plan(hai_duong, content)
    again = plan(hai_duong, content | {"targets": "99"})
    next_year = plan(hai_duong, content, year=2025)

    kept = {found["year"]: found["content"] for found in rows(hai_duong, "plan")}
    assert (adopted, again, next_year) == (True, False, True)
    assert kept == {2024: content, 2025: content}
    assert [e["body"]["year"] for e in entries(hai_duong, "territory") if e["kind"] == "plan_adopted"] == [2024, 2025]


def test_only_an_administrator_or_the_installation_adopts_a_plan(hai_duong):
    with refused(hai_duong, NotAllowed):
        plan(hai_duong, {"title": "Kế hoạch"}, act=hai_duong.act("bcd"))


def test_the_calendar_in_use_is_said_in_history(hai_duong):
    with hai_duong.writing() as session:
        note_calendar(session, hai_duong.law.calendar, SETUP, now=NOW, rng=hai_duong.rng)

    entry = entries(hai_duong, "calendar")[-1]
    assert (entry["kind"], entry["body"]["calendar"]) == ("calendar_in_use", hai_duong.law.calendar.version)
    assert "2024-09-02" in entry["body"]["off"]
    assert 2024 in entry["body"]["years"]


# --- recognitions of earlier years ---


def test_recognitions_of_earlier_years_are_taken_over_with_their_source(hai_duong):
    taken = take_over(hai_duong, recognised(2), recognised(3, "10645", "xa an lam", "advanced"))

    held = {r["level"]: r for r in rows(hai_duong, "recognition")}
    entry = entries(hai_duong, "territory")[-1]
    assert taken == 2
    assert (held["model"]["source"], held["model"]["dossier"]) == ("QĐ 29/12/2022", None)
    assert entry["kind"] == "recognitions_imported"
    assert entry["body"] == {"recognitions": [["10972", "model", 2022], ["10645", "advanced", 2022]]}


def test_an_import_of_recognitions_may_be_repeated(hai_duong):
    take_over(hai_duong, recognised(2))
    before = rows(hai_duong, "recognition"), entries(hai_duong, "territory")

    again = take_over(hai_duong, recognised(2), recognised(3))

    assert again == 0
    assert (rows(hai_duong, "recognition"), entries(hai_duong, "territory")) == before


def test_an_import_of_recognitions_takes_all_or_none_and_names_every_faulty_line(hai_duong):
    found = [
        recognised(2),
        recognised(3, level="gold"),
        recognised(4, name="Xã Tân Việt"),
        recognised(5, "99999", "Xã Không Có"),
    ]

    with refused(hai_duong, FileProblems) as refusal:
        take_over(hai_duong, *found)

    assert refusal.value.problems == (
        Problem("r.csv", 3, "level_unknown", "gold"),
        Problem("r.csv", 4, "unit_unknown", "10972 Xã Tân Việt"),
        Problem("r.csv", 5, "unit_unknown", "99999 Xã Không Có"),
    )


@pytest.mark.parametrize(("name", "year_of"), [("Xã Cẩm Phúc", NOT_STATED), ("Xã Phúc Điền", date(2024, 12, 1))])
def test_a_code_that_was_taken_over_is_told_apart_by_the_name(hai_duong, name, year_of):
    take_over(hai_duong, recognised(2, "10933", name))

    units = {u["id"]: u for u in rows(hai_duong, "locality")}
    assert [units[r["locality"]]["valid_from"] for r in rows(hai_duong, "recognition")] == [year_of]


def test_only_an_administrator_or_the_installation_takes_over_recognitions(hai_duong):
    with refused(hai_duong, NotAllowed):
        take_over(hai_duong, recognised(2), act=hai_duong.act("vanthu"))

    assert take_over(hai_duong, recognised(2), act=hai_duong.act("quantri")) == 1


def test_an_administrator_takes_over_recognitions_of_the_own_province_only(hai_duong):
    neighbour = Unit("31", "province", "Thành phố Hải Phòng", "", "HP", None, None)
    adopt(hai_duong, [neighbour, Unit("11911", "commune", "Xã An Hưng", "31", "", None, None)], [])
    elsewhere = recognised(2, "11911", "Xã An Hưng")

    for found in ([elsewhere], [recognised(3), elsewhere]):
        with refused(hai_duong, NotAllowed):
            take_over(hai_duong, *found, act=hai_duong.act("quantri"))

    assert take_over(hai_duong, recognised(3), recognised(4, level="advanced"), act=hai_duong.act("quantri")) == 2


# --- on both databases ---


def test_a_province_adopted_twice_is_the_same_and_its_history_verifies(province):
    adopted = adopt(province, the_units(), the_bodies())
    planned = [plan(province, {"title": "Kế hoạch năm 2024"}) for _ in range(2)]
    taken = [take_over(province, recognised(2)) for _ in range(2)]

    assert (adopted, planned, taken) == (0, [True, False], [1, 0])
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
