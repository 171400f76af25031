"""A province that is served: a real server on a port of its own, and people with tokens who ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.browsers import Browsers
from tests.api.serving import Served, later, served
from tests.databases import Prepared
from tests.makers import Province


@pytest.fixture
def api(province: Province, tmp_path: Path) -> Iterator[Served]:
    """The province behind a server, on 20 April 2024; nothing is registered."""
    with served(province, tmp_path) as found:
        yield found


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def inhabited(
    request: pytest.FixtureRequest, copies: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browsers]:
    """A served province where some have accounts; hashing is slow, so that the cases share it."""
    home = tmp_path_factory.mktemp("served")
    database = copies.database(request, home, inhabited=True)
    with served(copies.province(database), home) as api:
        found = Browsers(api)
        found.has_account("xa", "xa2", "so", "thanhtra", "huyen")
        yield found
    database.close()


@pytest.fixture
def people(inhabited: Browsers) -> Browsers:
    """They an hour later: failures of the case before are forgotten, and every phone shows another code."""
    later(inhabited.api, hours=1)
    return inhabited
