"""Where the rows beside a dossier differ from what its entries add up to."""

from sqlalchemy import Connection, select

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.told import BESIDE, Beside


def difference(conn: Connection, dossier: int, told: Beside) -> str | None:
    """The first row beside the dossier that is not as told, as `table key`; None when all agree."""
    for name, (key, others) in BESIDE.items():
        table = TABLES[name]
        query = select(*(table.c[c] for c in key + others)).where(table.c.dossier == dossier)
        stored = {tuple(r[: len(key)]): dict(zip(others, r[len(key) :], strict=True)) for r in conn.execute(query)}
        wrong = [k for k in stored.keys() | told[name].keys() if stored.get(k) != told[name].get(k)]
        if wrong:
            return f"{name} {min(map(str, wrong))}"
    return None
