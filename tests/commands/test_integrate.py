"""Bringing history into the log: every entry once and each stream in its order, whoever does it and how often."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from sqlalchemy import Connection, event, select

from dossier_engine.commands.integrate import Integrated, integrate
from dossier_engine.records import log
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.merkle import (
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.makers import LUONG_DIEN, Province

_HISTORY, _LEAF, _PENDING = TABLES["history"], TABLES["log_leaf"], TABLES["log_pending"]


def integrated(province: Province, most: int = 5_000) -> Integrated:
    with province.writing() as session:
        return integrate(session, rng=random.Random(5), most=most)


def in_order(conn: Connection) -> list[bytes]:
    """The leaf hashes of the log, by the entries they are of."""
    same = (_HISTORY.c.stream == _LEAF.c.stream) & (_HISTORY.c.seq == _LEAF.c.seq)
    return list(conn.execute(select(_HISTORY.c.leaf).join(_LEAF, same).order_by(_LEAF.c.idx)).scalars())


def whole(province: Province) -> log.State:
    """The log, after seeing that it holds every entry of history once and its root is theirs."""
    with province.database.reading() as session:
        conn = session.connection()
        found, leaves = log.state(conn), in_order(conn)
        placed = conn.execute(select(_LEAF).order_by(_LEAF.c.idx)).all()
        history = set(conn.execute(select(_HISTORY.c.stream, _HISTORY.c.seq)))
        waiting = set(conn.execute(select(_PENDING)))
    assert found is not None
    assert [row.idx for row in placed] == list(range(found.size))
    assert {(row.stream, row.seq) for row in placed} | waiting == history
    assert found.root == root(leaves)
    for stream in {row.stream for row in placed}:
        seqs = [row.seq for row in placed if row.stream == stream]
        assert seqs == list(range(1, len(seqs) + 1))
    return found


def test_every_entry_waits_until_it_is_integrated_and_then_stands_in_the_log(province):
    code = province.register().dossier

    first = integrated(province)
    province.record(code, "xa", "commune_vote", {"vote": {"agree": 19, "present": 20}}, on="2024-06-01")
    second = integrated(province)

    assert second == Integrated(1, first.size + 1)
    assert whole(province).size == second.size
    assert integrated(province) == Integrated(0, second.size)


def test_batches_make_the_same_log_as_one_step_would(province):
    province.register()
    province.register("xa2", LUONG_DIEN)

    steps = [integrated(province, most=7)]
    while steps[-1].added == 7:
        steps.append(integrated(province, most=7))

    assert whole(province).size == sum(step.added for step in steps) == steps[-1].size


def test_the_log_keeps_its_name_and_what_it_proved_before(province):
    province.register()
    integrated(province)
    earlier = whole(province)
    province.register("xa2", LUONG_DIEN)
    integrated(province)

    later = whole(province)

    with province.database.reading() as session:
        conn = session.connection()
        grown = log.nodes(conn, consistency_nodes(earlier.size, later.size))
        proof = consistency_proof(earlier.size, later.size, grown)
        place = log.place(conn, "dossier/HD-2024-NC-0002", 1)
        assert place is not None
        path = inclusion_proof(place, later.size, log.nodes(conn, inclusion_nodes(place, later.size)))
        leaf = in_order(conn)[place]
        assert log.place(conn, "dossier/HD-2024-NC-0002", 2) is None
    assert earlier.origin == later.origin
    assert verify_consistency(earlier.size, earlier.root, later.size, later.root, proof)
    assert verify_inclusion(leaf, place, later.size, path, later.root)


def test_what_is_not_committed_leaves_the_log_as_it_was(province):
    province.register()
    integrated(province)
    before = whole(province)
    province.register("xa2", LUONG_DIEN)

    with province.writing(commit=False) as session:
        integrate(session, rng=random.Random(5))

    assert whole(province) == before
    assert integrated(province).added == 1


@contextmanager
def failing_at(province: Province, nth: int) -> Iterator[None]:
    """The `nth` statement from here on is not carried out."""
    seen = 0

    def refuse(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == nth:
            raise ConnectionError("cut")

    event.listen(province.database._writer, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(province.database._writer, "before_cursor_execute", refuse)


def test_wherever_a_step_is_cut_the_log_is_whole_and_the_next_one_goes_on(province):
    province.register()
    integrated(province)
    cut = 0
    for nth in range(1, 30):
        before = whole(province)
        try:
            with failing_at(province, nth):
                integrated(province)
        except ConnectionError:
            cut += 1
            assert whole(province) == before
        else:
            break

    assert cut >= 3
    assert not integrated(province).added


def test_several_at_once_while_others_write_hold_every_entry_once(province):
    code = province.register().dossier
    failures: list[BaseException] = []

    def again_and_again() -> None:
        try:
            for _ in range(12):
                integrated(province, most=3)
        except BaseException as error:  # noqa: BLE001  # told to the test, which runs in another thread
            failures.append(error)

    threads = [Thread(target=again_and_again) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(12):
        province.record(code, "xa", "commune_vote", {"vote": {"agree": 10 + n, "present": 30}}, on="2024-06-01")
    for thread in threads:
        thread.join()
    integrated(province)

    assert failures == []
    assert not [stream for stream, _ in waiting_in(province)]
    whole(province)


def waiting_in(province: Province) -> list[tuple[str, int]]:
    with province.database.reading() as session:
        return [(row.stream, row.seq) for row in session.connection().execute(select(_PENDING))]


# SQLite has one writer at a time: nothing can commit late.
@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_an_entry_that_commits_after_later_ones_were_integrated_is_not_missed(province):
    code, other = province.register().dossier, province.register("xa2", LUONG_DIEN).dossier
    integrated(province)

    with province.writing() as late:
        late.connection().exec_driver_sql(
            "INSERT INTO history SELECT stream, seq + 1, kind, actor, recorded_at, NULL, NULL, leaf, entry FROM history"
            f" WHERE stream = 'dossier/{code}'"
        )
        province.record(other, "xa2", "commune_vote", {"vote": {"agree": 19, "present": 20}}, on="2024-06-01")
        assert integrated(province).added == 1

    assert integrated(province).added == 1
