"""A witness: every rule of C2SP tlog-witness, strict requests, and never two roots of one size."""

import itertools
import shutil
from pathlib import Path

import pytest

from dossier_engine.errors import MemoryDamaged, WitnessRefuses
from dossier_engine.notary import memory
from dossier_engine.notary.keys import SigningKey, check
from dossier_engine.notary.request import Request
from dossier_engine.notary.witness import Witness
from dossier_engine.rules.note import Note, cosigned_at, parse_signatures, sign
from tests.notary.logs import ORIGIN, OTHER_SEED, Log, a_key, a_log, a_witness

NOW = 1_733_700_000


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return a_key(tmp_path)


@pytest.fixture
def witness(tmp_path: Path, key: SigningKey) -> Witness:
    return a_witness(tmp_path, key)


def refused(witness: Witness, request: bytes) -> tuple[str, int | None]:
    before = witness.state.read_bytes()
    with pytest.raises(WitnessRefuses) as refusal:
        witness.answer(request, now=NOW)
    assert witness.state.read_bytes() == before
    return refusal.value.why, refusal.value.size


def test_growth_is_cosigned_and_remembered(witness, key):
    log = a_log()

    lines = [witness.answer(log.request(old, new, key), now=NOW + new) for old, new in ((0, 5), (5, 5), (5, 33))]

    for size, line in zip((5, 5, 33), lines, strict=True):
        note = Note(log.at(size).text(), parse_signatures(line))
        assert cosigned_at(note, witness.key.public, check) == NOW + size
    assert memory.read(witness.state).checkpoints == {ORIGIN: log.at(33)}


def test_logs_are_remembered_each_by_itself(tmp_path, key):
    other = a_key(tmp_path, "another-log/1", OTHER_SEED)
    witness = a_witness(tmp_path, key, other)

    witness.answer(a_log().request(0, 9, key), now=NOW)
    witness.answer(a_log(origin="another-log/1").request(0, 4, other), now=NOW)

    assert {origin: c.size for origin, c in memory.read(witness.state).checkpoints.items()} == {
        ORIGIN: 9,
        "another-log/1": 4,
    }


def test_a_log_may_be_empty_at_first(witness, key):
    log = a_log()

    assert all(witness.answer(log.request(0, size, key), now=NOW) for size in (0, 0, 3))


def test_who_begins_elsewhere_is_told_the_size_that_was_cosigned(witness, key):
    log = a_log()
    witness.answer(log.request(0, 12, key), now=NOW)

    assert refused(witness, log.request(0, 20, key)) == ("another_size", 12)
    assert refused(witness, log.request(13, 20, key)) == ("another_size", 12)
    assert refused(witness, log.request(5, 5, key)) == ("another_size", 12)


def test_another_history_is_not_cosigned(witness, key):
    log = a_log()
    witness.answer(log.request(0, 12, key), now=NOW)

    assert refused(witness, log.forked(6).request(12, 20, key)) == ("not_proven", None)
    assert refused(witness, log.forked(6).request(12, 12, key)) == ("another_root", 12)
    assert refused(witness, bytes(Request.of(12, (), log.note(20, key)))) == ("not_proven", None)
    assert refused(witness, bytes(Request.of(12, (b"x" * 32,), log.note(12, key)))) == ("not_proven", None)


def test_nothing_is_to_be_proven_of_the_empty_log(witness, key):
    assert refused(witness, bytes(Request.of(0, (b"x" * 32,), a_log().note(20, key)))) == ("not_proven", None)


def test_only_logs_it_knows_and_that_have_signed_are_cosigned(tmp_path, witness, key):
    log, stranger = a_log(), a_key(tmp_path / "strange", seed=OTHER_SEED)
    unknown = a_key(tmp_path, "another-log/1")
    text = log.at(3).text()
    forged = Note(text, (sign(text, key.public, stranger.sign),))
    both = Note(text, (*log.note(3, stranger).signatures, *log.note(3, key).signatures))

    assert refused(witness, a_log(origin="another-log/1").request(0, 3, unknown)) == ("log_unknown", None)
    assert refused(witness, log.request(0, 3, stranger)) == ("log_has_not_signed", None)
    assert refused(witness, bytes(Request.of(0, (), forged))) == ("log_has_not_signed", None)
    assert witness.answer(bytes(Request.of(0, (), both)), now=NOW)


MALFORMED = [
    lambda r: r[:0],
    lambda r: r[:-1],
    lambda r: r + b"\n",
    lambda r: r.replace(b"old 5", b"old 05"),
    lambda r: r.replace(b"old 5", b"old -5"),
    lambda r: r.replace(b"old 5", b"old  5"),
    lambda r: r.replace(b"old 5", b"Old 5"),
    lambda r: r.replace(b"old 5", b"old 6"),
    lambda r: r.replace(b"old 5", b"old 99"),
    lambda r: r.replace(b"old 5\n", b"old 5\r\n"),
    lambda r: r.replace(b"old 5\n", b"old 5\n\n"),
    lambda r: r.replace(b"old 5\n", b"old 5\n!!!!\n"),
    lambda r: r.replace(b"old 5\n", b"old 5\nAAAA\n"),
    lambda r: r.replace(b"old 5\n", b"old 5\n" + (b"A" * 43 + b"=\n") * 64),
    lambda r: r.replace(b"old 5", b"old \xff"),
    lambda r: r.replace(ORIGIN.encode() + b"\n", b"two words\n", 1),
    lambda r: r.replace(b"\n\n", b"\n"),
    lambda r: r + b"\xe2\x80\x94 x " + b"A" * 70_000 + b"\n",
]


@pytest.mark.parametrize("spoil", MALFORMED)
def test_a_request_in_any_other_form_is_refused(spoil, witness, key):
    log = a_log()
    witness.answer(log.request(0, 5, key), now=NOW)

    why, _ = refused(witness, spoil(log.request(5, 9, key)))

    assert why in ("request_malformed", "another_size")  # one may say another number in the right form
    assert (why == "another_size") == (spoil is MALFORMED[7])


def test_a_damaged_or_lost_memory_signs_nothing(witness, key):
    request = a_log().request(0, 5, key)
    witness.state.write_bytes(b"")

    with pytest.raises(MemoryDamaged):
        witness.answer(request, now=NOW)
    witness.state.unlink()
    with pytest.raises(MemoryDamaged):
        witness.answer(request, now=NOW)


def test_an_old_copy_of_its_memory_costs_a_question_and_still_knows_what_it_knew(tmp_path, witness, key):
    log = a_log()
    witness.answer(log.request(0, 10, key), now=NOW)
    shutil.copy(witness.state, tmp_path / "old")
    witness.answer(log.request(10, 20, key), now=NOW)
    shutil.copy(tmp_path / "old", witness.state)

    assert refused(witness, log.request(20, 30, key)) == ("another_size", 10)
    assert refused(witness, log.forked(4).request(10, 30, key)) == ("not_proven", None)
    assert witness.answer(log.request(10, 30, key), now=NOW)


@pytest.mark.slow
def test_of_every_order_of_two_histories_one_is_cosigned(tmp_path, key):
    log = a_log(8)
    tellings = [(log, 4), (log.forked(3), 4), (log, 6), (log.forked(3), 6), (log.forked(5), 6), (log.forked(5), 8)]
    for n, order in enumerate(itertools.permutations(tellings, 4)):
        witness = a_witness(tmp_path / str(n), key)

        signed = [(one.at(size).root, size) for one, size in order if _tried(witness, one, size, key)]

        assert len({size for _, size in signed}) == len(set(signed)) > 0


def _tried(witness: Witness, log: Log, size: int, key: SigningKey) -> bool:
    """Whether the witness cosigns, asked as its own answer says it wants to be."""
    old = 0
    for _ in range(2):
        try:
            witness.answer(log.request(old, size, key), now=NOW)
        except WitnessRefuses as refusal:
            if refusal.size is None or refusal.size > size:
                return False
            old = refusal.size
        else:
            return True
    return False
