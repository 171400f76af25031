"""One `dossier up` a folder: the lock is refused while it is held, and never after its holder died."""

import subprocess
import sys

import pytest

from config.running.lock import held, noted
from dossier_engine.errors import AlreadyRunning


def test_a_lock_that_is_held_is_refused_and_its_note_can_be_read(tmp_path):
    with held(tmp_path / "home") as note:
        note.write("redis://127.0.0.1:1/0")
        note.flush()

        assert noted(tmp_path / "home") == "redis://127.0.0.1:1/0"
        with pytest.raises(AlreadyRunning), held(tmp_path / "home"):
            pass
        assert noted(tmp_path / "home") == "redis://127.0.0.1:1/0"


def test_a_lock_that_was_given_back_is_there_for_the_next_and_says_nothing(tmp_path):
    with held(tmp_path) as note:
        note.write("redis://127.0.0.1:1/0")

    assert noted(tmp_path) is None
    with held(tmp_path):
        pass


def test_a_lock_dies_with_its_holder(tmp_path):
    code = f"""
import pathlib, time
from config.running.lock import held
with held(pathlib.Path({str(tmp_path)!r})):
    print("held", flush=True)
    time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning), held(tmp_path):
            pass

        process.kill()

    with held(tmp_path):
        pass


def test_nothing_is_noted_where_nothing_ran(tmp_path):
    assert noted(tmp_path) is None
