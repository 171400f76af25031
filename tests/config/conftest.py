"""A door to come in by."""

import pytest

from tests.config.doors import Door
from tests.makers import Province


@pytest.fixture
def door(province: Province) -> Door:
    """The province, and how people come in there."""
    return Door(province)
