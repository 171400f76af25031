"""The signer of a log: it signs what continues what it signed last, and nothing else.

So a database that was restored from a backup, or rewritten, cannot become another history under the same name.
"""

from collections.abc import Callable, Sequence

from dossier_engine.errors import SignerRefuses
from dossier_engine.notary.keys import SigningKey
from dossier_engine.notary.memory import Memory
from dossier_engine.rules.merkle import verify_consistency
from dossier_engine.rules.note import Checkpoint, Note, sign
from dossier_engine.rules.origin import following

Prove = Callable[[int, int], Sequence[bytes]]
"""Gives the consistency proof between two sizes of the log, as far as there is one."""


def sign_next(memory: Memory, key: SigningKey, state: Checkpoint, prove: Prove, *, restart: bool = False) -> Note:
    """Sign what the log is now, after remembering it: no note leaves that a crash could make us forget.

    What was signed last may be signed again. `restart` accepts the log that was begun after the last one; the caller
    holds `memory`. Raises SignerRefuses.
    """
    last = memory.last
    if key.public.name != state.origin:
        raise SignerRefuses("key_of_another_log", key.public.name, state.origin, state.size)
    if last is not None:
        _check_follows(last, state, prove, restart=restart)
    memory.remember(state, instead_of=last.origin if last is not None else None)
    text = state.text()
    return Note(text, (sign(text, key.public, key.sign),))


def _check_follows(last: Checkpoint, state: Checkpoint, prove: Prove, *, restart: bool) -> None:
    signed = f"{last.origin} {last.size}"
    if last.origin != state.origin:
        if not (restart and following(last.origin) == state.origin):
            raise SignerRefuses("another_log", signed, state.origin, state.size)
        return
    if state.size < last.size:
        raise SignerRefuses("rolled_back", signed, state.origin, state.size)
    if last.size == 0:  # every log begins with nothing
        return
    proof = prove(last.size, state.size) if state.size > last.size else ()
    if not verify_consistency(last.size, last.root, state.size, state.root, proof):
        raise SignerRefuses("forked", signed, state.origin, state.size)
