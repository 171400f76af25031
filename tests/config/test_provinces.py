from collections import Counter
from datetime import date

import pytest

from config.provinces import LocalityRow, load_localities, load_offices, load_plan, load_recognitions
from config.strict import csv_of

LOCALITIES = load_localities("hai_duong")
OFFICES = load_offices("hai_duong")
PLAN = load_plan("hai_duong", 2024)
RECOGNITIONS = load_recognitions("hai_duong")


def valid_on(day) -> list[LocalityRow]:
    return [
        row
        for row in LOCALITIES
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)
    ]


IN_APRIL_2024 = valid_on(date(2024, 4, 15))


# --- localities ---


def test_in_april_2024_the_province_had_178_communes_47_wards_10_townships_and_12_districts() -> None:
    kinds = Counter(row.kind for row in IN_APRIL_2024)

    assert kinds == {
        "province": 1,
        "district": 9,
        "town": 1,
        "city": 2,
        "commune": 178,
        "ward": 47,
        "township": 10,
    }


def test_from_december_2024_there_were_151_communes_46_wards_and_10_townships() -> None:
    kinds = Counter(row.kind for row in valid_on(date(2024, 12, 1)))

    assert (kinds["commune"], kinds["ward"], kinds["township"]) == (151, 46, 10)


def test_nothing_is_left_when_the_province_joins_hai_phong() -> None:
    assert valid_on(date(2025, 7, 1)) == []


def test_three_communes_are_called_hong_phong_in_three_districts() -> None:
    found = [row for row in IN_APRIL_2024 if row.name == "Xã Hồng Phong"]

    assert len(found) == len({row.parent for row in found}) == 3


def test_a_code_never_stands_for_two_units_on_one_day() -> None:
    for day in (date(2024, 4, 15), date(2024, 11, 30), date(2024, 12, 1), date(2025, 6, 30)):
        codes = [row.code for row in valid_on(day)]
        assert len(codes) == len(set(codes))


def test_a_code_was_given_to_another_name_in_december_2024() -> None:
    names = [(row.name, row.valid_from, row.valid_to) for row in LOCALITIES if row.code == "10621"]

    assert names == [
        ("Xã Thanh Quang", None, date(2024, 11, 30)),
        ("Xã Quốc Tuấn", date(2024, 12, 1), date(2025, 6, 30)),
    ]


def test_every_unit_has_its_parent_above_it_in_the_file() -> None:
    above = set()
    for row in LOCALITIES:
        assert row.parent is None or row.parent in above
        above.add(row.code)


def test_the_name_of_a_unit_begins_with_its_kind() -> None:
    prefixes = {
        "province": "Tỉnh",
        "district": "Huyện",
        "town": "Thị xã",
        "city": "Thành phố",
        "commune": "Xã",
        "ward": "Phường",
        "township": "Thị trấn",
    }

    assert all(row.name.startswith(prefixes[row.kind] + " ") for row in LOCALITIES)


# --- offices ---


def test_each_commune_and_each_district_of_2024_has_its_people_s_committee_and_each_district_its_front() -> None:
    seats = {kind: sorted(o.locality for o in OFFICES if o.kind == kind) for kind in {o.kind for o in OFFICES}}
    districts = sorted(row.code for row in IN_APRIL_2024 if row.kind in ("district", "town", "city"))

    assert seats["commune_committee"] == sorted(row.code for row in IN_APRIL_2024 if row.kind == "commune")
    assert seats["district_committee"] == districts
    assert seats["front"] == sorted([*districts, "30"])


@pytest.mark.parametrize("kind", ["provincial_committee", "dard", "steering_committee", "inspectorate", "it"])
def test_there_is_one_office_of_each_provincial_kind(kind) -> None:
    assert [o.locality for o in OFFICES if o.kind == kind] == ["30"]


def test_every_criterion_of_the_advanced_set_is_confirmed_by_somebody_and_the_last_by_two() -> None:
    confirmed = Counter(criterion for o in OFFICES for criterion in o.criteria)

    assert confirmed == {str(number): 1 for number in range(1, 19)} | {"19": 2}


def test_only_dard_and_sector_departments_confirm_criteria() -> None:
    assert {o.kind for o in OFFICES if o.criteria} == {"dard", "sector"}


def test_office_codes_are_readable_and_each_stands_once() -> None:
    codes = [o.code for o in OFFICES]

    assert len(codes) == len(set(codes))
    assert all(code.isascii() and code == code.lower() and " " not in code for code in codes)
    assert {"so-xay-dung", "so-tai-chinh", "cong-an-tinh", "ubnd-xa-10894", "ubnd-huyen-291", "mttq-huyen-291"} <= set(
        codes
    )


# --- plan ---


def test_the_plan_asks_for_35_advanced_and_23_model_communes_and_3_districts_ready() -> None:
    targets = [(t.subject, t.level, t.count, t.milestone) for t in PLAN.targets]

    assert targets == [
        ("commune", "advanced", 35, "recognized"),
        ("commune", "model", 23, "recognized"),
        ("district", "advanced", 3, "dard_appraised"),
    ]


def test_the_plan_s_number_is_blank_as_in_the_source() -> None:
    assert (PLAN.province, PLAN.year, PLAN.number) == ("30", 2024, None)


def test_only_the_departments_have_a_date_and_it_is_exclusive() -> None:
    dated = [(o.id, o.actor, o.before) for o in PLAN.obligations if o.before]

    assert dated == [("departments-report", "sector", date(2024, 12, 10))]


# --- recognitions ---


def test_each_recognised_commune_is_a_commune_of_that_name_in_that_district() -> None:
    communes = {row.code: row for row in IN_APRIL_2024}

    for recognition in RECOGNITIONS:
        commune = communes[recognition.code]
        assert (commune.kind, commune.name) == ("commune", recognition.name)
        assert commune.parent is not None
        assert communes[commune.parent].name == recognition.district


def test_the_recognitions_are_those_found_in_the_press() -> None:
    counts = Counter((r.target_year, r.level) for r in RECOGNITIONS)

    assert counts == {(2019, "advanced"): 9, (2022, "advanced"): 21, (2022, "model"): 5}
    assert all((r.field is not None) == (r.level == "model") for r in RECOGNITIONS)


# --- refusals ---


def test_a_province_or_a_year_without_data_is_refused() -> None:
    with pytest.raises(ValueError, match=r"quang_ninh: has no localities\.csv"):
        load_localities("quang_ninh")
    with pytest.raises(ValueError, match=r"hai_duong: has no plan_2030\.yaml"):
        load_plan("hai_duong", 2030)


def test_a_province_s_name_cannot_lead_elsewhere() -> None:
    with pytest.raises(ValueError, match=r"\.\./provinces/hai_duong: has no offices\.csv"):
        load_offices("../provinces/hai_duong")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("code,name\n1,An\n", "x.csv: columns are not code,kind"),
        ("kind,code\n1,An\n", "x.csv: columns are not code,kind"),
        ("", "x.csv: columns are not code,kind"),
        ("code,kind\n1\n", "x.csv: line 2: 1 cells, not 2"),
        ("code,kind\n1,a\n2,b,c\n", "x.csv: line 3: 3 cells, not 2"),
    ],
)
def test_other_columns_or_cells_than_agreed_are_refused(content, message) -> None:
    with pytest.raises(ValueError, match=message):
        csv_of(content.encode(), "x.csv", ("code", "kind"))
