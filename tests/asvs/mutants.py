"""`make asvs-mutants`: in a copy of the program, take one control away at a time and see that its test fails."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 60
_COPIED = ("dossier_engine", "workflows", "config", "tasks", "tests", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is taken away: `control` in `file` becomes `instead`, which `test` must notice."""

    item: str
    file: str
    control: str
    instead: str
    test: str


MUTANTS = (
    Mutant(
        "V8.2.2", "dossier_engine/api/call.py",
        "scope = scope_of(session.connection(), who.person, legal_day(now))", "scope = EVERYTHING",
        "tests/api/test_dossiers.py::test_outside_the_scope_there_is_nothing",
    ),
    Mutant(
        "V15.3.3", "dossier_engine/api/shapes.py",
        'model_config = ConfigDict(extra="forbid", str_max_length=4000)', 'model_config = ConfigDict(extra="ignore")',
        "tests/api/test_problems.py::test_what_is_not_named_is_not_taken",
    ),
    Mutant(
        "V16.5.1", "dossier_engine/api/problems.py",
        "    if status >= _OUTAGE:\n        return {", "    if status > 599:\n        return {",
        "tests/api/test_problems.py::test_a_database_that_is_gone_is_an_outage_that_may_end",
    ),
    Mutant(
        "V16.3.2", "dossier_engine/api/call.py",
        "                elif is_noted:\n", "                elif not is_noted:\n",
        "tests/api/test_reads_noted.py::test_what_they_look_at_is_noted_without_the_words_they_typed",
    ),
    Mutant(
        "V7.4.1", "dossier_engine/rules/sessions.py",
        "now < seen_at + IDLE and now < created_at + ABSOLUTE", "now < created_at + ABSOLUTE",
        "tests/config/test_signing_in.py::test_a_session_ends_at_the_second_when_nobody_uses_it",
    ),
    Mutant(
        "V1.3.6", "dossier_engine/channels/webhook.py",
        "return is_secure and ip.is_global and not ip.is_multicast", "return is_secure",
        "tests/channels/test_webhook.py::test_a_name_that_leads_to_an_address_which_is_not_public_is_refused",
    ),
    Mutant(
        "V2.3.4", "dossier_engine/commands/desk.py",
        "act.expected_version != row.version", "act.expected_version > row.version",
        "tests/api/test_dossiers.py::test_of_two_who_looked_at_the_same_version_one_is_told_what_changed",
    ),
    Mutant(
        "V6.3.1", "dossier_engine/rules/throttle.py",
        "    if over <= 0:\n", "    if over <= 100_000:\n",
        "tests/config/test_guessing.py::test_guesses_from_one_place_are_looked_at_ever_more_slowly",
    ),
    Mutant(
        "V6.3.3", "dossier_engine/rules/authority.py",
        'SECOND_FACTOR = ("dard_appraiser", "decision_clerk", "administrator")', 'SECOND_FACTOR = ("decision_clerk",)',
        "tests/config/test_signing_in.py::test_a_role_that_decides_needs_the_code_of_a_phone",
    ),
    Mutant(
        "V5.2.1", "dossier_engine/files/store.py",
        "        if size > limit:\n", "        if size < 0:\n",
        "tests/files/test_store.py::test_reading_stops_as_soon_as_a_file_is_too_large",
    ),
)  # fmt: skip


def noticed(mutant: Mutant) -> bool:
    """Whether the test passes on a copy as it is, and fails on one without the control."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        sound = _passes(copy, mutant.test)
        path = copy / mutant.file
        path.write_text(path.read_text("utf-8").replace(mutant.control, mutant.instead), "utf-8")
        return sound and not _passes(copy, mutant.test)


def _passes(copy: Path, test: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not postgres", test]
    environment = {**os.environ, "PYTHONPATH": str(copy)}  # noqa: TID251  # the copy before what is installed
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:  # without its control it goes on for ever
        return False
    if done.returncode not in {0, 1}:  # neither passed nor failed: the test was not run
        raise RuntimeError(done.stdout + done.stderr)
    return done.returncode == 0


def main() -> int:
    """Tell of each mutant whether it was noticed; 1 if one was not."""
    missed = 0
    for mutant in MUTANTS:
        found = noticed(mutant)
        missed += not found
        told = "noticed" if found else "NOT noticed"
        print(f"{mutant.item:<8} {told:<11} {mutant.file} by {mutant.test}", flush=True)  # noqa: T201  # its table
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
