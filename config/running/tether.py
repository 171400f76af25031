"""Runs one program for as long as somebody holds the other end of its standard input (`-m config.running.tether …`).

Whoever started it may be killed without a word; then the pipe ends, and the program ends with all its children. They
are a process group of their own, so that Ctrl-C in a terminal reaches the supervisor alone, which ends things in order.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

GRACE_SECONDS = 15  # for a task to be finished


def main(command: Sequence[str]) -> int:
    """Run `command` and return its exit code, or end with the whole group when the tether was cut."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program, cut = subprocess.Popen(command, stdin=subprocess.DEVNULL), threading.Event()  # noqa: S603  # as asked
    threading.Thread(target=_end_when_cut, args=[program, cut], daemon=True).start()
    code = program.wait()
    if cut.is_set():
        _end_group()
    return code if code >= 0 else 128 - code


def _end_when_cut(program: "subprocess.Popen[bytes]", cut: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    cut.set()
    program.terminate()
    with suppress(subprocess.TimeoutExpired):
        program.wait(GRACE_SECONDS)
    _end_group()


def _end_group() -> None:
    """A worker has children of its own, and it may have been too late for them to end."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
