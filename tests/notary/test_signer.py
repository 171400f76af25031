"""The signer: it signs growth, the same again, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from dossier_engine.errors import SignerRefuses
from dossier_engine.notary import memory
from dossier_engine.notary.keys import SigningKey, check
from dossier_engine.notary.signer import sign_next
from dossier_engine.rules.note import Checkpoint, Note, is_signed
from tests.notary.logs import ORIGIN, OTHER_SEED, Log, a_key, a_log

NEXT = "dossier-log/abcd/2"


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    memory.begin(tmp_path / "memory")
    return a_key(tmp_path)


def signed(folder: Path, key: SigningKey, log: Log, size: int, *, restart: bool = False) -> Note:
    with memory.held(folder / "memory") as held:
        return sign_next(held, key, log.at(size), log.prove, restart=restart)


def refused(folder: Path, key: SigningKey, log: Log, size: int, *, restart: bool = False) -> str:
    before = (folder / "memory").read_bytes()
    with pytest.raises(SignerRefuses) as refusal:
        signed(folder, key, log, size, restart=restart)
    assert (folder / "memory").read_bytes() == before
    return str(refusal.value.facts["why"])


def test_it_signs_a_log_that_grows_and_remembers_it(tmp_path, key):
    log = a_log()

    notes = [signed(tmp_path, key, log, size) for size in (1, 2, 7, 8, 33)]

    assert [Checkpoint.parse(note.text) for note in notes] == [log.at(size) for size in (1, 2, 7, 8, 33)]
    assert all(is_signed(note, key.public, check) for note in notes)
    assert memory.read(tmp_path / "memory").last == log.at(33)


def test_the_same_may_be_signed_again_and_an_empty_log_grows_too(tmp_path, key):
    log = a_log()

    assert signed(tmp_path, key, log, 0) == signed(tmp_path, key, log, 0)
    assert signed(tmp_path, key, log, 5) == signed(tmp_path, key, log, 5)


def test_a_log_that_was_cut_or_rewritten_is_never_signed(tmp_path, key):
    log = a_log()
    signed(tmp_path, key, log, 20)

    assert refused(tmp_path, key, log, 19) == "rolled_back"
    assert refused(tmp_path, key, log, 0) == "rolled_back"
    assert refused(tmp_path, key, log.forked(12), 20) == "forked"
    assert refused(tmp_path, key, log.forked(12), 30) == "forked"
    assert refused(tmp_path, key, log.forked(19), 40) == "forked"
    assert signed(tmp_path, key, log, 21)


def test_a_proof_that_cannot_be_given_is_none(tmp_path, key):
    log = a_log()
    signed(tmp_path, key, log, 20)

    with memory.held(tmp_path / "memory") as held, pytest.raises(SignerRefuses):
        sign_next(held, key, log.at(30), lambda _old, _size: ())


def test_another_log_is_signed_only_when_it_was_begun_after_the_last_and_one_says_so(tmp_path, key):
    signed(tmp_path, key, a_log(), 20)
    new = a_key(tmp_path, NEXT, OTHER_SEED)
    log, strange = a_log(origin=NEXT), a_log(origin="dossier-log/efgh/2")

    assert refused(tmp_path, new, log, 3) == "another_log"
    assert refused(tmp_path, a_key(tmp_path, strange.origin), strange, 3, restart=True) == "another_log"
    assert signed(tmp_path, new, log, 3, restart=True)
    assert refused(tmp_path, key, a_log(), 21, restart=True) == "another_log"
    assert signed(tmp_path, new, log, 4)


def test_a_key_signs_the_log_it_was_made_for(tmp_path, key):
    assert refused(tmp_path, key, a_log(origin=NEXT), 3) == "key_of_another_log"


def test_two_signers_who_tell_it_differently_sign_one_history(tmp_path, key):
    command = [sys.executable, "-m", "tests.notary.rivals", str(tmp_path)]
    racing = [subprocess.Popen([*command, which], stdout=subprocess.PIPE, text=True) for which in ("true", "false")]

    lines = [line.split() for signer in racing for line in signer.communicate(timeout=60)[0].splitlines()]

    assert [signer.returncode for signer in racing] == [0, 0]
    signed = {(int(size), root) for verdict, size, root in lines if verdict == "signed"}
    assert len({size for size, _ in signed}) == len(signed) > 0
    assert {verdict for verdict, _, _ in lines} == {"signed", "refused"}
    assert key.public.name == ORIGIN
