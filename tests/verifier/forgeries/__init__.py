"""One forgery for each thing that a verifier can find, as functions that `forges` says the finding of."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from tests.verifier.forging import Story


@dataclass(frozen=True)
class Forgery:
    """`make` changes a story, or gives the members of a changed bundle; it is found out as `code`, at `where`."""

    code: str
    where: str
    says: str
    make: Callable[[Story], Any]


def forges(code: str, where: str = "", says: str = "") -> Callable[[Callable[[Story], Any]], Forgery]:
    """The decorated function makes a forgery that is found out as `code`.

    Of a forgery of the rules `where` is the stream, and `says` matches the detail of all that is found. Of a forgery of
    the evidence `where` matches `stream seq: detail`, and `bundle 0: detail` where the bundle as a whole is meant.
    """
    return lambda make: Forgery(code, where, says, make)


def forgeries(*modules: ModuleType) -> list[Forgery]:
    """Those of the modules, in their order."""
    return [found for module in modules for found in vars(module).values() if isinstance(found, Forgery)]


def each(found: list[Forgery]) -> list[Any]:
    """Parameters for a test, named by how the forgery is made."""
    return [pytest.param(forgery, id=forgery.make.__name__) for forgery in found]
