"""What was signed last: whole after a crash at any point, refused when damaged or missing, one holder at a time."""

import random
import signal
import subprocess
import sys
from time import sleep

import pytest

from dossier_engine.errors import AlreadyThere, FileInUse, MemoryDamaged
from dossier_engine.notary import files, memory
from tests.notary.logs import a_log
from tests.rigs.scale import times


def test_what_is_remembered_is_there_for_the_next(tmp_path):
    one, other = a_log().at(7), a_log(origin="another/3").at(9)
    memory.begin(tmp_path / "m" / "memory")

    with memory.held(tmp_path / "m" / "memory") as held:
        held.remember(one)
        held.remember(other)

    found = memory.read(tmp_path / "m" / "memory")
    assert found.checkpoints == {one.origin: one, "another/3": other}
    assert (tmp_path / "m" / "memory").stat().st_mode & 0o777 == 0o600


def test_one_log_may_take_the_place_of_another(tmp_path):
    one, other = a_log().at(7), a_log(origin="dossier-log/abcd/2").at(1)
    memory.begin(tmp_path / "memory")

    with memory.held(tmp_path / "memory") as held:
        nothing = held.last
        held.remember(one)
        held.remember(other, instead_of=one.origin)

    assert nothing is None
    assert memory.read(tmp_path / "memory").last == other


def test_a_signer_does_not_take_a_witness_s_memory_for_its_own(tmp_path):
    memory.begin(tmp_path / "memory")
    with memory.held(tmp_path / "memory") as held:
        held.remember(a_log().at(7))
        held.remember(a_log(origin="another/3").at(9))

        with pytest.raises(MemoryDamaged) as refusal:
            _ = held.last

    assert refusal.value.facts["why"] == "several_logs"


def test_a_memory_is_begun_once(tmp_path):
    memory.begin(tmp_path / "memory")

    with pytest.raises(AlreadyThere):
        memory.begin(tmp_path / "memory")


def test_every_byte_of_it_counts(tmp_path):
    path = tmp_path / "memory"
    memory.begin(path)
    with memory.held(path) as held:
        held.remember(a_log().at(7))
    whole = path.read_bytes()
    spoilt = [whole[:n] for n in range(len(whole))]
    spoilt += [whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(len(whole))]
    spoilt += [whole + b"\n", whole + whole, b"\xff" * 10]

    for data in spoilt:
        path.write_bytes(data)
        with pytest.raises(MemoryDamaged) as refusal:
            memory.read(path)
        assert refusal.value.facts["why"] == "memory_differs"
        assert path.read_bytes() == data


def test_a_missing_one_is_not_an_empty_one(tmp_path):
    with pytest.raises(MemoryDamaged) as refusal, memory.held(tmp_path / "memory"):
        pass

    assert refusal.value.facts["why"] == "memory_missing"


def test_only_one_holds_it(tmp_path):
    memory.begin(tmp_path / "memory")

    with memory.held(tmp_path / "memory"), pytest.raises(FileInUse), files.held(tmp_path / "memory", patience=0.1):
        pass


@pytest.mark.slow
def test_nothing_that_left_is_forgotten_however_the_signer_is_killed(tmp_path):
    rng, log = random.Random(3), a_log(2_000)
    memory.begin(tmp_path / "memory")
    left = 0
    for _ in range(times(30)):
        command = [sys.executable, "-m", "tests.notary.forgetful", str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as signer:
            assert signer.stdout is not None
            left = max(left, int(signer.stdout.readline()))  # it is at work
            sleep(rng.uniform(0, 0.02))
            signer.send_signal(signal.SIGKILL)
            said = [int(line) for line in signer.stdout.read().split("\n")[:-1]]

        known = memory.read(tmp_path / "memory").last

        left = max([left, *said])
        assert known is not None
        assert known == log.at(known.size)
        assert known.size >= left
    assert left > 60
