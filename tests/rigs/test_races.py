"""Real processes that do the same thing at the same instant: exactly one wins, and the others hear why not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from dossier_engine.commands.desk import Receipt
from dossier_engine.records import dossiers
from dossier_engine.records.tables import TABLES
from tests.makers import LUONG_DIEN, Province
from tests.rigs.racing import Result, racers
from tests.rigs.tries import (
    assert_intact,
    kinds,
    move,
    opened,
    ready_to_assess,
    registration,
    sent_back,
    vote,
    withdraw,
)  # fmt: skip

_HISTORY = TABLES["history"]


def entries(province: Province) -> int:
    with province.database.reading() as session:
        return int(session.execute(select(func.count()).select_from(_HISTORY)).scalar_one())


def version_of(province: Province, code: str) -> int:
    with province.database.reading() as session:
        return int(dossiers.read(session.connection(), code).version)


@pytest.mark.asvs("V2.3.4")
@pytest.mark.parametrize("pinned", [True, False], ids=["of the same version", "without a version"])
def test_of_two_advances_at_once_exactly_one_wins(province: Province, rounds: range, pinned: bool) -> None:
    code = ready_to_assess(province)
    with racers(2, province.database) as field:
        for _ in rounds:
            version = version_of(province, code) if pinned else None
            tried = move(province, code, "xa", "self_assess", expected_version=version)

            results = field.race(tried, tried)

            assert kinds(results) == {"Receipt": 1, "StaleVersion" if pinned else "NotPossible": 1}
            sent_back(province, code)
    assert_intact(province)


def assert_one_effect(results: Sequence[Result]) -> None:
    assert kinds(results) == {"Receipt": 6}
    receipts = [each for each in results if isinstance(each, Receipt)]
    assert [each.replayed for each in receipts].count(False) == 1
    assert all(replace(each, replayed=False) == replace(receipts[0], replayed=False) for each in receipts)


def test_one_key_six_times_at_once_records_once_and_answers_six_times(province: Province, rounds: range) -> None:
    code = ready_to_assess(province)
    with racers(6, province.database) as field:
        for turn in rounds:
            before = entries(province)

            results = field.race(*[vote(province, code, 18, f"vote-{turn}")] * 6)

            assert_one_effect(results)
            assert entries(province) == before + 1
    assert_intact(province)


def test_one_key_six_times_at_once_moves_once_and_answers_six_times(province: Province, rounds: range) -> None:
    code = ready_to_assess(province)
    with racers(6, province.database) as field:
        for turn in rounds:
            before = entries(province)

            results = field.race(*[move(province, code, "xa", "self_assess", key=f"move-{turn}")] * 6)

            assert_one_effect(results)
            assert entries(province) == before + 1
            sent_back(province, code)
    assert_intact(province)


def test_one_key_six_times_at_once_registers_once_and_answers_six_times(province: Province, rounds: range) -> None:
    code = ""
    with racers(6, province.database) as field:
        for turn in rounds:
            if code:
                withdraw(province, code)
            before = entries(province)

            results = field.race(*[registration(province, "xa", 2024, key=f"register-{turn}")] * 6)

            assert_one_effect(results)
            assert entries(province) == before + 1
            code = opened(results)[0]
            assert code == f"HD-2024-NC-{turn + 1:04d}"
    assert_intact(province)


def test_one_key_for_two_requests_at_once_serves_one_and_refuses_the_other(province: Province, rounds: range) -> None:
    first = ready_to_assess(province)
    second = province.register(year=2025, on="2024-04-15").dossier
    with racers(2, province.database) as field:
        for turn in rounds:
            key = f"shared-{turn}"

            results = field.race(vote(province, first, 18, key), vote(province, second, 18, key))

            assert kinds(results) == {"Receipt": 1, "KeyReused": 1}
    assert_intact(province)


def test_of_two_registrations_of_one_locality_at_once_exactly_one_wins(province: Province, rounds: range) -> None:
    with racers(2, province.database) as field:
        for _ in rounds:
            results = field.race(registration(province, "xa", 2024), registration(province, "huyen", 2024))

            assert kinds(results) == {"Receipt": 1, "AlreadyOpen": 1}
            withdraw(province, *opened(results))
    assert_intact(province)


def test_two_communes_that_register_at_once_get_two_codes_with_no_number_between_them(
    province: Province, rounds: range
) -> None:
    codes: list[str] = []
    with racers(2, province.database) as field:
        for _ in rounds:
            results = field.race(
                registration(province, "xa", 2024), registration(province, "xa2", 2024, locality=LUONG_DIEN)
            )

            assert kinds(results) == {"Receipt": 2}
            codes += sorted(opened(results))
            for handle, code in zip(("xa", "xa2"), opened(results), strict=True):
                withdraw(province, code, handle=handle)
    assert codes == [f"HD-2024-NC-{n:04d}" for n in range(1, len(codes) + 1)]
    assert_intact(province)
