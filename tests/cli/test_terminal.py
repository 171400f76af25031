"""In a terminal of its own: another code page, a pipe, no person to ask, a limit on start-up, an interrupt."""

import os
import pty
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.cli.lines import AT_DISTRICT, CHANGING, REGISTERED
from tests.cli.terminal import held

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DOSSIER = "from dossier_engine.cli import main; main()"
WAIT = 60


def environment(home: Path, **settings: str) -> Mapping[str, str]:
    return {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "DOSSIER_HOME": str(home), **settings}


def child(home: Path, *words: str, program: str = DOSSIER, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """`dossier` in a process of its own, with pipes for its streams and nobody at its input."""
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env=environment(home, **settings), stdin=subprocess.DEVNULL, capture_output=True, timeout=WAIT, check=False,
    )  # fmt: skip


def test_bytes_that_are_no_text_are_bad_input_and_write_nothing(home):
    before = held(home)

    said = subprocess.run(
        [sys.executable, "-c", DOSSIER, "withdraw", REGISTERED, "--as", "xa2", "--reason", b"kh\xf4ng \xff"],
        env=environment(home), stdin=subprocess.DEVNULL, capture_output=True, timeout=WAIT, check=False,
    )  # fmt: skip

    assert (said.returncode, said.stdout) == (7, b"")
    assert "kh?ng ?" in said.stderr.decode()
    assert held(home) == before


@pytest.mark.parametrize("code_page", ["cp1258", "ascii"])
def test_vietnamese_leaves_as_utf_8_whatever_the_code_page(code_page, home):
    helped = child(home, "--help", PYTHONIOENCODING=code_page)
    listed = child(home, "list", PYTHONIOENCODING=code_page)
    refused = child(home, "show", "HD-2024-NC-0999", PYTHONIOENCODING=code_page)

    assert "Cách dùng" in helped.stdout.decode("utf-8")
    assert "Xã Cẩm Hưng" in listed.stdout.decode("utf-8")
    assert "DỮ LIỆU MINH HỌA" in listed.stderr.decode("utf-8")
    assert "Không có hồ sơ" in refused.stderr.decode("utf-8")


def test_a_pipe_gets_one_line_a_row_with_tabs_between(home):
    header, *rows = child(home, "list").stdout.decode().splitlines()

    assert header.startswith("Mã\tĐơn vị\tHuyện\t")
    assert {row.count("\t") for row in rows} == {header.count("\t")}


def test_a_terminal_gets_a_table_in_which_no_code_is_cut(home):
    reader, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", DOSSIER, "list"],
        env=environment(home, COLUMNS="70", TERM="xterm"), stdin=subprocess.DEVNULL, stdout=terminal, check=False,
        stderr=subprocess.DEVNULL, timeout=WAIT,
    )  # fmt: skip
    os.close(terminal)
    with open(reader, "rb") as screen:  # noqa: PTH123  # a descriptor, not a path
        shown = screen.read1(100_000).decode()

    assert done.returncode == 0
    assert AT_DISTRICT in shown
    assert "\t" not in shown


def test_a_reader_who_leaves_is_no_error_worth_a_traceback(home):
    with subprocess.Popen(
        [sys.executable, "-c", DOSSIER, "locality", "list"],
        env=environment(home), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.close()
        _, told = process.communicate(timeout=WAIT)

    assert b"Traceback" not in told


@pytest.mark.parametrize("line", [f"withdraw {REGISTERED}", "register Cẩm-Hoàng", "init", "person add", "record"])
def test_nobody_is_ever_asked_anything(line, home):
    with subprocess.Popen(
        [sys.executable, "-c", DOSSIER, *line.split()],
        env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        code = process.wait(timeout=WAIT)  # its input stays open, so a question would wait for ever

    assert code in (0, 2)


def test_help_does_without_the_database_layer(home):
    heavy = {"sqlalchemy", "sqlmodel", "alembic", "psycopg", "pydantic", "rich", "transitions", "yaml"}
    program = (
        "import sys; from dossier_engine.cli import run; run(['--help']); "
        f"sys.exit(','.join({{m.partition('.')[0] for m in sys.modules}} & {heavy}))"
    )

    done = child(home, program=program)

    assert done.stderr.decode().strip() == ""
    assert "LỆNH" in done.stdout.decode()


def test_help_starts_within_the_promised_half_second(home, capsys):
    took, worked = [], []
    for _ in range(5):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        child(home, "--help")
        took.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        worked.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    with capsys.disabled():
        told = f"{statistics.median(took):.2f} s, of them {statistics.median(worked):.2f} s at work"
        sys.stderr.write(f"\ndossier --help, median of 5: {told}; promised 0.50 s\n")
    assert statistics.median(worked) < 0.5
    assert min(took) < 0.9  # neighbours may take the machine for a while


def test_an_interrupt_ends_with_130_and_says_so(home, tmp_path):
    pipe = tmp_path / "list.csv"
    os.mkfifo(pipe)
    program = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {DOSSIER}"
    with subprocess.Popen(
        [sys.executable, "-c", program, "import", "registrations", str(pipe), "--as", "huyen"],
        env=environment(home), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        writer = _opened(pipe)  # now the command reads, and would wait for the end of the list
        try:
            told = _interrupted(process)
        finally:
            process.kill()
            os.close(writer)

    assert process.returncode == 130
    assert "Đã ngắt" in told.decode()
    assert "Traceback" not in told.decode()


def _interrupted(process: "subprocess.Popen[bytes]") -> bytes:
    """What it says when it is interrupted, as often as it takes: Python loses one at the wrong moment."""
    for _ in range(WAIT):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=1)[1]
    raise TimeoutError(process.args)


def _opened(pipe: Path) -> int:
    """The writing end of `pipe`, once somebody reads it."""
    for _ in range(WAIT * 50):
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(pipe)


def test_a_full_disk_is_a_refusal_and_nothing_is_written(home):
    limit = 40_000  # room to begin in, but not for all that a change writes
    program = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); {DOSSIER}"

    done = child(home, "pause", AT_DISTRICT, "--as", "huyen", "--reason", "x", "--json", program=program)

    with closing(sqlite3.connect(home / "dossier.db")) as connection:
        ((paused,),) = connection.execute("SELECT count(*) FROM dossier WHERE paused_on IS NOT NULL").fetchall()
    assert done.returncode == 9
    assert b"disk_full" in done.stderr
    assert paused == 1  # the one that stood still before


def test_a_database_that_can_only_be_read_is_not_written(home):
    """Everything is imported first: the account without rights may be shut out from Python itself."""
    with tempfile.TemporaryDirectory(prefix="dossier-") as name:  # pytest's own folders are closed to others
        file = Path(shutil.copy(home / "dossier.db", name))
        program = f"""
import os, shlex, sys
from dossier_engine.cli import run
change = shlex.split({CHANGING["pause"]!r})
run([*change, "--dry-run"])
os.chmod({str(file)!r}, 0o444)
os.chmod({name!r}, 0o555)
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run([*change, "--json"]))
"""
        done = child(Path(name), program=program)
        Path(name).chmod(0o755)

    assert done.returncode == 9, done.stderr.decode()
    assert b'"why": "read_only"' in done.stderr or b'"why": "cannot_open"' in done.stderr
