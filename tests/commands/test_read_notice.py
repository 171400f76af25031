"""A notice is read by whom it was for, once."""

from dossier_engine.commands.read_notice import read_notice
from dossier_engine.errors import NotFound
from tests.commands.conftest import CODE, Standing
from tests.commands.looking import refused, rows
from tests.makers import Province, at


def told(standing: Standing) -> tuple[Province, int]:
    """A province where the department was told of a difficulty, and that notice."""
    province = standing("registered")
    province.difficulty(CODE, "xa", on="2024-05-06")
    [notice] = [n for n in rows(province, "notice") if n["person"] == province.people["so"]]
    return province, notice["rung"]


def test_it_keeps_the_time_of_its_first_reading(standing):
    province, notice = told(standing)

    read = []
    for day in ("2024-05-07", "2024-05-08"):
        with province.writing() as session:
            read.append(read_notice(session, notice, province.act("so"), now=at(day)))

    assert read == [at("2024-05-07")] * 2


def test_for_anybody_else_it_is_not_there(standing):
    province, notice = told(standing)

    with refused(province, NotFound), province.writing() as session:
        read_notice(session, notice, province.act("xa2"), now=at("2024-05-07"))

    assert {n["read_at"] for n in rows(province, "notice")} == {None}
