"""Runs one program for as long as somebody holds the other end of its standard input: `python -m config.tether …`.

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
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  # what the supervisor asked for
    cut = threading.Thread(target=_end, args=[program], daemon=True)
    cut.start()
    code = program.wait()
    return code if code >= 0 else 128 - code


def _end(program: "subprocess.Popen[bytes]") -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    program.terminate()
    with suppress(subprocess.TimeoutExpired):
        program.wait(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)  # a worker's own children too


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
