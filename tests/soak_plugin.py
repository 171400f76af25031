"""Keeps what a soak run did, in the file that `DOSSIER_SOAK_RESULT` names: a line of JSON for every test as it ends.

Tests add lines of their own (seeds, counts).
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


class _Endings:
    """Keeps how each test ended as it ends, with the commit: a run that is cut short leaves what it did."""

    def __init__(self, commit: str) -> None:
        self._commit = commit

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """In the process that hears of all tests."""
        if report.when == "call" or report.failed:
            told = {"test": report.nodeid, "outcome": report.outcome, "seconds": round(report.duration)}
            keep({**told, "commit": self._commit})


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607
        config.pluginmanager.register(_Endings(found.stdout.strip()))
