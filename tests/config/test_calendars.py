from datetime import date, timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import holidays
import pytest
import yaml

from config.calendars import load_calendar

CALENDAR = load_calendar()
YEARS = range(2023, 2028)

# Where our files differ from the `holidays` library, day by day, and why.
EXPLAINED = {
    date(2026, 1, 2): "off: Văn bản 12729/VPCP-KGVX of 25/12/2025; the library misses the swap",
    date(2026, 1, 10): "worked for 02/01/2026; the library misses the swap",
    date(2026, 11, 24): "disputed: the enactment of Ngày Văn hóa Việt Nam is not verified; counts as working",
    date(2027, 11, 24): "disputed as in 2026",
}

A_YEAR = """
year: 2030
status: official
sources: ["Văn bản 1"]
days_off:
  - {date: "2030-01-01", vi: "Tết Dương lịch", en: "New Year's Day"}
  - {date: "2030-01-04", vi: "Nghỉ hoán đổi", en: "Swapped day off", source: "Văn bản 2"}
working_saturdays:
  - {date: "2030-01-12", instead_of: "2030-01-04", source: "Văn bản 2"}
disputed:
  - {date: "2030-11-25", vi: "Ngày lễ mới", en: "New holiday", counts_as: working, note: "chưa đối chiếu"}
"""


def a_folder(tmp_path, text=A_YEAR) -> Path:
    (tmp_path / "2030.yaml").write_text(text, encoding="utf-8")
    return tmp_path


# --- the packaged years ---


def test_the_files_equal_the_library_except_for_explained_days() -> None:
    library = holidays.country_holidays("VN", years=YEARS)
    every_day = [date(2023, 1, 1) + timedelta(days=n) for n in range((date(2028, 1, 1) - date(2023, 1, 1)).days)]

    different = [day for day in every_day if CALENDAR.is_working(day) != library.is_working_day(day)]

    assert different == sorted(EXPLAINED)


def test_the_years_2023_to_2027_are_covered_and_the_last_is_provisional() -> None:
    assert CALENDAR.years == set(YEARS)
    assert CALENDAR.provisional == {2027}


@pytest.mark.parametrize(("year", "days"), [(2023, 249), (2024, 251), (2025, 250), (2026, 250), (2027, 250)])
def test_a_year_has_so_many_working_days(year, days) -> None:
    first = date(year, 1, 1)

    assert sum(CALENDAR.is_working(first + timedelta(days=n)) for n in range(365 + (year % 4 == 0))) == days


def test_every_day_off_has_a_name_in_both_languages() -> None:
    assert set(CALENDAR.names) == CALENDAR.off
    assert all(vi and en and vi != en for vi, en in CALENDAR.names.values())


def test_the_version_is_the_hash_of_the_files_in_year_order() -> None:
    contents = [(files("config") / "calendar" / f"{year}.yaml").read_bytes() for year in YEARS]

    assert CALENDAR.version == sha256(b"".join(contents)).hexdigest()


def test_every_disputed_day_says_how_it_counts_and_why() -> None:
    for year in YEARS:
        disputed = yaml.safe_load((files("config") / "calendar" / f"{year}.yaml").read_bytes())["disputed"]
        assert [(row["date"], row["counts_as"]) for row in disputed] == (
            [(f"{year}-11-24", "working")] if year >= 2026 else []
        )


# --- a folder of one's own ---


def test_a_year_file_gives_days_off_worked_saturdays_and_leaves_a_disputed_day_worked(tmp_path) -> None:
    calendar = load_calendar(a_folder(tmp_path))

    assert calendar.off == {date(2030, 1, 1), date(2030, 1, 4)}
    assert calendar.working == {date(2030, 1, 12)}
    assert calendar.is_working(date(2030, 11, 25))


def test_a_disputed_day_becomes_a_day_off_by_one_word(tmp_path) -> None:
    settled = A_YEAR.replace("counts_as: working", "counts_as: holiday")

    calendar = load_calendar(a_folder(tmp_path, settled))

    assert calendar.reason(date(2030, 11, 25)).name == ("Ngày lễ mới", "New holiday")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("days_off:", "days_of:", r"2030\.yaml: missing or unknown: days_of, days_off"),
        ("status: official", "status: final", r"2030\.yaml: status: 'final'"),
        ("year: 2030", "year: 2031", r"2030\.yaml: year: is 2031"),
        ("year: 2030", 'year: "2030"', r"2030\.yaml: year: not a positive whole number"),
        ('date: "2030-01-01"', "date: 2030-01-01", r"2030\.yaml: days_off\[0\]: date: not a text"),
        ('date: "2030-01-01"', 'date: "2031-01-01"', r"days_off\[0\]: date: 2031-01-01 is not in 2030"),
        ('date: "2030-01-01"', 'date: "2030-01-04"', r"days_off\[1\]: date: 2030-01-04 stands there twice"),
        ('vi: "Tết Dương lịch"', 'vi: ""', r"days_off\[0\]: vi: not a text"),
        ('vi: "Tết Dương lịch", ', "", r"days_off\[0\]: missing or unknown: vi"),
        ('date: "2030-01-12"', 'date: "2030-01-13"', r"working_saturdays\[0\]: date: 2030-01-13 is no Saturday"),
        ('instead_of: "2030-01-04"', 'instead_of: "2030-01-03"', r"working_saturdays: 2030-01-03 is no day off"),
        ("counts_as: working", "counts_as: maybe", r"disputed\[0\]: counts_as: 'maybe'"),
        ('sources: ["Văn bản 1"]', "sources: Văn bản 1", r"2030\.yaml: sources: not a list"),
        ("disputed:", "disputed: [", r"2030\.yaml: not YAML"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_file_and_key(tmp_path, right, wrong, message) -> None:
    folder = a_folder(tmp_path, A_YEAR.replace(right, wrong, 1))

    with pytest.raises(ValueError, match=message):
        load_calendar(folder)


def test_a_day_cannot_be_off_and_a_worked_saturday(tmp_path) -> None:
    folder = a_folder(tmp_path, A_YEAR.replace('date: "2030-01-01"', 'date: "2030-01-12"'))

    with pytest.raises(ValueError, match="2030-01-12 is a day off too"):
        load_calendar(folder)


def test_a_file_that_is_far_too_large_is_refused(tmp_path) -> None:
    folder = a_folder(tmp_path, A_YEAR + "#" * 300_000)

    with pytest.raises(ValueError, match=r"2030\.yaml: larger than"):
        load_calendar(folder)


def test_an_empty_folder_is_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="no year files"):
        load_calendar(tmp_path)
