"""Keeps what a soak run did: one line of JSON per run in the file that `DOSSIER_SOAK_RESULT` names.

Tests add lines of their own there (seeds, counts); the plugin's says which commit was soaked, and how every test ended.
"""

import fcntl
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest


def keep(told: Mapping[str, Any]) -> None:
    """Add a line, if this run has such a file."""
    file = os.environ.get("DOSSIER_SOAK_RESULT")  # noqa: TID251  # a setting of the test run, not of the engine
    if file:
        with Path(file).open("a", encoding="utf-8") as result:
            fcntl.flock(result, fcntl.LOCK_EX)
            result.write(json.dumps(told) + "\n")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After everything ran, in the process that saw it all."""
    if hasattr(config, "workerinput"):
        return
    ended = {
        report.nodeid: [outcome, round(report.duration)]
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    }
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S607
    keep({"run": "soak", "commit": commit, "tests": ended, "failed": len(terminalreporter.stats.get("failed", []))})
