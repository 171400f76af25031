"""The invented people: who sits where, under which handle, and who stands in for whom."""

from datetime import date

import pytest

from config.provinces import load_localities, load_offices
from dossier_engine.commands.adopt import adopt_territory
from dossier_engine.demonstration.cast import SYSTEM, Absence, Cast, Seat, hire, place_names, seats
from dossier_engine.demonstration.preparation import seeded
from dossier_engine.demonstration.programme import exists, paths
from dossier_engine.demonstration.words import words
from dossier_engine.queries.people import Circle, people
from dossier_engine.records.scope import EVERYTHING
from tests.makers import at, the_bodies, the_units

CAM_HUNG = "30/295/10894/"
OPENING = date(2024, 4, 1)


def the_names() -> dict[str, str]:
    return place_names([row for row in load_localities("hai_duong") if exists(row, OPENING)], words().kinds)


def the_seats(*territories: str) -> tuple[Seat, ...]:
    localities = load_localities("hai_duong")
    return seats(load_offices("hai_duong"), paths(localities), the_names(), words(), territories)


def a_cast(database, *territories: str) -> Cast:
    rng, now = seeded(1, "test"), at("2024-04-01")
    with database.writing() as session:
        adopt_territory(session, the_units(), the_bodies(), SYSTEM, now=now, rng=rng)
        return hire(session, the_seats(*territories), words(), valid_from=OPENING, now=now, rng=rng)


def test_a_dossier_brings_its_commune_its_district_and_everybody_at_the_province():
    handles = [seat.handle for seat in the_seats(CAM_HUNG)]

    local = [h for h in handles if h.endswith(("cam-hung", "cam-giang", "cam-giang.2"))]
    provincial = [h for h in handles if not h.startswith("nganh.") and h not in local]
    assert local == ["xa.cam-hung", "phong.cam-giang", "huyen.cam-giang", "huyen.cam-giang.2", "mattran.cam-giang"]
    assert provincial == [
        "so.thamdinh", "so.thamdinh.2", "vanthu.tinh", "vanthu.tinh.2", "bcd.tinh", "thanhtra.tinh", "quantri",
    ]  # fmt: skip


def test_every_sector_and_the_department_of_agriculture_have_one_who_confirms():
    confirming = [seat.handle for seat in the_seats(CAM_HUNG) if seat.role == "sector_confirmer"]

    offices = [o.code for o in load_offices("hai_duong") if o.kind in ("sector", "dard")]
    assert confirming == [f"nganh.{office}" for office in offices]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("10894", "cam-hung"),  # Xã Cẩm Hưng
        ("292", "kinh-mon"),  # Thị xã Kinh Môn
        ("288", "hai-duong"),  # Thành phố Hải Dương
        ("11293", "hong-phong-11293"),  # Xã Hồng Phong, which two other districts have too
    ],
)
def test_a_place_is_typed_without_its_kind_and_with_its_code_only_where_it_has_namesakes(code, name):
    names = the_names()

    assert names[code] == name


def test_no_two_handles_are_the_same_when_every_commune_takes_part():
    everywhere = [path for path in paths(load_localities("hai_duong")).values() if path.count("/") == 3]

    handles = [seat.handle for seat in the_seats(*everywhere)]

    communes, districts, sectors, others = 178, 12, 17, 7
    assert len(set(handles)) == len(handles) == communes + 4 * districts + sectors + others


def test_everybody_hired_is_marked_as_invented_and_nobody_has_another_s_name(database):
    cast = a_cast(database, CAM_HUNG)

    with database.reading() as session:
        names = [row.name for row in people(session, Circle(EVERYTHING, date(2024, 6, 3), newcomers=True))]
    assert len(names) == len(set(names)) == len(cast.members)
    assert all(name.endswith("(minh họa)") for name in names)


def test_two_reviewers_share_a_district(database):
    cast = a_cast(database, CAM_HUNG)

    first, second, third = (cast.holder("district_reviewer", CAM_HUNG, turn=n) for n in range(3))

    assert (first.seat.handle, second.seat.handle) == ("huyen.cam-giang", "huyen.cam-giang.2")
    assert third == first


def test_a_stand_in_acts_on_the_first_and_on_the_last_day_of_an_absence_and_not_after(database):
    cast = a_cast(database, CAM_HUNG)
    reviewer, officer = cast.holder("district_reviewer", CAM_HUNG), cast.holder("district_officer", CAM_HUNG)
    cast.absences.append(Absence(reviewer, officer, date(2024, 7, 1), date(2024, 7, 12)))

    acting = [cast.acting(reviewer, date(2024, *day)) for day in ((6, 30), (7, 1), (7, 12), (7, 13))]

    assert acting == [reviewer, officer, officer, reviewer]


def test_nobody_is_found_for_a_district_without_dossiers(database):
    cast = a_cast(database, CAM_HUNG)

    with pytest.raises(LookupError):
        cast.holder("district_reviewer", "30/291/10612/")
