"""How often the rigs repeat what they do: the counts of `make test`, and ten times as many in `make soak`."""

import os

SOAKING = bool(os.environ.get("DOSSIER_SOAK"))  # noqa: TID251 -- a setting of the test run, not of the engine


def times(count: int, *, soaking: int = 10) -> int:
    """How often to repeat what an ordinary run repeats `count` times: in a soak `soaking` times as often."""
    return count * soaking if SOAKING else count
