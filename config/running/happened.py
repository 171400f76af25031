"""What those that run until they are told to stop tell whoever watches them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Happened:
    """Something to tell whoever watches: a code of the catalogues' `up`, and the facts."""

    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)
