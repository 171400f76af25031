"""Gives tests the fixture `postgres`: one server for the whole run, whether one process runs it or several.

Whatever names the fixture carries the marker `postgres`, so `-m "not postgres"` starts nothing. A parametrised fixture
that asks for it with `request.getfixturevalue` puts the marker on its parameter itself.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import make_url
from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

from tests.postgres import URL_VARIABLE, NoServerError, Server, running

_SHARED = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: needs a PostgreSQL server")


def pytest_itemcollected(item: pytest.Item) -> None:
    if "postgres" in getattr(item, "fixturenames", ()):
        item.add_marker("postgres")


def pytest_configure_node(node: WorkerController) -> None:
    """Before a worker starts: the controller keeps one server for all of them, and tells each where it is."""
    config = node.config
    if URL_VARIABLE in os.environ or "not postgres" in config.getoption("markexpr"):  # noqa: TID251 -- as in postgres.py
        return
    if _SHARED not in config.stash:
        config.stash[_SHARED] = _start_until_the_end(config)
    node.workerinput["postgres"] = config.stash[_SHARED]


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A server with both roles and no database of ours; skips where none can be had, but fails in CI."""
    if shared := getattr(pytestconfig, "workerinput", {}).get("postgres"):
        yield Server(make_url(shared))
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running())
        except NoServerError as error:
            if _in_ci():
                raise
            pytest.skip(str(error))
        yield server


def _start_until_the_end(config: pytest.Config) -> str:
    """The superuser's URL, or nothing: then each worker finds the reason for itself and skips with it."""
    stack = ExitStack()
    config.add_cleanup(stack.close)
    try:
        server = stack.enter_context(running())
    except NoServerError as error:
        if _in_ci():
            raise pytest.UsageError(str(error)) from error
        return ""
    return server.admin.render_as_string(hide_password=False)


def _in_ci() -> bool:
    return bool(os.environ.get("CI"))  # noqa: TID251 -- as in postgres.py
