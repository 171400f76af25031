"""One province lived through once, for the tests that forge copies of its history."""

import copy
from collections.abc import Iterator

import pytest

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.verifier.forging import Story, story_of
from tests.verifier.lives import live


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The history of a province in which everything happened that may."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('lived') / 'lived.db'}")
    upgrade(database)
    live(database)
    yield story_of(database)
    database.close()


@pytest.fixture
def story(lived: Story) -> Story:
    """A copy of it."""
    return copy.deepcopy(lived)
