"""For every open dossier in scope: who could act on it today, and on which nobody could."""

from datetime import date

import pytest
from sqlalchemy import update

from dossier_engine.queries import coverage as module
from dossier_engine.queries.coverage import coverage
from dossier_engine.records.scope import EVERYTHING, Scope
from dossier_engine.records.tables import TABLES
from tests.makers import LUONG_DIEN, Province

_APPOINTMENT = TABLES["appointment"]


def covered(province: Province, scope: Scope = EVERYTHING, on: date = date(2024, 6, 3)) -> dict[str, tuple[str, ...]]:
    handles = {person: handle for handle, person in province.people.items()}
    with province.database.reading() as session:
        found = list(coverage(session, province.law, scope, today=on))
    return {one.line.code: tuple(sorted(handles[p] for p in one.persons)) for one in found}


def retired(province: Province, role: str) -> None:
    with province.writing() as session:
        gone = update(_APPOINTMENT).where(_APPOINTMENT.c.role == role).values(valid_to=date(2024, 6, 2))
        session.connection().execute(gone)


def test_every_open_dossier_is_told_with_who_could_act_for_its_holder(province, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    province.register(on="2024-04-15")
    province.register("xa2", LUONG_DIEN, on="2024-04-15")
    province.register("xa", on="2024-04-16", year=2025)
    province.advance("HD-2025-NC-0001", "xa", "withdraw", on="2024-04-17")

    assert covered(province) == {"HD-2024-NC-0001": ("xa",), "HD-2024-NC-0002": ("xa2",)}
    assert covered(province, Scope((f"30/295/{LUONG_DIEN}/",))) == {"HD-2024-NC-0002": ("xa2",)}


def test_a_dossier_whose_office_has_nobody_any_more_is_told_with_nobody(province):
    province.register(on="2024-04-15")
    retired(province, "commune_officer")

    assert covered(province, on=date(2024, 6, 2)) == {"HD-2024-NC-0001": ("xa",)}
    assert covered(province) == {"HD-2024-NC-0001": ()}


@pytest.mark.parametrize("code", ["HD-2024-NC-0001"])
def test_nobody_could_who_performed_what_must_be_kept_apart(province, code):
    province.register(on="2024-04-15")
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")
    before = covered(province, on=date(2024, 7, 15))
    with province.writing() as session:
        person = {"person": province.people["huyen"]}
        session.connection().execute(update(TABLES["performed"]).values(person))

    assert before == {code: ("huyen",)}
    assert covered(province, on=date(2024, 7, 15)) == {code: ()}
