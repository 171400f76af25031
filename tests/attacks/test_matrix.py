"""Every attack is seen at the level where it must be, and by what must see it; and at no level before."""

from pathlib import Path

import pytest

from tests.attacks.auditing import has_another_log, judge
from tests.attacks.matrix import ATTACKS
from tests.attacks.places import Copies, a_copy, on_postgres, on_sqlite

pytestmark = pytest.mark.slow  # A province, two witnesses and a bundle for every attack.

LEFT_THE_TREE = {"A1", "A1b", "A2", "A10"}  # these rewrite history, and not the log over it


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """A house of each kind to copy."""
    folder = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        return on_sqlite(folder)
    return on_postgres(request.getfixturevalue("postgres"), folder)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_seen_where_it_must_be(copies: Copies, tmp_path: Path, name: str) -> None:
    with a_copy(copies, tmp_path) as house:
        given = ATTACKS[name].forge(house)

        seen, unfit = judge(house, given), has_another_log(house)

    assert seen == ATTACKS[name].seen
    assert unfit == (name in LEFT_THE_TREE)
