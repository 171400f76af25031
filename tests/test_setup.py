"""What a fresh clone is set up from: locks without addresses, commands that exist, a server for the second database."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import psycopg
import pytest

from tests.postgres import program_folders, started

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-bootstrap.lock", "requirements.lock", "requirements-mutants.lock")
HASHED_PIN = re.compile(r"[a-z0-9._-]+==\S+( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+")


def pins(lock: str) -> list[str]:
    """One requirement a line, as pip joins continued lines; comments left out."""
    joined = re.sub(r"\s*\\\n\s*", " ", (ROOT / lock).read_text())
    return [line for line in joined.splitlines() if not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json"])
def test_a_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_in_a_lock_is_pinned_and_has_a_hash(lock: str) -> None:
    unpinned = [line for line in pins(lock) if not HASHED_PIN.fullmatch(line)]

    assert pins(lock)
    assert unpinned == []


def test_everything_from_npm_is_pinned_and_has_a_hash() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    del locked[""]
    assert "node_modules/govuk-frontend" in locked
    assert {name for name, one in locked.items() if not one["integrity"].startswith("sha512-")} == set()


def test_the_macros_are_written_for_the_components_that_are_locked() -> None:
    components = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/govuk-frontend"]

    macros = next(pin for pin in pins("requirements.lock") if pin.startswith("govuk-frontend-jinja=="))

    assert (components["version"][:4], macros.partition(" ")[0]) == ("6.3.", "govuk-frontend-jinja==4.1.0")


def test_bootstrap_brings_the_installer_and_nothing_else() -> None:
    names = [line.partition("==")[0] for line in pins("requirements-bootstrap.lock")]

    assert names == ["uv"]


def test_the_environment_builds_the_project_with_the_backend_that_a_wheel_is_built_with() -> None:
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]

    locked = [line.partition(" ")[0] for line in pins("requirements.lock")]

    assert set(backend) <= set(locked)


@pytest.mark.parametrize("target", ["help", "run", "test", "quick", "assets", "soak", "bench", "lock", "clean"])
def test_make_knows_how_to(target: str) -> None:
    plan = subprocess.run(
        ["/usr/bin/env", "-u", "MAKEFLAGS", "make", "--dry-run", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert plan.returncode == 0, plan.stderr


def test_ci_can_run_its_script() -> None:
    script = ROOT / ".ci" / "run"

    syntax = subprocess.run(["/usr/bin/env", "bash", "-n", script], capture_output=True, text=True, check=False)

    assert os.access(script, os.X_OK)
    assert (syntax.returncode, syntax.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("programs", program_folders(), ids=str)
def test_every_postgresql_on_this_machine_can_serve_the_tests(programs: Path) -> None:
    with started(programs) as server:
        server.ensure_roles()
        database = server.create_database()
        with psycopg.connect(server.app_url(database).replace("+psycopg", "")) as connection:
            identity = connection.execute("SELECT current_user, current_database()").fetchone()

    assert identity == ("dossier_app", database)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.app_url(database).replace("+psycopg", ""))
