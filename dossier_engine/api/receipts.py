"""Where a dossier stands, and the answer of everything that is done to one."""

from typing import Any

from dossier_engine.api.call import Call
from dossier_engine.api.shapes import Answered, Day, Labelled


class Standing(Answered):
    """Where a dossier stands: no state without its holder; `days_left` are working days, negative past due."""

    state: Labelled[str]
    holder: Labelled[str | None]
    due_on: Day | None
    days_left: Labelled[int | None]
    round: int
    version: int


class Done(Standing):
    """What an act did: the entry it wrote, and where the dossier stands after it."""

    dossier: str
    seq: int
    act: Labelled[str]
    leaf: Labelled[str]
    replayed: bool


def done(call: Call, row: dict[str, Any], *, created: bool = False) -> Done:
    """The answer that `row` is, with the headers that go with it: the new version, and where to look."""
    found = Done(**row)
    where = f"/api/v1/dossiers/{found.dossier}"
    call.response.headers["ETag"] = f'"{found.version}"'
    call.response.headers["Location"] = where if created else f"{where}/history/{found.seq}"
    if found.replayed:
        call.response.headers["Idempotency-Replayed"] = "true"
    return found
