"""Files that cannot be read or written, disks that are full: a refusal that says so, nothing written, no harm done."""

import os
import random
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from dossier_engine.errors import DatabaseUnavailable, DossierError, SchemaDiffers
from dossier_engine.queries.audit import verify
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.records.tables import TABLES
from tests.makers import Province, a_province, the_law
from tests.rigs.racing import PROCESSES

NOBODY = 65534
CODE = "HD-2024-NC-0001"

Restrict = Callable[[], None]
Prepare = Callable[[], Callable[[], object]]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may enter; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="dossier-", dir="/tmp") as name:
        found = Path(name)
        found.chmod(0o777)
        yield found
        for each in (found, *found.rglob("*")):
            each.chmod(0o755)


@pytest.fixture
def province(folder: Path) -> Iterator[Province]:
    """A province with one dossier in a file, which nobody has open."""
    (folder / "data").mkdir()
    database = Database(f"sqlite:///{folder / 'data' / 'dossier.db'}")
    upgrade(database)
    found = a_province(database)
    assert found.register().dossier == CODE
    database.close()
    yield found
    database.close()


def as_nobody() -> None:
    """Without the rights of whoever runs the tests, if these are root's."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def with_files_of_at_most(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def vote(province: Province) -> None:
    province.record(CODE, "xa", "commune_vote", {"vote": {"agree": 18, "present": 20}}, on="2024-07-22")


def attempt(restrict: Restrict, prepare: Prepare) -> tuple[int, DossierError]:
    """In a process of its own, do what `prepare` gives over and over under a restriction.

    How often it went well, and the refusal that ended it. What is prepared before needs no right afterwards: the
    account may be shut out from this project and from Python itself.
    """
    near, far = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_try, args=(restrict, prepare, far))
    process.start()
    far.close()
    assert near.poll(60), "no answer"
    done, refusal = near.recv()
    process.join()
    assert isinstance(refusal, DossierError), refusal
    return done, refusal


def _try(restrict: Restrict, prepare: Prepare, lane: "Connection[Any, Any]") -> None:
    act = prepare()
    restrict()
    done = 0
    try:
        while done < 1_000:
            act()
            done += 1
    except DossierError as refusal:
        lane.send((done, refusal))
    except Exception as error:  # noqa: BLE001 -- whatever it is, the test must hear of it
        lane.send((done, repr(error)))
    else:
        lane.send((done, "no refusal"))


def to_write(url: str, people: Mapping[str, str]) -> Callable[[], None]:
    province = Province(Database(url), dict(people), the_law(), random.Random(1))
    return lambda: vote(province)


def to_read(url: str) -> Callable[[], None]:
    database = Database(url)

    def read() -> None:
        with database.reading():
            pass

    return read


def to_make(url: str) -> Callable[[], object]:
    return partial(upgrade, Database(url))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entries(province: Province) -> int:
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()
        return int(session.execute(select(func.count()).select_from(TABLES["history"])).scalar_one())


CLOSED = {
    "a file that may only be read": (0o444, 0o555, "read_only"),
    "a folder that may only be read": (0o666, 0o555, "read_only"),
    "a file of somebody else's": (0o000, 0o777, "cannot_open"),
    "a folder of somebody else's": (0o666, 0o000, "cannot_open"),
}


@pytest.mark.parametrize("what", CLOSED)
def test_what_others_closed_is_refused_with_the_reason_and_stays_as_it_was(province: Province, what: str) -> None:
    file_mode, folder_mode, why = CLOSED[what]
    file = Path(str(province.database.url.database))
    before = contents(file.parent)
    file.chmod(file_mode)
    file.parent.chmod(folder_mode)

    url = str(province.database.url)
    tries = [attempt(as_nobody, act) for act in (partial(to_write, url, province.people), partial(to_read, url))]

    file.parent.chmod(0o755)
    file.chmod(0o644)
    assert [(done, type(refusal), refusal.facts["why"]) for done, refusal in tries] == [
        (0, DatabaseUnavailable, why)
    ] * 2
    assert contents(file.parent) == before
    vote(province)


@pytest.mark.parametrize("size", [0, 4_000, 20_000, 40_000, 100_000, 300_000])
def test_a_full_disk_is_refused_with_the_reason_and_costs_no_entry_and_no_half_of_one(
    province: Province, size: int
) -> None:
    before = entries(province)
    province.database.close()

    writing = partial(to_write, str(province.database.url), province.people)
    done, refusal = attempt(partial(with_files_of_at_most, size), writing)

    assert (type(refusal), refusal.facts["why"]) == (DatabaseUnavailable, "disk_full")
    assert entries(province) == before + done
    vote(province)
    assert entries(province) == before + done + 1


@pytest.mark.slow
def test_a_database_that_another_program_keeps_locked_is_busy(province: Province) -> None:
    before = entries(province)

    with closing(sqlite3.connect(str(province.database.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable) as refused:
            vote(province)

    assert refused.value.facts["why"] == "busy"
    assert entries(province) == before


def torn(file: Path) -> None:
    """A stretch of the file overwritten, as a broken disk may do."""
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * 40_000 + whole[40_100:])


@pytest.mark.parametrize("spoil", [torn, lambda file: file.write_bytes(b"Ho so " * 1_000)], ids=["torn", "another"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    province: Province, spoil: Callable[[Path], None]
) -> None:
    file = Path(str(province.database.url.database))
    spoil(file)
    before = contents(file.parent)

    for act in (vote, entries):
        with pytest.raises(DatabaseUnavailable) as refused:
            act(province)
        assert refused.value.facts["why"] == "not_a_database"

    province.database.close()
    assert contents(file.parent) == before


@pytest.mark.parametrize("place", ["other.db", "nowhere/dossier.db"])
def test_a_name_that_was_mistyped_makes_no_file(folder: Path, place: str) -> None:
    database = Database(f"sqlite:///{folder / place}")

    assert database.revision() is None
    for transaction in (database.writing, database.reading):
        with pytest.raises(SchemaDiffers) as refused, transaction():
            pass
        assert refused.value.facts["why"] == "not_initialised"
    assert list(folder.iterdir()) == []


def test_a_place_where_no_database_can_be_made_is_refused(folder: Path) -> None:
    folder.chmod(0o555)

    _, refusal = attempt(as_nobody, partial(to_make, f"sqlite:///{folder / 'new' / 'dossier.db'}"))

    assert (type(refusal), refusal.facts["why"]) == (DatabaseUnavailable, "cannot_open")
