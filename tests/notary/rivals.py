"""One of two signers on one memory, with one key, but on logs that part company; prints what it signed."""

import sys
from pathlib import Path

from dossier_engine.errors import SignerRefuses
from dossier_engine.notary import keys, memory
from dossier_engine.notary.signer import sign_next
from dossier_engine.rules.note import LOG
from tests.notary.logs import ORIGIN, a_log

if __name__ == "__main__":
    folder, which = Path(sys.argv[1]), sys.argv[2]
    key = keys.read(folder / f"{ORIGIN.replace('/', '-')}.key", LOG)
    log = a_log(200) if which == "true" else a_log(200).forked(20)
    for size in range(1, 201):
        with memory.held(folder / "memory") as held:
            state = log.at(max(size, held.last.size if held.last is not None else 0))
            try:
                sign_next(held, key, state, log.prove)
                verdict = "signed"
            except SignerRefuses:
                verdict = "refused"
        print(verdict, state.size, state.root.hex())  # noqa: T201  # to the test
