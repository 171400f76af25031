"""`make attack`: carries out every attack on both databases and prints at which level what gave it away.

Ends with 1 where anything differs from what must be.
"""

import sys
import tempfile
from pathlib import Path

from tests.attacks.auditing import judge
from tests.attacks.matrix import ATTACKS, lines
from tests.attacks.places import Copies, a_copy, on_postgres, on_sqlite
from tests.postgres import running


def carried_out(copies: Copies, folder: Path) -> dict[str, tuple[str, ...]]:
    """What gave each attack away."""
    found = {}
    for name, attack in ATTACKS.items():
        with a_copy(copies, folder / name.replace("-", "nothing")) as house:
            found[name] = judge(house, attack.forge(house))
    return found


def main() -> int:
    """Both tables."""
    sound = True
    with tempfile.TemporaryDirectory() as made, running() as server:
        for kind in ("SQLite", "PostgreSQL"):
            folder = Path(made, kind)
            (folder / "house").mkdir(parents=True)
            copies = on_sqlite(folder / "house") if kind == "SQLite" else on_postgres(server, folder / "house")
            found = carried_out(copies, folder)
            sys.stdout.write("\n".join([f"\n{kind}\n", *lines(found), ""]))
            sound &= all(found[name] == attack.seen for name, attack in ATTACKS.items())
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
