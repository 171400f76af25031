"""Whoever has every key may put anything into an entry: the verifier finds or ignores it, and never falls over it."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from dossier_engine.rules.entry import MalformedEntryError
from dossier_engine.rules.policy import Policy
from dossier_engine.verifier.check import verify
from tests.rigs.scale import times
from tests.verifier.forging import CHECKS, POLICY, Story, members, write
from tests.verifier.lives import lived

REGISTERS = ("calendar", "definitions", "people", "territory")
NONSENSE: tuple[Any, ...] = (
    None, True, -1, 10**15, "", "x", "2024-02-30", "9999-12-31", [], {}, [None], [["x"]], {"a": 1}, {"is": "Workflow"},
    {"is": "Text", "vi": 1, "en": None}, {"day": "x"}, {"pairs": [["a", 1]]}, {"share": "1/0"},
)  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in an entry, but for what holds the streams together."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:6]) if isinstance(value, list) else ()
    for key, below in inner:
        if path or key not in ("_v", "stream", "seq", "prev"):
            yield from paths(below, (*path, key))


def spoil(story: Story, rng: random.Random) -> None:
    stream = rng.choice([*story.entries] if rng.random() < 0.6 else REGISTERS)
    holder: Any = rng.choice(story.entries[stream])
    *above, last = rng.choice([*paths(holder)])
    for key in above:
        holder = holder[key]
    if isinstance(holder, dict) and rng.random() < 0.15:
        del holder[last]
    else:
        holder[last] = copy.deepcopy(rng.choice(NONSENSE))


@pytest.mark.slow
def test_nonsense_that_is_chained_and_signed_never_ends_the_verifier(tmp_path):
    policy, found = Policy.parse(POLICY), 0
    for seed in range(times(300)):
        story = copy.deepcopy(lived())
        spoil(story, random.Random(seed))
        try:
            bundle = write(tmp_path / "b.zip", members(story))
        except (MalformedEntryError, TypeError, ValueError, KeyError):  # not even a forger can chain it
            continue
        found += not verify(bundle, policy, CHECKS["library"], processes=1).is_sound

    assert found > times(150)
