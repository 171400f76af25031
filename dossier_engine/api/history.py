"""What happened to a dossier, entry by entry."""

from typing import Any

from fastapi import APIRouter

from dossier_engine.api.call import Here, Looking
from dossier_engine.api.shapes import Answered, Day, Instant, Labelled, answered
from dossier_engine.errors import NotFound
from dossier_engine.shown import dossiers

router = APIRouter(prefix="/dossiers/{code}/history", tags=["dossiers"])


class Entry(Answered):
    """One entry of history; `leaf` is the hash of `entry`, `words` what lies beside it and may be erased."""

    seq: int
    recorded_at: Instant
    effective_on: Day
    who: str | None
    office: str | None
    act: Labelled[str]
    words: str
    leaf: Labelled[str]
    entry: dict[str, Any]


@router.get("")
def history(call: Here, code: str) -> list[Entry]:
    """Every entry, oldest first."""
    return call.look(
        lambda looking: [
            Entry(**answered(row)) for row in dossiers.history(looking.words, looking.session, looking.line(code))
        ]
    )


@router.get("/{seq}")
def history_entry(call: Here, code: str, seq: int) -> Entry:
    """One entry."""

    def question(looking: Looking) -> Entry:
        line = looking.line(code)
        for row in dossiers.history(looking.words, looking.session, line):
            if row["seq"] == seq:
                return Entry(**answered(row))
        raise NotFound("entry", f"{line.code} #{seq}")

    return call.look(question)
