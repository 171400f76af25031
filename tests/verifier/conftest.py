"""One province lived through once, for the tests that forge copies of its history."""

import copy

import pytest

from tests.verifier.forging import Story
from tests.verifier.lives import lived


@pytest.fixture
def story() -> Story:
    """A copy of the history of a province in which everything happened that may."""
    return copy.deepcopy(lived())
