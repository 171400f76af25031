"""The check of the log: whatever is altered in it, or was signed of another, is named."""

import random

import pytest

from dossier_engine.commands.integrate import integrate
from dossier_engine.queries import logged
from dossier_engine.queries.audit import verify
from dossier_engine.records import log
from dossier_engine.rules.note import Checkpoint, Note, sign
from tests.makers import LUONG_DIEN, Province, at
from tests.rigs.ownership import as_owner
from tests.verifier.forging import THE_LOG

pytestmark = pytest.mark.slow

NOW = at("2024-12-02")
OTHER_NODE = "UPDATE log_node SET hash = (SELECT hash FROM log_node WHERE level = 0 AND idx = 9) WHERE {}"


@pytest.fixture
def kept(province: Province) -> Province:
    """Two dossiers, of which the log holds everything but the registration of the second; signed once."""
    province.register()
    with province.writing() as session:
        integrate(session, rng=random.Random(1))
        sign_it(session.connection())
    province.register("xa2", LUONG_DIEN)
    return province


def sign_it(conn, root: bytes | None = None, size: int | None = None) -> None:
    held = log.state(conn)
    text = Checkpoint(held.origin, size or held.size, root or held.root).text()
    note = bytes(Note(text, (sign(text, THE_LOG.key, THE_LOG.private.sign),))).decode()
    log.keep(conn, held.origin, size or held.size, note, NOW)


def findings(province: Province) -> list[tuple[str, str]]:
    with province.database.reading() as session:
        found = [(f.where, f.code) for f in verify(session, province.law).findings]
        assert [(f.where, f.code) for f in logged.verify(session.connection())] == found
    return found


def altered(province: Province, *statements: str) -> Province:
    with as_owner(province.database) as owner, owner.writing() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
    return province


def test_a_log_that_is_behind_is_sound(kept):
    assert findings(kept) == []


def test_a_log_before_its_beginning_is_sound(province):
    province.register()

    assert findings(province) == []


@pytest.mark.parametrize(
    ("statement", "where", "code"),
    [
        ("DELETE FROM log_pending", "dossier/HD-2024-NC-0002 #1", "not_in_log"),
        ("DELETE FROM log_leaf WHERE idx = 7", "log #7", "log_differs"),
        ("UPDATE log_leaf SET seq = 900 WHERE idx = 7", "log #7", "log_differs"),
        (OTHER_NODE.format("level = 0 AND idx = 7"),
         "log #7", "log_differs"),
        (OTHER_NODE.format("level = 2 AND idx = 1"),
         "log #7", "log_differs"),
        ("DELETE FROM log_node WHERE level = 1 AND idx = 3", "log #7", "log_differs"),
        ("INSERT INTO log_node SELECT level, idx + 500, hash FROM log_node WHERE level = 0 AND idx = 1", "log #{size}",
         "log_differs"),
        ("UPDATE log SET size = size - 1", "log #{less}", "log_differs"),
        ("UPDATE log SET root = (SELECT hash FROM log_node WHERE level = 0 AND idx = 9)", "log #{size}", "log_differs"),
        ("UPDATE log SET frontier = root", "log #{size}", "log_differs"),
        ("DELETE FROM log", "log #0", "log_differs"),
    ],
)  # fmt: skip
def test_what_was_altered_in_the_log_is_named(kept, statement, where, code):
    with kept.database.reading() as session:
        size = log.state(session.connection()).size

    altered(kept, statement)

    named = (where.format(size=size, less=size - 1), code)
    assert named in findings(kept)


@pytest.mark.parametrize("beyond", [0, 5])
def test_a_note_signed_over_another_root_is_named(kept, beyond):
    with kept.writing() as session:
        size = log.state(session.connection()).size
        sign_it(session.connection(), root=b"\7" * 32, size=size + beyond)

    assert findings(kept) == [(f"checkpoint #{size + beyond}", "checkpoint_differs")]


@pytest.mark.parametrize("column", ["note", "size"])
def test_a_note_that_is_none_or_of_another_size_is_named(kept, column):
    value = {"note": "'x'", "size": "3"}[column]

    altered(kept, f"UPDATE checkpoint SET {column} = {value}")

    [(_, code)] = findings(kept)
    assert code == "checkpoint_differs"


def test_a_sample_finds_what_it_meets_and_nothing_in_a_sound_log(kept):
    def sampled(most: int) -> set[tuple[str, str]]:
        with kept.database.reading() as session:
            return {(f.where, f.code) for f in logged.sample(session, rng=random.Random(3), most=most)}

    assert sampled(30) == set()
    altered(kept, OTHER_NODE.format("level = 0 AND idx = 8"))
    found = sampled(500)
    assert found == {("log #9", "log_differs")}  # whose proof passes by it


@pytest.mark.parametrize(
    ("statement", "where"),
    [("DELETE FROM log_node WHERE level = 0 AND idx = 8", "log #9"), ("DELETE FROM log_leaf WHERE idx = 8", "log #8")],
)
def test_a_sample_names_what_is_gone(kept, statement, where):
    altered(kept, statement)

    with kept.database.reading() as session:
        found = {f.where for f in logged.sample(session, rng=random.Random(3), most=500)}

    assert found == {where}


def test_a_sample_of_nothing_is_sound(province):
    with province.database.reading() as session:
        assert logged.sample(session, rng=random.Random(3), most=5) == []
