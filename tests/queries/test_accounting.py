"""Every rung is accounted for: a life with everything in it, and each way in which the ledger can be wrong."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from dossier_engine.queries.accounting import Account, account
from dossier_engine.records.scope import EVERYTHING, Scope
from dossier_engine.records.tables import TABLES
from tests.makers import Province, at
from tests.rigs.ownership import as_owner

_RUNG, _NOTICE, _DOSSIER = TABLES["rung"], TABLES["notice"], TABLES["dossier"]


def the_account(province: Province, on: str, *, since: str = "2024-01-01", scope: Scope = EVERYTHING) -> Account:
    with province.database.reading() as session:
        first, last = date.fromisoformat(since), date.fromisoformat(on)
        return account(session, province.law, scope, first, last, now=at(on, 20))


def swept(province: Province, *days: str) -> None:
    for day in days:
        province.sweep(day)


def a_life(province: Province) -> str:
    """Registered, stalled, a difficulty answered with a date, self-assessed late, paused, resumed, reviewed in part."""
    code = province.register(on="2024-04-15").dossier
    swept(province, "2024-05-08", "2024-05-13", "2024-05-20")
    province.difficulty(code, "xa", on="2024-05-21")
    swept(province, "2024-06-03", "2024-07-17", "2024-07-24", "2024-07-31", "2024-08-12")
    opened = [r for r in _escalations(province) if r["closed_seq"] is None]
    for escalation in opened:
        province.answer(code, "bcd", on="2024-08-13", seq=escalation["seq"])
    province.extend(code, "huyen", "2024-08-30", on="2024-08-14")
    province.bring(code, "self_assess", on="2024-08-20", since="2024-08-05")
    province.advance(code, "xa", "self_assess", on="2024-08-26")
    province.record(code, "huyen", "district_receipt", {"receipt": {"on": "2024-08-27"}}, on="2024-08-28")
    swept(province, "2024-09-23", "2024-10-14")
    province.pause(code, "huyen", on="2024-10-16")
    swept(province, "2024-10-28")
    province.resume(code, "huyen", on="2024-11-04")
    swept(province, "2024-11-11", "2024-12-02")
    return code


def _escalations(province: Province) -> list[dict[str, Any]]:
    with province.database.reading() as session:
        return [dict(r._mapping) for r in session.execute(select(TABLES["escalation"])).all()]


def test_a_life_with_everything_in_it_is_explained_to_the_last_rung(province):
    a_life(province)

    found = the_account(province, "2024-12-02")

    assert found.unexplained == ()
    assert set(found.outcomes) >= {"sent", "late", "replaced", "void"}
    assert {r.told[0] for r in found.rungs} >= {"registered", "self_assessed", "stalled", "district_receipt"}
    assert all(r.notices for r in found.rungs if r.outcome in ("sent", "late") and r.why != "nobody")


def test_only_the_days_asked_for_and_what_is_in_scope_are_accounted_for(province):
    a_life(province)

    july = the_account(province, "2024-07-31", since="2024-07-01")
    elsewhere = the_account(province, "2024-12-02", scope=Scope(("30/291/",)))

    assert {r.told[4].month for r in july.rungs} == {7}
    assert elsewhere.rungs == ()


def test_what_no_sweep_has_seen_yet_waits(province):
    province.register(on="2024-07-22")

    found = the_account(province, "2024-07-24")

    assert found.outcomes == {"waiting": 1}
    assert found.unexplained == ()


def _lose(session: Any) -> None:
    lost = select(_RUNG.c.id).where(_RUNG.c.rung == "-5wd")
    session.execute(delete(_NOTICE).where(_NOTICE.c.rung.in_(lost)))
    session.execute(delete(_RUNG).where(_RUNG.c.rung == "-5wd"))


def _hush(session: Any) -> None:
    session.execute(delete(_NOTICE))


def _invent(session: Any) -> None:
    row = dict(session.execute(select(_RUNG).limit(1)).one()._mapping)
    session.execute(insert(_RUNG).values(row | {"id": 1, "rung": "-3wd", "outcome": "void"}))


def _shift(session: Any) -> None:
    session.execute(update(_RUNG).where(_RUNG.c.rung == "-5wd").values(due_version=9))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [(_lose, {"missing"}), (_hush, {"unheard"}), (_invent, {"unforeseen"}), (_shift, {"missing", "unforeseen"})],
)
def test_a_ledger_that_was_tampered_with_does_not_add_up(province, wrong: Callable[[Any], None], told):
    province.register(on="2024-07-22")
    swept(province, "2024-07-24", "2024-07-30", "2024-07-31")
    assert the_account(province, "2024-07-31").unexplained == ()

    with as_owner(province.database) as owner, owner.writing() as session:
        wrong(session)

    assert {r.outcome for r in the_account(province, "2024-07-31").unexplained} == told


def test_nobody_is_pressed_for_an_answer_while_the_clock_stands_still(province: Province) -> None:
    code = province.register(on="2024-04-15").dossier
    province.difficulty(code, "xa", on="2024-04-16")
    province.pause(code, "huyen", on="2024-04-17")

    standing_still = the_account(province, "2024-06-03").unexplained
    province.resume(code, "huyen", on="2024-06-03")
    province.sweep("2024-06-20")

    assert standing_still == ()
    assert the_account(province, "2024-06-20").unexplained == ()
