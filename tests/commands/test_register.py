"""Opening a dossier: who may, for which unit and year, under which definition, and only once."""

from dataclasses import replace
from datetime import date

import pytest

from dossier_engine.commands.register import Register, register
from dossier_engine.errors import (
    AlreadyOpen,
    AppointmentExpired,
    BadInput,
    DateInFuture,
    NotAllowed,
    NotFound,
    WrongSubject,
)
from dossier_engine.rules.law import Law
from tests.commands.conftest import CODE
from tests.commands.looking import deadlines, entries, refused, row, rows, told
from tests.makers import CAM_HUNG, LUONG_DIEN, Province, at

BINH_HAN = "10510"  # Phường Bình Hàn, thành phố Hải Dương
CAM_GIANG, NAM_SACH, CHI_LINH = "295", "291", "290"
THACH_LOI = "10906"  # merged away on 2024-12-01
TAKEN_OVER = "10933"  # Cẩm Phúc until 2024-11-30, Phúc Điền from the day after


def open_as(province: Province, handle: str, locality: str = CAM_HUNG, *, on: str = "2024-04-15",
            law: Law | None = None, **asked: object) -> str:  # fmt: skip
    """A registration of 2024 for the advanced level with more said of the act; gives the code."""
    order = Register(workflow="commune-advanced", subject=locality, target_year=2024, act=province.act(handle, **asked))
    with province.writing() as session:
        return register(session, law or province.law, order, now=at(on), rng=province.rng).dossier


def a_law_with(province: Province, **changes: object) -> Law:
    """The law with another advanced definition in force, which differs in `changes`."""
    sha = province.law.active["commune-advanced"]
    changed = replace(province.law.workflows[sha], **changes)  # type: ignore[arg-type]
    return replace(province.law, workflows={**province.law.workflows, sha: changed})


# --- what it opens ---


def test_a_dossier_is_opened_in_the_first_state_with_its_holder_and_its_limit(hai_duong):
    receipt = hai_duong.register("xa", CAM_HUNG, on="2024-04-15")

    opened = row(hai_duong, receipt.dossier)
    assert (receipt.dossier, receipt.seq, receipt.kind) == (CODE, 1, "registered")
    assert (opened.state, opened.is_open, opened.version, opened.round) == ("registered", True, 1, 1)
    assert (opened.holder_role, opened.holder_path) == ("commune_officer", "30/295/10894/")
    assert (opened.due_on, opened.stage_on, opened.effective_on) == (
        date(2024, 7, 31),
        date(2024, 4, 15),
        date(2024, 4, 15),
    )
    assert (opened.level, opened.target_year, opened.linked) == ("advanced", 2024, None)
    assert deadlines(hai_duong, CODE)["registered"].rule == "state:registered"


def test_the_entry_of_a_registration_holds_all_that_a_replay_needs(hai_duong):
    receipt = hai_duong.register()

    entry = entries(hai_duong, f"dossier/{receipt.dossier}")[0]
    workflow = hai_duong.law.named("commune-advanced")
    assert entry["prev"] == ""
    assert entry["body"] == {
        "workflow": "commune-advanced@1",
        "definition": workflow.sha256,
        "calendar": hai_duong.law.calendar.version,
        "locality": CAM_HUNG,
        "territory": "30/295/10894/",
        "level": "advanced",
        "target_year": 2024,
        "to": "registered",
        "continues": None,
        "met": [],
        "due": [{"deadline": "registered", "on": "2024-07-31"}],
    }


def test_dossiers_are_numbered_in_a_series_for_each_year_and_definition(hai_duong):
    hai_duong.recognised("advanced", (CAM_HUNG, "Xã Cẩm Hưng"))

    codes = [
        hai_duong.register("xa", CAM_HUNG).dossier,
        hai_duong.register("xa2", LUONG_DIEN).dossier,
        hai_duong.register("xa", CAM_HUNG, year=2025).dossier,
        hai_duong.register("xa", CAM_HUNG, workflow="commune-model").dossier,
    ]

    assert codes == ["HD-2024-NC-0001", "HD-2024-NC-0002", "HD-2025-NC-0001", "HD-2024-KM-0001"]


def test_a_refused_registration_uses_up_no_number(hai_duong):
    hai_duong.register("xa", CAM_HUNG)

    with refused(hai_duong, AlreadyOpen):
        hai_duong.register("xa", CAM_HUNG)

    assert hai_duong.register("xa2", LUONG_DIEN).dossier == "HD-2024-NC-0002"


def test_a_registration_of_last_week_takes_effect_last_week(hai_duong):
    code = open_as(hai_duong, "xa", on="2024-04-15", effective_on=date(2024, 4, 8), reason="gửi muộn")

    entry = entries(hai_duong, f"dossier/{code}")[0]
    assert (entry["effective_on"], entry["at"]) == ("2024-04-08", "2024-04-15T02:00:00.000000Z")
    assert row(hai_duong, code).stage_on == date(2024, 4, 8)
    assert told(hai_duong, f"dossier/{code}", 1) == {"reason": "gửi muộn"}


# --- who may ---


def test_the_commune_or_its_district_registers(hai_duong):
    own = hai_duong.register("xa", CAM_HUNG)
    by_district = hai_duong.register("huyen", LUONG_DIEN)

    offices = [entries(hai_duong, f"dossier/{r.dossier}")[0]["actor"]["office"] for r in (own, by_district)]
    assert offices == ["ubnd-xa-10894", "ubnd-huyen-295"]


@pytest.mark.parametrize("handle", ["so", "mattran", "vanthu", "bcd", "thanhtra", "quantri"])
def test_nobody_else_registers(hai_duong, handle):
    with refused(hai_duong, NotAllowed) as refusal:
        hai_duong.register(handle, CAM_HUNG)

    assert refusal.value.facts["roles"] == ("commune_officer", "district_reviewer")


def test_a_role_at_another_level_than_the_definition_names_does_not_register(hai_duong):
    workflow = hai_duong.law.named("commune-advanced")
    law = a_law_with(hai_duong, register=replace(workflow.register, levels=(3,)))

    with refused(hai_duong, NotAllowed):
        open_as(hai_duong, "huyen", law=law)

    assert open_as(hai_duong, "xa", law=law) == CODE


@pytest.mark.parametrize("handle", ["xa2", "huyen2"])
def test_a_locality_of_a_foreign_territory_is_not_there(hai_duong, handle):
    with refused(hai_duong, NotFound) as refusal:
        hai_duong.register(handle, CAM_HUNG)

    assert refusal.value.facts == {"kind": "locality", "name": CAM_HUNG, "suggestions": ()}


def test_who_is_no_longer_in_office_cannot_register(hai_duong):
    hai_duong.appoint("nghi-huu", "commune_officer", "ubnd-xa-10894", until="2024-03-31")

    with refused(hai_duong, AppointmentExpired):
        hai_duong.register("nghi-huu", CAM_HUNG)


# --- for whom ---


@pytest.mark.parametrize("locality", ["99999", "", "Cẩm Hưng"])
def test_an_unknown_code_is_refused(hai_duong, locality):
    with refused(hai_duong, NotFound):
        hai_duong.register("xa", locality)


def test_a_ward_cannot_open_a_commune_dossier_and_is_told_for_whom_it_is(hai_duong):
    hai_duong.appoint("tp", "district_reviewer", "ubnd-huyen-288")

    with refused(hai_duong, WrongSubject) as refusal:
        hai_duong.register("tp", BINH_HAN)

    assert refusal.value.facts == {"locality": "Phường Bình Hàn", "kind": "ward", "accepts": "commune"}


@pytest.mark.parametrize(("locality", "workflow"), [(CAM_GIANG, "commune-advanced"), (CAM_HUNG, "district-advanced")])
def test_a_district_and_a_commune_have_definitions_of_their_own(hai_duong, locality, workflow):
    with refused(hai_duong, WrongSubject):
        hai_duong.register("huyen", locality, workflow=workflow)


def test_a_city_opens_no_district_dossier(hai_duong):
    hai_duong.appoint("chi-linh", "district_officer", "ubnd-huyen-290")

    with refused(hai_duong, WrongSubject) as refusal:
        hai_duong.register("chi-linh", CHI_LINH, workflow="district-advanced")

    assert refusal.value.facts["kind"] == "city"


def test_a_unit_that_was_merged_away_is_found_only_on_the_days_it_existed(hai_duong):
    with refused(hai_duong, NotFound):
        hai_duong.register("huyen", THACH_LOI, on="2024-12-02")

    code = open_as(hai_duong, "huyen", THACH_LOI, on="2024-12-02", effective_on=date(2024, 11, 30))

    assert row(hai_duong, code).stage_on == date(2024, 11, 30)


def test_a_code_that_another_unit_took_over_means_the_unit_of_the_day(hai_duong):
    before = open_as(hai_duong, "huyen", TAKEN_OVER, on="2024-11-30")
    after = open_as(hai_duong, "huyen", TAKEN_OVER, on="2024-12-01")

    names = {r["id"]: r["name"] for r in rows(hai_duong, "locality")}
    assert [names[row(hai_duong, code).locality] for code in (before, after)] == ["Xã Cẩm Phúc", "Xã Phúc Điền"]


# --- for which year, under which definition ---


@pytest.mark.parametrize("year", [-1, 0, 2020, 2100])
def test_a_year_outside_the_programme_is_refused(hai_duong, year):
    with refused(hai_duong, BadInput) as refusal:
        hai_duong.register(year=year)

    assert refusal.value.facts == {"field": "year", "value": str(year), "why": "year_out_of_range"}


def test_the_first_and_the_last_year_are_accepted(hai_duong):
    codes = [hai_duong.register(year=year).dossier for year in (2021, 2099)]

    assert codes == ["HD-2021-NC-0001", "HD-2099-NC-0001"]


def test_a_registration_cannot_take_effect_tomorrow(hai_duong):
    with refused(hai_duong, DateInFuture):
        open_as(hai_duong, "xa", on="2024-04-15", effective_on=date(2024, 4, 16))


def test_an_unknown_definition_is_refused_with_near_names(hai_duong):
    with refused(hai_duong, NotFound) as refusal:
        hai_duong.register(workflow="commune-advance")

    assert refusal.value.facts["kind"] == "workflow"
    assert "commune-advanced" in refusal.value.facts["suggestions"]


def test_a_definition_opens_dossiers_from_its_first_to_its_last_day(hai_duong):
    ended = a_law_with(hai_duong, valid_to=date(2024, 4, 14))
    endless = a_law_with(hai_duong, valid_to=None)

    with refused(hai_duong, BadInput) as early:
        open_as(hai_duong, "xa", effective_on=date(2022, 8, 1))
    with refused(hai_duong, BadInput) as late:
        open_as(hai_duong, "xa", law=ended)

    assert early.value.facts == {"field": "on", "value": "2022-08-01", "why": "definition_not_in_force"}
    assert late.value.facts["value"] == "2024-04-15"
    assert open_as(hai_duong, "xa", effective_on=date(2022, 8, 2)) == "HD-2024-NC-0001"
    assert open_as(hai_duong, "huyen", LUONG_DIEN, law=ended, effective_on=date(2024, 4, 14)) == "HD-2024-NC-0002"
    assert open_as(hai_duong, "huyen", THACH_LOI, law=endless) == "HD-2024-NC-0003"
