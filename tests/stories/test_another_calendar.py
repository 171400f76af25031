"""A day off is announced in the middle of a review: its date moves by order, and the whole history verifies."""

from dataclasses import replace
from datetime import date

from sqlalchemy import insert

from dossier_engine.commands.adopt import note_calendar
from dossier_engine.commands.recompute import recompute
from dossier_engine.commands.sweep import sweep
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from tests.commands.looking import deadlines, last
from tests.makers import LUONG_DIEN, SETUP, at


def test_a_day_off_announced_in_the_middle_of_a_review_moves_its_date_once(province):
    used = province.law.calendar
    with province.writing() as session:
        note_calendar(session, used, SETUP, now=at("2024-01-02"), rng=province.rng)
        row = {"one": 1, "demonstration": False, "calendar": used.version}
        session.execute(insert(TABLES["installation"]).values(**row))
    code, other = province.register(on="2024-04-15").dossier, province.register("xa2", LUONG_DIEN).dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")
    province.record(code, "huyen", "district_receipt", {"receipt": {"on": "2024-08-13"}}, on="2024-08-13")

    announced = replace(used, off=used.off | {date(2024, 8, 28)}, version="b" * 64)
    law = replace(province.law, calendar=announced)
    ordered = []
    for _ in range(2):
        with province.writing() as session:
            act = province.act("quantri", reason="TB 123/TB-BNV")
            ordered.append(recompute(session, law, act, now=at("2024-08-20"), rng=province.rng))
    with province.writing() as session:
        sweep(session, law, now=at("2024-08-30"), rng=province.rng)

    assert [[(m.dossier, m.key) for m in moved] for moved in ordered] == [[(code, "review_report")], []]
    assert deadlines(province, code)["review_report"].due_on == date(2024, 9, 6)
    assert last(province, other)["kind"] != "recomputed"
    with province.database.reading() as session:
        assert verify(session, law).findings == ()
