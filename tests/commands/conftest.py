"""Hải Dương on SQLite: prepared once, copied for each test, with one dossier in whichever state a case begins with.

The dossier is Cẩm Hưng's of 2024, `CODE`: registered on 15/04, self-assessed on 12/07, reviewed on 16/08, appraised on
10/09 and recognised on 20/09. In each state it lies as the last transition left it, with nothing of the next recorded.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dossier_engine.commands.adopt import adopt_territory
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.rules.requirements import Value
from tests.makers import SETUP, Province, a_province, at, the_bodies, the_units

CODE = "HD-2024-NC-0001"
Standing = Callable[[str], Province]


def _registered(province: Province) -> None:
    province.register(on="2024-04-15")


def _self_assessed(province: Province, code: str = CODE) -> None:
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")


def _reviewed(province: Province, code: str = CODE) -> None:
    province.bring(code, "review", on="2024-07-29", since="2024-07-12", skip=("district_posting",))
    posted: dict[str, Value] = {"period": {"from": "2024-07-30", "to": "2024-08-14"}}
    province.record(code, "huyen", "district_posting", posted, on="2024-08-14")
    province.advance(code, "huyen", "review", on="2024-08-16")


def _appraised(province: Province, code: str = CODE) -> None:
    province.bring(code, "appraise", on="2024-09-05", since="2024-08-16")
    province.advance(code, "so", "appraise", on="2024-09-10")


def _recognized(province: Province, code: str = CODE) -> None:
    province.bring(code, "recognize", on="2024-09-20", since="2024-09-10")
    province.advance(code, "vanthu", "recognize", on="2024-09-20")


STEPS = {
    "registered": _registered,
    "self_assessed": _self_assessed,
    "district_reviewed": _reviewed,
    "dard_appraised": _appraised,
    "recognized": _recognized,
}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Province:
    """The province before anything is registered; beside its file lie those of `empty`, `bare` and each state."""
    file = tmp_path_factory.mktemp("prepared") / "nothing.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()
    shutil.copy(file, file.with_name("empty.db"))
    with database.writing() as session:
        adopt_territory(session, the_units(), the_bodies(), SETUP, now=at("2024-01-02"), rng=random.Random(1))
    database.close()
    shutil.copy(file, file.with_name("bare.db"))
    province = a_province(database)
    database.close()
    for state, step in STEPS.items():
        file = Path(shutil.copy(file, file.with_name(f"{state}.db")))
        later = replace(province, database=Database(f"sqlite:///{file}"))
        step(later)
        later.database.close()
    return province


@pytest.fixture
def standing(prepared: Province, tmp_path: Path) -> Iterator[Standing]:
    """Gives a province of the test's own in which `CODE` stands in a state, or `nothing` is registered."""
    opened: list[Database] = []

    def copied(state: str) -> Province:
        template = Path(str(prepared.database.url.database)).with_name(f"{state}.db")
        opened.append(Database(f"sqlite:///{shutil.copy(template, tmp_path)}"))
        return replace(prepared, database=opened[-1], people=dict(prepared.people), rng=random.Random(2))

    yield copied
    for database in opened:
        database.close()


@pytest.fixture
def hai_duong(standing: Standing) -> Province:
    """The province with nothing registered."""
    return standing("nothing")


@pytest.fixture
def empty(standing: Standing) -> Province:
    """A migrated database with nothing in it."""
    return standing("empty")


@pytest.fixture
def bare(standing: Standing) -> Province:
    """The province's units and offices, and nobody appointed."""
    return standing("bare")
