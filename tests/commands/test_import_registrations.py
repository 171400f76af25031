"""A list of registrations: every line by code or by name, all or none, and each faulty line told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.import_registrations import Registration, import_registrations
from dossier_engine.errors import FileProblems, Problem
from dossier_engine.queries.audit import verify
from tests.commands.looking import entries, refused, rows
from tests.commands.looking import told as told_privately
from tests.makers import CAM_HUNG, Province, at


def line(number: int, code: str = "", name: str = "", district: str = "", *, level: str = "advanced",
         year: int = 2024) -> Registration:  # fmt: skip
    return Registration(number, code, name, district, level, year)


def bring_in(province: Province, *lines: Registration, act: Act | None = None,
             on: str = "2024-04-15") -> Sequence[Receipt]:  # fmt: skip
    with province.writing() as session:
        asking = act or province.act("huyen")
        return import_registrations(session, province.law, "r.csv", lines, asking, now=at(on), rng=province.rng)


def problems(province: Province, *lines: Registration, handle: str = "huyen") -> Sequence[Problem]:
    """What is told of a list that is refused; it leaves nothing behind."""
    with refused(province, FileProblems) as refusal:
        bring_in(province, *lines, act=province.act(handle))
    assert isinstance(refusal.value, FileProblems)
    return refusal.value.problems


def test_units_are_named_by_code_or_by_name_with_or_without_accents(hai_duong):
    receipts = bring_in(
        hai_duong,
        line(2, CAM_HUNG),
        line(3, "10897", "Xã Cẩm Hoàng"),
        line(4, "10900", "cam van"),
        line(5, name="Ngọc Liên"),
        line(6, name="xa duc chinh", district="Cẩm Giàng"),
    )

    units = {u["id"]: u["name"] for u in rows(hai_duong, "locality")}
    opened = {d["code"]: units[d["locality"]] for d in rows(hai_duong, "dossier")}
    assert [opened[r.dossier] for r in receipts] == [
        "Xã Cẩm Hưng",
        "Xã Cẩm Hoàng",
        "Xã Cẩm Văn",
        "Xã Ngọc Liên",
        "Xã Đức Chính",
    ]


def test_an_empty_list_registers_nothing(hai_duong):
    assert list(bring_in(hai_duong)) == []


def test_a_list_is_taken_whole_or_not_at_all_and_every_faulty_line_is_told(hai_duong):
    told = problems(
        hai_duong,
        line(2, CAM_HUNG, "Xã Cẩm Hưng"),
        line(3, CAM_HUNG, "Xã Cẩm Hoàng"),
        line(4, "99999", "Xã Không Có"),
        line(5, name="Hồng Phong"),
        line(6, name="Cẩm Hunng"),
        line(7, "10900", level="gold"),
        line(8, "10903", year=2019),
    )

    assert [(p.file, p.line, p.code) for p in told] == [
        ("r.csv", 3, "unit_unknown"),
        ("r.csv", 4, "unit_unknown"),
        ("r.csv", 5, "unit_ambiguous"),
        ("r.csv", 6, "unit_unknown"),
        ("r.csv", 7, "level_unknown"),
        ("r.csv", 8, "bad_input"),
    ]


def test_a_code_and_a_name_that_disagree_are_told_with_the_name_of_the_code(hai_duong):
    told = problems(hai_duong, line(2, CAM_HUNG, "Xã Cẩm Hoàng"))

    assert told == (
        Problem("r.csv", 2, "unit_unknown", f"{CAM_HUNG} Xã Cẩm Hoàng: Xã Cẩm Hưng", "code", ("Xã Cẩm Hưng",)),
    )


def test_a_code_that_nobody_bears_is_told_as_it_was_written(hai_duong):
    told = problems(hai_duong, line(2, "99999"))

    assert told == (Problem("r.csv", 2, "unit_unknown", "99999: ", "code"),)


def test_a_misspelt_name_is_told_with_near_names(hai_duong):
    (told,) = problems(hai_duong, line(2, name="Cẩm Hunng"))

    assert (told.column, told.near[0]) == ("name", "Xã Cẩm Hưng (Huyện Cẩm Giàng)")
    assert told.near[0] in told.what
    assert len(told.near) == 3


def test_namesakes_are_told_with_their_districts_and_the_district_tells_them_apart(hai_duong):
    (told,) = problems(hai_duong, line(2, name="Hồng Phong"))
    hai_duong.appoint("nam-sach", "district_reviewer", "ubnd-huyen-291")

    receipts = bring_in(hai_duong, line(2, name="Hồng Phong", district="Nam Sách"), act=hai_duong.act("nam-sach"))

    assert all(district in told.what for district in ("Nam Sách", "Ninh Giang", "Thanh Miện"))
    assert [r.dossier for r in receipts] == ["HD-2024-NC-0001"]


def test_what_registering_refuses_is_told_with_its_code_and_facts(hai_duong):
    hai_duong.register("xa")

    again, level, ward, model, foreign = problems(
        hai_duong,
        line(2, CAM_HUNG, "Cẩm Hưng"),
        line(3, "10900", level="gold"),
        line(4, "10888"),
        line(5, "10903", level="model"),
        line(6, "10654"),
    )

    assert (again.code, level.code, ward.code) == ("already_open", "level_unknown", "wrong_subject")
    assert again.what.startswith(f"{CAM_HUNG} Cẩm Hưng: ")
    assert "HD-2024-NC-0001" in again.what
    assert again.near == ("HD-2024-NC-0001",)
    assert (level.what, level.column) == ("gold", "level")
    assert "Thị trấn Cẩm Giang" in ward.what
    assert (model.code, "definition" in model.what) == ("requirements_unmet", False)
    assert (foreign.code, foreign.what) == ("unit_unknown", "10654: ")


def test_one_unit_twice_in_a_list_is_told_with_the_line_that_it_repeats(hai_duong):
    (told,) = problems(hai_duong, line(2, CAM_HUNG), line(3, name="Cẩm Hưng"))

    assert told == Problem("r.csv", 3, "duplicate_in_file", "Cẩm Hưng: 2", "name", ("2",))


def test_a_year_that_is_none_is_told_at_its_column_with_the_refusal(hai_duong):
    (told,) = problems(hai_duong, line(2, CAM_HUNG, year=2019))

    assert (told.code, told.column) == ("bad_input", "target_year")
    assert told.refusal is not None
    assert told.refusal.facts["why"] == "year_out_of_range"


def test_lines_that_could_not_be_read_are_told_with_those_that_are_refused(hai_duong):
    unread = Problem("r.csv", 3, "level_unknown", "E3 xuất sắc", "level")

    with refused(hai_duong, FileProblems) as alone, hai_duong.writing() as session:
        import_registrations(session, hai_duong.law, "r.csv", [line(2, CAM_HUNG)], hai_duong.act("huyen"),
                             now=at("2024-04-15"), rng=hai_duong.rng, faults=[unread])  # fmt: skip
    with refused(hai_duong, FileProblems) as both, hai_duong.writing() as session:
        import_registrations(session, hai_duong.law, "r.csv", [line(2, "99999"), line(4, "99999")],
                             hai_duong.act("huyen"), now=at("2024-04-15"), rng=hai_duong.rng,
                             faults=[unread])  # fmt: skip

    assert [p.line for p in alone.value.problems] == [3]
    assert [p.line for p in both.value.problems] == [2, 3, 4]


def test_the_note_of_a_line_is_the_reason_of_its_registration(hai_duong):
    noted = replace(line(2, CAM_HUNG), note="đợt 1")

    receipts = bring_in(hai_duong, noted, line(3, name="Ngọc Liên"), act=hai_duong.act("huyen", reason="kế hoạch"))

    reasons = [told_privately(hai_duong, f"dossier/{r.dossier}", 1)["reason"] for r in receipts]
    assert reasons == ["đợt 1", "kế hoạch"]


def test_a_list_names_units_as_they_were_on_the_day_it_takes_effect(hai_duong):
    merged_away = line(2, "10906", "Thạch Lỗi")
    early = hai_duong.act("huyen", effective_on=date(2024, 11, 30))

    with refused(hai_duong, FileProblems):
        bring_in(hai_duong, merged_away, on="2024-12-02")
    receipts = bring_in(hai_duong, merged_away, act=early, on="2024-12-02")

    assert entries(hai_duong, f"dossier/{receipts[0].dossier}")[0]["effective_on"] == "2024-11-30"


def test_only_commune_definitions_are_meant_by_a_level(hai_duong):
    active = hai_duong.law.active
    hai_duong.law = replace(hai_duong.law, active={name: active[name] for name in sorted(active, reverse=True)})

    receipts = bring_in(hai_duong, line(2, CAM_HUNG, level="advanced"))

    assert next(iter(hai_duong.law.active)) == "district-advanced"
    assert receipts[0].body["workflow"] == "commune-advanced@1"


@pytest.mark.parametrize("handle", ["so", "thanhtra", "quantri"])
def test_who_may_not_register_one_may_not_register_a_list(hai_duong, handle):
    (told,) = problems(hai_duong, line(2, CAM_HUNG), handle=handle)

    assert told.code == "not_allowed"


def test_a_repeated_import_with_a_key_gives_the_first_receipts(province):
    lines = (line(2, CAM_HUNG), line(3, name="Ngọc Liên"))
    first = bring_in(province, *lines, act=province.act("huyen", key="dot-1"))

    again = bring_in(province, *lines, act=province.act("huyen", key="dot-1"), on="2024-04-16")

    assert [r.replayed for r in again] == [True, True]
    assert [r.leaf for r in again] == [r.leaf for r in first]
    assert sorted(e["key"] for e in rows(province, "history") if e["key"]) == ["dot-1#2", "dot-1#3"]


def test_a_list_with_a_faulty_line_leaves_nothing_on_any_database(province):
    told = problems(province, line(2, CAM_HUNG), line(3, "99999"), line(4, CAM_HUNG))

    assert [(p.line, p.code) for p in told] == [(3, "unit_unknown"), (4, "duplicate_in_file")]
    assert rows(province, "dossier") == []
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
