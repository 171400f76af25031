"""Lists come in order, page by page, for whoever sees a commune and for whoever sees the whole province.

Expected is what plain Python says of the same rows: no date stands after every date, equal dates by code.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import Session

from dossier_engine.queries.deadlines import due_until
from dossier_engine.queries.listing import Filter, Order, listing
from dossier_engine.records.scope import EVERYTHING, Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.law import Law
from tests.makers import CAM_HUNG, LUONG_DIEN, Province, at
from tests.rigs.ownership import as_owner
from tests.rigs.plans import explained, in_order

DOSSIER, DEADLINE, LOCALITY = TABLES["dossier"], TABLES["deadline"], TABLES["locality"]
REGISTERED = at("2024-04-15")
TODAY, UNTIL = date(2024, 7, 24), date(2024, 8, 30)
DAYS = (None, date(2024, 7, 1), date(2024, 7, 31), date(2024, 8, 30), date(2024, 9, 30))
ABOUT = ("", "", "so-y-te", "so-tu-phap")
PROVINCE, DISTRICT, DEPARTMENT = Scope(("30/",)), Scope(("30/295/",)), Scope((), (("30/", "so-y-te"),))
SCOPES = (EVERYTHING, PROVINCE, DISTRICT, DEPARTMENT, Scope(("30/295/",), (("30/", "so-y-te"),)), Scope(()))
HOLDERS = (("commune_officer",), ("dard_appraiser", "district_reviewer"), ("auditor",))


@dataclass(frozen=True)
class Made:
    """Rows as they were written; all that is expected is worked out from them."""

    dossiers: list[dict[str, Any]]
    deadlines: list[dict[str, Any]]

    def of(self, scope: Scope) -> list[dict[str, Any]]:
        return [d for d in self.dossiers if sees(scope, d)]

    def due(self, scope: Scope) -> list[tuple[date, str, str]]:
        seen = {d["id"]: d for d in self.of(scope) if d["paused_on"] is None}
        return sorted(
            (one["due_on"], seen[one["dossier"]]["code"], one["key"])
            for one in self.deadlines
            if one["dossier"] in seen and one["stage_seq"] == 2 and one["met_on"] is None and one["due_on"] <= UNTIL
        )


def sees(scope: Scope, dossier: dict[str, Any]) -> bool:
    if scope.paths is None or dossier["territory"].startswith(scope.paths):
        return True
    return any(dossier["territory"].startswith(p) and dossier["office"] in ("", o) for p, o in scope.departments)


def made(province: Province, many: int) -> Made:
    """Dossiers of two communes of one district, one of another and the province, in every state there is."""
    first = province.register().dossier
    workflow, rng = province.law.named("commune-advanced"), random.Random(7)
    with province.writing() as session:
        conn = session.connection()
        template = dict(conn.execute(select(DOSSIER).where(DOSSIER.c.code == first)).one()._mapping)
        units = conn.execute(select(LOCALITY.c.id, LOCALITY.c.path).where(
            LOCALITY.c.code.in_(("30", CAM_HUNG, LUONG_DIEN, "10549")))).all()  # fmt: skip
        dossiers, deadlines = [], []
        for number in rng.sample(range(many), many):
            unit, state = rng.choice(units), rng.choice(list(workflow.states.values()))
            due_on = None if state.final else rng.choice(DAYS)
            dossiers.append(template | {
                "id": 1000 + number, "code": f"T-{rng.randrange(10**9):09}-{number}", "locality": unit.id,
                "territory": unit.path, "target_year": 3000 + number, "stage_seq": 2, "seq": 2, "version": 2,
                "state": state.key, "is_open": not state.final, "holder_role": state.holder, "due_on": due_on,
                "office": rng.choice(ABOUT), "paused_on": rng.choice((None, None, None, TODAY)),
                "recorded_at": REGISTERED + timedelta(days=rng.randrange(9)),
            })  # fmt: skip
            limited = [r.key for r, _ in workflow.asked_in(state.key).values() if r.limit]
            keys = {key: f"requirement:{key}" for key in limited} | ({state.key: "transition:return_to_commune"} if
                   due_on and rng.random() < 0.2 else {state.key: f"state:{state.key}"} if due_on else {})  # fmt: skip
            for key, rule in keys.items():
                day = due_on if key == state.key else rng.choice(DAYS[1:])
                met = None if key == state.key else rng.choice((None, None, TODAY))
                deadlines.append(deadline(1000 + number, 2, key, rule, day, met))
            for key, rule in (("registered", "state:registered"), ("review_report", "requirement:review_report")):
                deadlines.append(deadline(1000 + number, 1, key, rule, rng.choice(DAYS[1:]), None))
        conn.execute(insert(DOSSIER), dossiers)
        conn.execute(insert(DEADLINE), deadlines)
        mine = conn.execute(select(DEADLINE).where(DEADLINE.c.dossier == template["id"])).all()
    return Made([template, *dossiers], [*deadlines, *({**m._mapping, "stage_seq": 2} for m in mine)])


def deadline(dossier: int, stage: int, key: str, rule: str, due_on: date | None, met_on: date | None) -> dict[str, Any]:
    return {
        "dossier": dossier, "stage_seq": stage, "key": key, "rule": rule, "start_on": date(2024, 4, 15),
        "due_on": due_on, "due_version": 1, "set_at": REGISTERED, "met_on": met_on,
    }  # fmt: skip


def walked(page: Callable[[Any], list[Any]], place: Callable[[Any], Any]) -> list[Any]:
    """All pages, one after the other, to the end."""
    found: list[Any] = []
    while rows := page(place(found[-1]) if found else None):
        assert rows[0] not in found, "a page begins again"
        found += rows
    return found


@pytest.fixture
def crowd(province: Province) -> Made:
    return made(province, 400)


@pytest.mark.parametrize("descending", [False, True])
def test_pages_of_what_is_due_first_add_up_to_everything_in_scope_sorted(
    province: Province, crowd: Made, descending: bool
) -> None:
    for scope in SCOPES:
        for holders in (*HOLDERS, ()):
            wanted = Filter(holders=holders, is_open=True)
            expected = sorted(
                (d["due_on"] or date.max, d["code"]) for d in crowd.of(scope)
                if d["is_open"] and (not holders or d["holder_role"] in holders)
            )  # fmt: skip

            with province.database.reading() as session:
                found = walked(
                    lambda after, scope=scope, wanted=wanted, session=session: listing(
                        session, province.law, scope, wanted, today=TODAY, limit=7, after=after,
                        order=Order("due_on", descending=descending),
                    ),
                    lambda line: line.place,
                )  # fmt: skip

            assert [(line.due_on or date.max, line.code) for line in found] == expected[:: -1 if descending else 1]


def test_pages_of_deadlines_add_up_to_every_open_one_in_scope_sorted(province: Province, crowd: Made) -> None:
    for scope in SCOPES:
        with province.database.reading() as session:
            found = walked(
                lambda after, scope=scope, session=session: due_until(
                    session, province.law, scope, UNTIL, today=TODAY, limit=7, after=after
                ),
                lambda row: (row[1].due_on, row[0].code, row[1].key),
            )

        assert [(one.due_on, line.code, one.key) for line, one in found] == crowd.due(scope)


def test_all_deadlines_at_once_are_the_same_as_page_by_page(province: Province, crowd: Made) -> None:
    with province.database.reading() as session:
        found = due_until(session, province.law, PROVINCE, UNTIL, today=TODAY)

    assert [(one.due_on, line.code, one.key) for line, one in found] == crowd.due(PROVINCE)
    assert len({one.due_on for _, one in found}) > 1
    assert {one.key for _, one in found} > {"registered", "announcement", "review_report"}


def test_pages_of_what_was_finished_last_add_up_to_all_of_it_sorted(province: Province, crowd: Made) -> None:
    since = REGISTERED + timedelta(days=3)
    for scope in SCOPES:
        over = [d for d in crowd.of(scope) if not d["is_open"] and d["recorded_at"] >= since]

        with province.database.reading() as session:
            found = walked(
                lambda after, scope=scope, session=session: listing(
                    session, province.law, scope, Filter(is_open=False, updated_since=since), today=TODAY, limit=7,
                    after=after, order=Order("updated_at", descending=True),
                ),
                lambda line: line.place,
            )  # fmt: skip

        expected = sorted(((d["recorded_at"], d["code"]) for d in over), reverse=True)
        assert [line.code for line in found] == [code for _, code in expected]


def due_first(session: Session, law: Law, after: Any) -> list[Any]:
    wanted = Filter(holders=HOLDERS[1], is_open=True)
    place = None if after is None else (after.due_on.isoformat(), after.code)
    return listing(session, law, PROVINCE, wanted, today=TODAY, limit=7, order=Order("due_on"), after=place)


def finished_last(session: Session, law: Law, after: Any) -> list[Any]:
    order, wanted = Order("updated_at", descending=True), Filter(is_open=False, updated_since=REGISTERED)
    place = None if after is None else (REGISTERED.isoformat(), after.code)
    return listing(session, law, PROVINCE, wanted, today=TODAY, limit=7, order=order, after=place)


def by_code(session: Session, law: Law, after: Any) -> list[Any]:
    place = None if after is None else ("", after.code)
    return listing(session, law, PROVINCE, Filter(), today=TODAY, limit=7, after=place)


def deadlines(session: Session, law: Law, after: Any) -> list[Any]:
    place = None if after is None else (after.due_on, after.code, after.state.key)
    found = due_until(session, law, PROVINCE, UNTIL, today=TODAY, limit=7, after=place)
    return [line for line, one in found if one.key == line.state.key]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("question", "index", "times"),
    [
        (due_first, "dossier_held", 4),
        (finished_last, "dossier_over", 1),
        (by_code, "dossier_code_key|sqlite_autoindex_dossier_1", 1),
        (deadlines, "dossier_held", 6),
    ],
)
def test_whoever_sees_the_province_waits_for_no_sorting_of_all_of_it(
    province: Province, question: Callable[..., list[Any]], index: str, times: int
) -> None:
    with as_owner(province.database) as owner, owner.migrating() as conn:
        conn.exec_driver_sql("ANALYZE")

    first = None
    for _ in range(2):  # the first page, and the one after a place
        found, (plan, *_) = explained(
            province.database, lambda session, after=first: question(session, province.law, after)
        )
        first = found[0]

        assert in_order(plan, index) == times, plan


def test_roles_that_hold_all_and_nothing_wait_for_no_sorting_either(province: Province, crowd: Made) -> None:
    wanted = Filter(holders=("auditor", "commune_officer"), is_open=True)
    with as_owner(province.database) as owner, owner.migrating() as conn:
        conn.execute(update(DOSSIER).where(DOSSIER.c.is_open).values(holder_role="commune_officer"))
        conn.exec_driver_sql("ANALYZE")  # which says that an index by holder narrows nothing

    found, (plan, *_) = explained(
        province.database,
        lambda session: listing(session, province.law, PROVINCE, wanted, today=TODAY, limit=7, order=Order("due_on")),
    )

    expected = sorted((d["due_on"] or date.max, d["code"]) for d in crowd.of(PROVINCE) if d["is_open"])
    assert [line.code for line in found] == [code for _, code in expected[:7]]
    assert in_order(plan, "dossier_held") == 4, plan
