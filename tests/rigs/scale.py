"""How often the rigs repeat what they do: the counts of `make test`, and ten times as many in `make soak`."""

import os

_SOAKING = bool(os.environ.get("DOSSIER_SOAK"))  # noqa: TID251 -- a setting of the test run, not of the engine


def times(count: int) -> int:
    """How often to repeat what an ordinary run repeats `count` times."""
    return count * 10 if _SOAKING else count
