"""The folder of evidence files: what is in it is whole, under its SHA-256, and for its owner alone."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.errors import BadInput, FileDamaged, FileMissing, FileRefused, FilesUnavailable, FileTooLarge
from dossier_engine.files import store
from tests.files.making import a_pdf, an_office_with

LIMIT = 2**20
SHA = sha256(a_pdf()).hexdigest()


def kept(folder: Path, content: bytes, *, size: int = 7, limit: int = LIMIT) -> str:
    """Put `content` there, in chunks."""
    chunks = (content[n : n + size] for n in range(0, len(content), size))
    with store.received(folder, chunks, limit=limit) as file:
        file.keep()
    return file.sha256


def found(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_kept_under_its_sha256_for_its_owner_alone(tmp_path):
    folder = tmp_path / "files"
    before = os.umask(0)

    try:
        digest = kept(folder, a_pdf())
    finally:
        os.umask(before)

    place = folder / SHA[:2] / SHA[2:4] / SHA
    assert digest == SHA
    assert found(folder) == {str(place.relative_to(folder)): a_pdf()}
    assert [mode(p) for p in (place, place.parent, place.parent.parent, folder)] == [0o600, 0o700, 0o700, 0o700]
    with store.opened(folder, SHA) as file:
        assert file.read() == a_pdf()


def test_what_arrives_is_told_before_it_is_kept_and_gone_if_it_is_not(tmp_path):
    with store.received(tmp_path, [a_pdf()], limit=LIMIT) as file:
        arriving = [*found(tmp_path)]

    assert (file.sha256, file.size, file.media_type) == (SHA, len(a_pdf()), "application/pdf")
    assert [name.startswith(store.ARRIVING) for name in arriving] == [True]
    assert found(tmp_path) == {}


def test_a_file_that_is_there_is_not_written_again(tmp_path):
    kept(tmp_path, a_pdf())
    place = tmp_path / SHA[:2] / SHA[2:4] / SHA
    before = place.stat().st_ino

    kept(tmp_path, a_pdf())

    assert place.stat().st_ino == before
    assert len(found(tmp_path)) == 1


def test_a_damaged_file_is_neither_given_out_nor_put_right_in_silence(tmp_path):
    kept(tmp_path, a_pdf())
    place = tmp_path / SHA[:2] / SHA[2:4] / SHA
    place.write_bytes(b"x")

    with pytest.raises(FileDamaged) as read:
        store.opened(tmp_path, SHA)
    with pytest.raises(FileDamaged) as written:
        kept(tmp_path, a_pdf())

    assert read.value.facts == written.value.facts == {"sha256": SHA, "actual": sha256(b"x").hexdigest()}
    assert place.read_bytes() == b"x"


def test_a_file_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(FileMissing) as refusal:
        store.opened(tmp_path, SHA)

    assert refusal.value.facts == {"sha256": SHA, "why": "file_gone"}


@pytest.mark.asvs("V5.2.1")
def test_reading_stops_as_soon_as_a_file_is_too_large(tmp_path):
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield bytes(1_000)

    with pytest.raises(FileTooLarge) as refusal, store.received(tmp_path, endless(), limit=10_000):
        pass

    assert refusal.value.facts == {"limit": 10_000, "megabytes": "0.00953674"}
    assert len(taken) == 11
    assert found(tmp_path) == {}


def test_a_file_of_the_limit_itself_is_kept(tmp_path):
    assert kept(tmp_path, a_pdf(), limit=len(a_pdf())) == SHA


def test_what_is_refused_leaves_nothing(tmp_path):
    with pytest.raises(FileRefused):
        kept(tmp_path, an_office_with({"word/vbaProject.bin": b"x"}))

    assert found(tmp_path) == {}


def test_who_brings_a_file_and_fails_leaves_nothing(tmp_path):
    def broken() -> Iterator[bytes]:
        yield a_pdf()
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError), store.received(tmp_path, broken(), limit=LIMIT):
        pass

    assert found(tmp_path) == {}


def test_a_folder_that_cannot_be_made_is_said_to_be_closed(tmp_path):
    (tmp_path / "files").write_text("no folder")

    for refused in (lambda: kept(tmp_path / "files", a_pdf()), lambda: store.opened(tmp_path / "files", SHA)):
        with pytest.raises(FilesUnavailable) as refusal:
            refused()
        assert refusal.value.facts == {"folder": str(tmp_path / "files"), "why": "folder_closed"}


def test_a_full_disk_is_said_to_be_full(tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(FilesUnavailable) as refusal:
        kept(tmp_path, a_pdf())

    assert refusal.value.facts["why"] == "disk_full"
    assert found(tmp_path) == {}


@pytest.mark.asvs("V5.3.2")
@given(
    st.text()
    | st.from_regex(r"\A(\.\./|/|\\|[a-f0-9]{2}/){1,8}etc/passwd\Z")
    | st.text("0123456789abcdefg/.", max_size=63)
)
def test_no_name_but_a_sha256_is_looked_up(tmp_path_factory, name):
    with pytest.raises(BadInput) as refusal:
        store.opened(tmp_path_factory.getbasetemp(), name)

    assert refusal.value.facts["why"] == "not_sha256"


def test_many_at_once_keep_one_file(tmp_path):
    threads = [threading.Thread(target=kept, args=(tmp_path, a_pdf())) for _ in range(16)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(found(tmp_path).values()) == [a_pdf()]


KILLED = """
import os, signal, sys
from pathlib import Path
from dossier_engine.files import store
from tests.files.making import a_pdf
step, folder = sys.argv[1], Path(sys.argv[2])
def chunks():
    yield a_pdf()[:9]
    step == "while it arrives" and os.kill(os.getpid(), signal.SIGKILL)
    yield a_pdf()[9:]
with store.received(folder, chunks(), limit=2**20) as file:
    step == "before it is kept" and os.kill(os.getpid(), signal.SIGKILL)
    if step == "before it has its name":
        Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    file.keep()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("step", ["while it arrives", "before it is kept", "before it has its name", "after"])
def test_a_kill_leaves_nothing_under_a_sha256_that_is_not_whole(step, tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, step, str(tmp_path)], check=False)

    named = {name: content for name, content in found(tmp_path).items() if not name.startswith(store.ARRIVING)}
    assert done.returncode == -signal.SIGKILL
    assert list(named.values()) == ([a_pdf()] if step == "after" else [])
    assert kept(tmp_path, a_pdf()) == SHA  # and it can be brought again
