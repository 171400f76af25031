"""Entries of dossiers are searched within what somebody may see."""

from datetime import date

import pytest

from dossier_engine.queries.entries import Wanted, entries
from dossier_engine.records.scope import scope_of
from tests.makers import LUONG_DIEN, Province
from tests.rigs.ownership import as_owner
from tests.rigs.plans import explained, in_order


@pytest.mark.parametrize(("handle", "expected"), [("bcd", 2), ("huyen", 2), ("xa2", 1), ("huyen2", 0)])
def test_only_dossiers_in_scope_are_searched(province: Province, handle: str, expected: int):
    province.register()
    province.register("xa2", LUONG_DIEN)

    with province.database.reading() as session:
        scope = scope_of(session.connection(), province.people[handle], date(2024, 4, 20))
        found = entries(session, scope, Wanted(), limit=10)

    assert len(found) == expected


def test_what_was_recorded_at_the_same_instant_is_on_one_page_only(province: Province):
    for subject in ("10894", LUONG_DIEN, "10897"):
        province.register("huyen", subject)

    with province.database.reading() as session:
        scope = scope_of(session.connection(), province.people["bcd"], date(2024, 4, 20))
        first = entries(session, scope, Wanted(), limit=2)
        rest = entries(session, scope, Wanted(), limit=2, after=first[-1].place)

    assert len({one.code for one in first + rest}) == len(first + rest) == 3


@pytest.mark.parametrize("handle", ["thanhtra", "huyen"])
def test_the_newest_are_found_without_sorting_all_there_is(province: Province, handle: str):
    for subject in ("10894", LUONG_DIEN, "10897"):
        province.register("huyen", subject)
    with province.database.reading() as session:
        scope = scope_of(session.connection(), province.people[handle], date(2024, 4, 20))
    with as_owner(province.database) as owner, owner.migrating() as conn:
        conn.exec_driver_sql("ANALYZE")

    first, (plan, *_) = explained(province.database, lambda session: entries(session, scope, Wanted(), limit=2))
    rest, (next_plan, *_) = explained(
        province.database, lambda session: entries(session, scope, Wanted(), limit=2, after=first[-1].place)
    )

    assert len(first + rest) == 3
    assert [in_order(one, "history_of_dossiers") for one in (plan, next_plan)] == [1, 1], (plan, next_plan)
