"""A province that is served: a real server on a port of its own, and people with tokens who ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.serving import Served, served
from tests.makers import Province


@pytest.fixture
def api(province: Province, tmp_path: Path) -> Iterator[Served]:
    """The province behind a server, on 20 April 2024; nothing is registered."""
    with served(province, tmp_path) as found:
        yield found
