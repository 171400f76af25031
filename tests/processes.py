"""The programs of one installation, found by its folder, and waiting for what they do."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

PATIENCE_SECONDS = 60.0


def programs(home: Path) -> dict[int, str]:
    """The command line of every live process of that folder, by its id; this one left out.

    Its environment names the folder, or it works in it: a Valkey writes its title over its environment.
    """
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            works_in = (folder / "cwd").readlink()
        except OSError:  # it ended meanwhile
            continue
        belongs = f"DOSSIER_HOME={home}".encode() in environment or works_in.is_relative_to(home)
        if belongs and line and int(folder.name) != os.getpid():
            found[int(folder.name)] = line
    return found


def kill(home: Path, what: str) -> None:
    """SIGKILL the program itself, not its tether, whose command line has `what` in it: the oldest one."""
    first = min(pid for pid, line in programs(home).items() if what in line and "config.running.tether" not in line)
    os.kill(first, signal.SIGKILL)


def until(holds: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until that is true, or fail saying what never came."""
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, f"never: {what}"
        sleep(0.1)
