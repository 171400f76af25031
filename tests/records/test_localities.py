"""A district whose code was given again: whoever lies in it is found once, with the name of the day asked."""

from collections.abc import Iterable
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from dossier_engine.queries.listing import Filter, listing
from dossier_engine.queries.registers import localities
from dossier_engine.queries.worklist import Line
from dossier_engine.records.localities import find
from dossier_engine.records.scope import EVERYTHING
from dossier_engine.records.tables import TABLES
from tests.makers import CAM_HUNG, Province

_LOCALITY = TABLES["locality"]
BEFORE, AFTER = date(2024, 7, 31), date(2024, 8, 1)


def renamed(province: Province) -> None:
    """From August on Huyện Cẩm Giàng is Thị xã Cẩm Giàng, under the same code."""
    its = _LOCALITY.c.code == "295"
    with province.writing() as session:
        old = session.execute(select(_LOCALITY).where(its)).one()._asdict()
        session.execute(update(_LOCALITY).where(its).values(valid_to=BEFORE))
        del old["id"]
        new = {"name": "Thị xã Cẩm Giàng", "name_search": "thi xa cam giang", "kind": "town", "valid_from": AFTER}
        session.execute(insert(_LOCALITY), old | new)


def lines(province: Province, today: date) -> Iterable[Line]:
    with province.database.reading() as session:
        return listing(session, province.law, EVERYTHING, Filter(), today=today, limit=10)


@pytest.mark.parametrize(("on", "name"), [(BEFORE, "Huyện Cẩm Giàng"), (AFTER, "Thị xã Cẩm Giàng")])
def test_a_commune_is_found_and_listed_once(province: Province, on: date, name: str) -> None:
    renamed(province)

    with province.database.reading() as session:
        found = find(session.connection(), f"Cẩm Hưng, {name}", on, ("commune",))
        listed = [r.parent_name for r in localities(session, on=on, kind="commune", name="cam hung")]

    assert (found, listed) == (CAM_HUNG, [name])


def test_a_dossier_is_listed_once_with_the_district_of_the_day(province: Province) -> None:
    code = province.register().dossier
    renamed(province)

    assert [(line.code, line.district) for line in lines(province, BEFORE)] == [(code, "Huyện Cẩm Giàng")]
    assert [(line.code, line.district) for line in lines(province, AFTER)] == [(code, "Thị xã Cẩm Giàng")]


def test_of_a_unit_that_has_ended_the_district_it_last_lay_in_is_shown(province: Province) -> None:
    code = province.register().dossier
    renamed(province)
    with province.writing() as session:
        session.execute(update(_LOCALITY).where(_LOCALITY.c.code == CAM_HUNG).values(valid_to=BEFORE))

    assert [(line.code, line.district) for line in lines(province, AFTER)] == [(code, "Huyện Cẩm Giàng")]
