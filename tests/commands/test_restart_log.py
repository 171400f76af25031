"""A new log after a restored backup: its first entry says what was signed and what is lost, and all history follows."""

import random

import pytest
from sqlalchemy import delete, select, update

from dossier_engine.commands.integrate import integrate
from dossier_engine.commands.keep_checkpoint import keep_checkpoint
from dossier_engine.commands.restart_log import Restarted, restart_log
from dossier_engine.errors import BadInput, LogBegun, NotAllowed
from dossier_engine.queries.audit import verify
from dossier_engine.records import log
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import parse
from dossier_engine.rules.merkle import root
from dossier_engine.rules.note import Checkpoint, Note, Signature
from dossier_engine.rules.origin import following
from tests.makers import LUONG_DIEN, Province, at
from tests.rigs.ownership import as_owner

WHY = "khôi phục bản sao lưu"
NOW = at("2024-12-09")
LEAF, HISTORY, PENDING = TABLES["log_leaf"], TABLES["history"], TABLES["log_pending"]


def signed(province: Province) -> Checkpoint:
    """The log with all of history in it, kept as if it had been signed."""
    with province.writing() as session:
        integrate(session, rng=random.Random(5))
        found = log.state(session.connection())
        assert found is not None
        state = Checkpoint(found.origin, found.size, found.root)
        keep_checkpoint(session, Note(state.text(), (Signature(found.origin, b"0000", b"x" * 64),)), now=NOW)
    return state


def restarted(province: Province, last: Checkpoint, *, by: str = "quantri", reason: str | None = WHY) -> Restarted:
    with province.writing() as session:
        return restart_log(session, last, province.act(by, reason=reason), now=NOW, rng=province.rng)


def later(last: Checkpoint, more: int) -> Checkpoint:
    """What was signed of entries that this database never saw."""
    return Checkpoint(last.origin, last.size + more, b"\x07" * 32)


def test_the_first_entry_names_what_was_signed_what_is_held_and_what_is_lost(province):
    province.register()
    known = signed(province)
    last = later(known, 3)

    done = restarted(province, last)

    with province.database.reading() as session:
        conn = session.connection()
        first = conn.execute(
            select(HISTORY.c.stream, HISTORY.c.entry).join(
                LEAF, (LEAF.c.stream == HISTORY.c.stream) & (LEAF.c.seq == HISTORY.c.seq)
            )
        ).one()
        now = log.state(conn)
    entry = parse(first.entry)
    assert done == Restarted(following(last.origin), known.size, (known.size, last.size - 1))
    assert (first.stream, entry["kind"]) == ("log/2", "log_restarted")
    assert entry["body"] == {
        "origin": last.origin,
        "size": last.size,
        "root": last.root.hex(),
        "held": known.size,
        "lost": [known.size, last.size - 1],
    }
    assert "reason" in entry["private"]
    assert now is not None
    assert (now.origin, now.size) == (done.origin, 1)


def test_everything_else_waits_and_makes_the_new_log_each_entry_once(province):
    province.register()
    last = signed(province)
    province.register("xa2", LUONG_DIEN)  # not yet in the log

    restarted(province, later(last, 1))
    state = signed(province)

    with province.database.reading() as session:
        conn = session.connection()
        leaves = conn.execute(select(LEAF).order_by(LEAF.c.idx)).all()
        hashes = {(r.stream, r.seq): r.leaf for r in conn.execute(select(HISTORY))}
        waiting = conn.execute(select(PENDING)).all()
        verdict = verify(session, province.law)
    placed = [(row.stream, row.seq) for row in leaves]
    assert (waiting, placed[0], set(placed)) == ([], ("log/2", 1), set(hashes))
    assert (state.size, state.root) == (len(hashes), root([hashes[one] for one in placed]))
    for stream in {stream for stream, _ in placed}:
        seqs = [seq for name, seq in placed if name == stream]
        assert seqs == list(range(1, len(seqs) + 1))
    assert verdict.findings == ()


def test_a_log_that_is_whole_may_be_begun_anew_and_nothing_is_lost(province):
    province.register()
    last = signed(province)

    assert restarted(province, last) == Restarted(following(last.origin), last.size, None)


def test_entries_that_were_written_after_the_restore_are_not_called_held(province):
    province.register()
    known = signed(province)
    province.register("xa2", LUONG_DIEN)
    with province.writing() as session:
        integrate(session, rng=random.Random(5))

    done = restarted(province, later(known, 1))

    assert (done.held, done.lost) == (known.size, (known.size, known.size))


@pytest.mark.parametrize(
    "spoil",
    [
        delete(TABLES["checkpoint"]),
        update(TABLES["checkpoint"]).values(note="nonsense"),
        delete(TABLES["log_node"]),
        update(TABLES["log"]).values(origin="dossier-log/efgh/1"),
    ],
    ids=["no note", "no note to read", "no nodes", "another log"],
)
def test_what_cannot_be_shown_counts_as_lost(spoil, province):
    province.register()
    known = signed(province)
    province.register("xa2", LUONG_DIEN)
    with province.writing() as session:
        integrate(session, rng=random.Random(5))
    with as_owner(province.database) as owner, owner.writing() as session:
        session.execute(spoil)

    done = restarted(province, later(known, 5))

    assert (done.held, done.lost) == (0, (0, known.size + 4))


def test_a_new_log_that_nobody_has_signed_is_not_begun_again(province):
    province.register()
    last = signed(province)
    restarted(province, last)

    with pytest.raises(LogBegun):
        restarted(province, last)

    again = signed(province)
    assert restarted(province, again).origin == following(again.origin) == following(following(last.origin))


def test_only_an_administrator_with_a_reason_may(province):
    province.register()
    last = signed(province)
    before = signed(province)

    with pytest.raises(NotAllowed):
        restarted(province, last, by="xa")
    for reason in (None, "  "):
        with pytest.raises(BadInput):
            restarted(province, last, reason=reason)

    assert signed(province) == before
