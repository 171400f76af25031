"""A dossier as each of its entries left it is what a reader saw right after that entry."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.desk import Receipt, stream_of
from dossier_engine.errors import NotFound
from dossier_engine.queries.stood import Stood, stood_after
from dossier_engine.queries.trail import trail
from dossier_engine.queries.worklist import Line, standing
from tests.makers import Province

TODAY = date(2024, 7, 20)


def now(province: Province, code: str) -> Line:
    with province.database.reading() as session:
        return standing(session, province.law, code, today=TODAY)


def after(province: Province, code: str, seq: int) -> Stood:
    with province.database.reading() as session:
        line = standing(session, province.law, code, today=TODAY)
        return stood_after(session, province.law, line, trail(session, stream_of(code)), seq)


def life(province: Province, code: str) -> list[Callable[[], Receipt]]:
    papers = (Supplement("commune_files", "Biên bản"),)
    return [
        lambda: province.extend(code, "huyen", "2024-08-20", on="2024-07-10"),
        lambda: province.advance(code, "xa", "self_assess", on="2024-07-10"),
        lambda: province.pause(code, "huyen", on="2024-07-11"),
        lambda: province.resume(code, "huyen", on="2024-07-15"),
        lambda: province.advance(code, "huyen", "return_to_commune", on="2024-07-16", supplements=papers),
        lambda: province.advance(code, "xa", "withdraw", on="2024-07-17"),
    ]


def test_what_each_entry_left_can_be_read_when_the_dossier_has_gone_on(province: Province):
    code = province.register(on="2024-04-15").dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    seen = {}

    for act in life(province, code):
        receipt = act()
        seen[receipt.seq] = replace(now(province, code), days_left=None)

    for seq, line in seen.items():
        stood = after(province, code, seq)
        assert (stood.happened.seq, stood.line) == (seq, line)
    assert [line.is_open for line in seen.values()] == [True] * 5 + [False]


def test_a_department_holds_the_report_that_is_asked_of_it(province: Province):
    code = province.register("so", "cong-an-tinh", on="2024-07-15", workflow="department-report").dossier

    stood = after(province, code, 1)

    assert stood.line == replace(now(province, code), days_left=None)
    assert stood.line.holder_vi == "Công an tỉnh Hải Dương"


def test_an_entry_that_is_not_there_is_not_found(province: Province):
    code = province.register(on="2024-04-15").dossier

    with pytest.raises(NotFound):
        after(province, code, 2)
    with pytest.raises(NotFound):
        after(province, code, 0)
