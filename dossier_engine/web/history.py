"""What happened to a dossier, entry by entry, and whether its chain holds: read on a screen, or filed as a sheet."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Looking
from dossier_engine.catalogue.labels import dated
from dossier_engine.commands.desk import SYSTEM
from dossier_engine.queries import chain
from dossier_engine.rules.law import legal_day
from dossier_engine.shown import Row, Shown, dossiers
from dossier_engine.web.frame import Link
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

Tab = Literal["main", "all"]
TABS: tuple[Tab, ...] = ("main", "all")
_BESIDE = frozenset({"recorded", "recomputed"})  # kinds of entries that move nothing


@router.get("/ho-so/{code}/lich-su")
def history(visit: Visiting, code: str, tab: Annotated[Tab, Query(alias="muc")] = "main") -> Response:
    """The entries of a dossier, the newest first; of a broken chain those before the break."""

    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        checked = chain.check(looking.session, line.code)
        broken = checked.broken
        found = dossiers.history(looking.words, looking.session, line, before=broken.seq if broken else None)
        address = f"/ho-so/{line.code}/lich-su"
        return {
            "dossier": dossiers.alone(looking.words, line),
            "tabs": [
                Link(looking.words.say(f"page.history.tab_{one}"), f"{address}?muc={one}", one == tab) for one in TABS
            ],
            "events": [event(row) for row in reversed(found) if tab == "all" or _kind(row) not in _BESIDE],
            "checked": checked,
            "at": looking.now,
            "head": found[-1]["leaf"] if found else None,
        }

    return visit.page("history.html", question)


def _kind(row: Row) -> object:
    act = row["act"]
    return act.value if isinstance(act, Shown) else act


def event(row: Row) -> Row:
    """The entry, whether a machine made it, the day it speaks of if that is another, and the document it rests on."""
    entry: Any = row["entry"]
    number, on = (entry["body"].get(name) for name in ("number", "date"))
    recorded, acted = row["recorded_at"], entry["effective_on"]
    same = isinstance(recorded, datetime) and legal_day(recorded).isoformat() == acted
    return {
        **row,
        "is_automatic": entry["actor"]["person"].startswith(SYSTEM),
        "acted_on": None if same else dated(acted),
        "document": {"number": number, "on": dated(on)} if isinstance(number, str) and isinstance(on, str) else None,
    }
