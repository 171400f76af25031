"""Files that people hand in: every fault is named with its line and in words, and nothing is taken from a bad file."""

from pathlib import Path

import pytest

from tests.cli.terminal import held
from tests.files.making import MACRO_XLSX, a_pdf, an_office_file
from tests.files.sheets import a_row, a_sheet

HEADER = "code,name,district,level,target_year\n"
LISTS = [
    ("column_missing", "code,name\n10897,Xã Cẩm Hoàng\n", 1),
    ("wrong_number_of_columns", f"{HEADER}10897,Xã Cẩm Hoàng,Huyện Cẩm Giàng,advanced,2024,thừa\n", 2),
    ("wrong_number_of_columns", f"{HEADER}10897,Xã Cẩm Hoàng\n", 2),
    ("year_out_of_range", f"{HEADER}10897,Xã Cẩm Hoàng,Huyện Cẩm Giàng,advanced,hai nghìn\n", 2),
    ("year_out_of_range", f"{HEADER}10897,Xã Cẩm Hoàng,Huyện Cẩm Giàng,advanced,{'9' * 5000}\n", 2),
    ("unit_unknown", f"{HEADER}10897,Xã Cẩm Hưng,Huyện Cẩm Giàng,advanced,2024\n", 2),
    ("unit_unknown", f"{HEADER},Cẩm Hoan,Cẩm Giàng,advanced,2024\n", 2),
    ("unit_ambiguous", f"{HEADER}10897,Xã Cẩm Hoàng,,advanced,2024\n,Hồng Phong,,advanced,2024\n", 3),
    ("level_unknown", f"{HEADER}10897,Xã Cẩm Hoàng,Huyện Cẩm Giàng,nâng cao,2024\n", 2),
    ("duplicate_in_file", f"{HEADER}10897,,,advanced,2024\n10897,,,advanced,2024\n", 3),
    ("already_open", f"{HEADER}10894,Xã Cẩm Hưng,Huyện Cẩm Giàng,advanced,2024\n", 2),
    ("broken_csv", f'{HEADER}10897,"Xã Cẩm Hoàng" thừa,Huyện Cẩm Giàng,advanced,2024\n', 2),
    ("broken_csv", f'{HEADER}10897,"Xã Cẩm Hoàng,Huyện Cẩm Giàng,advanced,2024\n', 2),
]
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
DEFINITIONS = [
    ("broken_yaml", "workflow: [commune\n", 2),
    ("alias", BOMB, 2),
    ("anchor", BOMB, 1),
    ("tag", "workflow: !!python/object:os.system x\n", 1),
    ("empty", "# nothing\n", 1),
    ("several_documents", "workflow: a\n---\nworkflow: b\n", 2),
    ("unknown_key", "workflow: a\ncolour: red\n", 2),
    ("duplicate_key", "workflow: a\nworkflow: b\n", 2),
    ("too_large", "#" * 2_000_000, 1),
]


@pytest.mark.parametrize(("code", "content", "line"), LISTS)
def test_a_faulty_list_is_told_line_by_line_and_not_taken(code, content, line, dossier, home):
    Path("list.csv").write_text(content, "utf-8")
    before = held(home)

    said = dossier("import registrations list.csv --as huyen")

    assert said.code == 7
    assert f"list.csv:{line}: {code}: " in said.err
    assert f"  {code} = " in said.err
    assert held(home) == before


def test_a_workbook_is_taken_whole_or_every_faulty_row_is_told(dossier, home):
    sound = a_row("Cẩm  Hoàng"), a_row(code=10900, name="", note="đợt 1")
    Path("list.xlsx").write_bytes(a_sheet(*sound))
    Path("faulty.xlsx").write_bytes(a_sheet(*sound, a_row("Cẩm Hoan"), a_row("Cẩm Vũ", level="vàng")))
    Path("renamed.csv").write_bytes(a_pdf())
    before = held(home)

    faulty = dossier("import registrations faulty.xlsx --as huyen")
    foreign = dossier("import registrations renamed.csv --as huyen")
    untouched = held(home)
    said = dossier("import registrations list.xlsx --as huyen --json")

    assert (faulty.code, foreign.code, said.code) == (7, 7, 0)
    assert "faulty.xlsx:6: unit_unknown: Cẩm Hoan, Cẩm Giàng" in faulty.err
    assert "faulty.xlsx:7: level_unknown: E7 vàng" in faulty.err
    assert untouched == before
    assert [row["locality"] for row in said.json] == ["10897", "10900"]
    assert "Đã tự sửa 1 ô" in said.err


def test_a_workbook_that_may_not_be_opened_is_told_as_such(dossier):
    Path("macro.xlsx").write_bytes(an_office_file(MACRO_XLSX))

    said = dossier("import registrations macro.xlsx --as huyen")

    assert (said.code, "“macro.xlsx”: tệp có macro" in said.err) == (7, True)


@pytest.mark.parametrize(("code", "content", "line"), DEFINITIONS)
def test_a_faulty_definition_is_told_line_by_line_and_not_activated(code, content, line, dossier, home):
    Path("bad.yaml").write_text(content, "utf-8")
    before = held(home)

    checked = dossier("workflow check bad.yaml")
    activated = dossier("workflow activate bad.yaml --as quantri")

    assert (checked.code, activated.code) == (7, 7)
    assert f"bad.yaml:{line}: {code}: " in checked.err
    assert f"  {code} = " in checked.err
    assert held(home) == before


def test_a_list_of_past_recognitions_must_name_real_levels_and_localities(dossier, home):
    lines = "10972,Xã Tân Hưng,Huyện Bình Giang,advanced,2022\n10972,Xã Tân Hồng,Huyện Bình Giang,kieu_mau,2022\n"
    Path("list.csv").write_text(f"{HEADER}{lines}", "utf-8")
    before = held(home)

    said = dossier("import recognitions list.csv --as quantri")

    assert said.code == 7
    assert "list.csv:2: unit_unknown: 10972 Xã Tân Hưng" in said.err
    assert "list.csv:3: level_unknown: kieu_mau" in said.err
    assert held(home) == before


@pytest.mark.parametrize("command", ["import registrations", "import recognitions", "workflow check"])
def test_a_file_that_is_not_there_or_not_text_is_named(command, dossier):
    Path("latin.csv").write_bytes(b"x\xe3")
    person = "" if command == "workflow check" else "--as huyen"

    absent = dossier(f"{command} không-có.csv {person}")
    foreign = dossier(f"{command} latin.csv {person}")

    assert (absent.code, foreign.code) == (7, 7)
    assert "không-có.csv" in absent.err
    assert "UTF-8" in foreign.err


def test_a_changed_definition_under_an_old_version_is_a_conflict(dossier):
    text = Path("new.yaml").read_text("utf-8")
    Path("same.yaml").write_text(text.replace("version: 2\n", "version: 1\n", 1) + "# khác\n", "utf-8")

    said = dossier("workflow activate same.yaml --as quantri --json")

    assert (said.code, said.refusal["code"]) == (6, "already_there")


def test_a_definition_activated_twice_is_one(dossier):
    first = dossier("workflow activate new.yaml --as quantri")
    second = dossier("workflow activate new.yaml --as quantri")

    assert (first.code, second.code) == (0, 0)
    assert "đã được áp dụng" in first.err
    assert "đã được lưu" in second.err


def test_the_recognitions_of_the_province_are_taken_over(dossier):
    packaged = Path(__file__).parents[2] / "config" / "provinces" / "hai_duong" / "recognitions.csv"

    first = dossier(f"import recognitions {packaged} --as quantri --json")
    second = dossier(f"import recognitions {packaged} --as quantri --json")

    assert first.json["imported"] > 30
    assert second.json == {"imported": 0, "known": first.json["imported"]}
