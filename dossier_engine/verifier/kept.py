"""What an auditor brings to a bundle: checkpoints kept from earlier bundles, or told by a witness.

Whoever has the log's key can sign another history, and whoever has nothing can hand out an old one; neither can take
back a checkpoint that somebody else keeps.
"""

from collections.abc import Iterable, Sequence

from dossier_engine.rules.note import Checkpoint
from dossier_engine.rules.policy import Verified
from dossier_engine.verifier.flawed import FlawedError


def parse(data: bytes) -> Checkpoint:
    """The checkpoint of a kept file, a signed note or its bare text. Raises ValueError.

    The signatures are not looked at: it is the auditor's own file.
    """
    text, _, _ = data.decode().partition("\n\n")
    return Checkpoint.parse(text.removesuffix("\n") + "\n")


def left(kept: Iterable[Checkpoint], earlier: Iterable[Verified], latest: Checkpoint) -> list[Checkpoint]:
    """Those of the kept checkpoints that the bundle's own neither confirm nor refute.

    Raises FlawedError for one that they refute.
    """
    stated = {latest.size: latest.root, **{one.checkpoint.size: one.checkpoint.root for one in earlier}}
    for one in kept:
        if one.origin != latest.origin:
            raise FlawedError("log_differs", one.origin)
        if one.size > latest.size:
            raise FlawedError("rolled_back", f"{latest.size} < {one.size}")
        if stated.get(one.size, one.root) != one.root:
            raise FlawedError("forked", str(one.size))
    return [one for one in kept if one.size not in stated and one.size > 0]


def check_shown(open_: Sequence[Checkpoint], size: int) -> None:
    """Whether the first `size` entries of the log show what is still open about these.

    Raises FlawedError for the first of which they do not.
    """
    beyond = next((one for one in open_ if one.size > size), None)
    if beyond is not None:
        raise FlawedError("growth_not_shown", str(beyond.size))
