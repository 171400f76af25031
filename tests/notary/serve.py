"""A witness as a process of its own: prints its port and serves until it is killed."""

import sys
from pathlib import Path
from threading import Event

from dossier_engine.notary import keys
from dossier_engine.notary.serving import served
from dossier_engine.notary.witness import Witness
from dossier_engine.rules.note import WITNESS, Key

if __name__ == "__main__":
    folder, log = Path(sys.argv[1]), Key.parse(sys.argv[2])
    key = keys.read(folder / "inspectorate.key", WITNESS)
    witness = Witness(key, (log,), folder / "inspectorate.state")
    with served(witness, "127.0.0.1", 0, clock=lambda: 1_733_700_000, heard=lambda _: None) as port:
        print(port, flush=True)  # noqa: T201  # to the test
        Event().wait()
