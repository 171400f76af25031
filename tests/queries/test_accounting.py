"""Every rung is accounted for by history, whatever stood still or was put right meanwhile."""

from collections.abc import Sequence
from datetime import date

from dossier_engine.queries.accounting import Accounted, account
from dossier_engine.records.scope import EVERYTHING
from tests.makers import Province, at


def unexplained(province: Province, on: str) -> Sequence[Accounted]:
    with province.database.reading() as session:
        found = account(session, province.law, EVERYTHING, date(2024, 1, 1), date.fromisoformat(on), now=at(on))
    return found.unexplained


def test_nobody_is_pressed_for_an_answer_while_the_clock_stands_still(province: Province) -> None:
    code = province.register(on="2024-04-15").dossier
    province.difficulty(code, "xa", on="2024-04-16")
    province.pause(code, "huyen", on="2024-04-17")

    standing_still = unexplained(province, "2024-06-03")
    province.resume(code, "huyen", on="2024-06-03")
    province.sweep("2024-06-20")

    assert standing_still == ()
    assert unexplained(province, "2024-06-20") == ()
