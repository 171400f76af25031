"""A signer to be killed: signs one entry after the other and prints the size once the note has left."""

import sys
from pathlib import Path

from dossier_engine.notary import keys, memory
from dossier_engine.notary.signer import sign_next
from dossier_engine.rules.note import LOG
from tests.notary.logs import ORIGIN, SEED, a_log

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    if not (folder / "log.key").exists():
        keys.make(folder / "log.key", ORIGIN, LOG, SEED)
    key, log = keys.read(folder / "log.key", LOG), a_log(2_000)
    while True:
        with memory.held(folder / "memory") as held:
            size = (held.last.size if held.last is not None else 0) + 1
            note = sign_next(held, key, log.at(size), log.prove)
        print(size, flush=True)  # noqa: T201  # to the test
