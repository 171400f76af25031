"""Reminders: what will be said, what became of what fell due, and what whoever asks was told."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from dossier_engine.api.call import Here, Looking
from dossier_engine.api.shapes import Answered, Day, Instant, Labelled, Number, Page, Paging, answered, cursor, newest
from dossier_engine.commands.read_notice import read_notice
from dossier_engine.queries import reminders
from dossier_engine.queries.accounting import account
from dossier_engine.shown.reminders import accounted, foreseen, notice, totals

router = APIRouter(tags=["reminders"])

# Beyond any calendar of working days, and within what clocks and zones can say.
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
At = Annotated[AwareDatetime, Query(ge=_FIRST, le=_LAST, examples=["2024-12-02T00:30:00Z"])]


class Rung(Answered):
    """One rung that a sweep would write, and the handles of those who would hear of it."""

    code: str
    locality: str
    about: Labelled[str]
    rung: Labelled[str]
    day: Day
    addressee: Labelled[str]
    due_on: Day | None
    outcome: Labelled[str]
    people: list[str]


class Preview(Answered):
    """What a sweep at an instant would say."""

    at: Instant
    rungs: list[Rung]


class Accounted(Answered):
    """One rung and what became of it."""

    code: str
    about: str
    rung: Labelled[str]
    day: Day
    addressee: Labelled[str]
    outcome: Labelled[str]
    why: Labelled[str | None]
    written_at: Instant | None
    notices: int


class Account(Answered):
    """How many rungs of a day had which outcome; `unexplained` must be 0."""

    day: Day
    sent: int
    late: int
    replaced: int
    void: int
    waiting: int
    notices: int
    mails: Labelled[dict[str, int]]
    unexplained: int
    rungs: list[Accounted]


class Notice(Answered):
    """What you were told of one rung."""

    notice: str
    code: str
    about: Labelled[str]
    rung: Labelled[str]
    kind: str
    due_on: Day | None
    at: Instant
    read_at: Instant | None


class Read(Answered):
    """When a notice was first read."""

    notice: str
    read_at: Instant


@router.get("/reminders/preview")
def preview(call: Here, at: At | None = None) -> Preview:
    """What a sweep would say at that instant (now) on the dossiers in your scope as they stand now."""

    def question(looking: Looking) -> Preview:
        until = at or looking.now
        rows = foreseen(looking.words, looking.session, looking.law, looking.scope, at=until, today=looking.today)
        return Preview(at=until, rungs=[Rung(**answered(row)) for row in rows])

    return call.look(question)


@router.get("/reminders/accounting")
def accounting(call: Here, day: Day | None = None, every: bool = False) -> Account:
    """What became of all that fell due on a day (today); the rungs are those unexplained, or with `every` all."""

    def question(looking: Looking) -> Account:
        on = day or looking.today
        found = account(looking.session, looking.law, looking.scope, on, on, now=looking.now)
        rows = accounted(looking.words, found.rungs if every else found.unexplained)
        return Account(**answered({"day": on, **totals(looking.words, found), "rungs": rows}))

    return call.look(question)


@router.get("/notices")
def list_notices(call: Here, asked: Annotated[Paging, Query()]) -> Page[Notice]:
    """What you were told, the newest first."""
    after = newest(asked.cursor)

    def question(looking: Looking) -> Page[Notice]:
        found = reminders.notices(
            looking.session, looking.scope, looking.caller.person, limit=asked.limit + 1, after=after
        )
        shown = found[: asked.limit]
        last = shown[-1] if len(found) > asked.limit else None
        return Page(
            items=[Notice(**answered(notice(looking.words, looking.law, row))) for row in shown],
            next_cursor=cursor((last.at.isoformat(), str(last.notice))) if last else None,
        )

    return call.look(question)


@router.post("/notices/{key}/read")
def read(call: Here, key: Number) -> Read:
    """Note that you read a notice of your own; it keeps the time of the first reading."""
    at = call.change(lambda doing: read_notice(doing.session, key, doing.act, now=doing.now))
    return Read(notice=str(key), read_at=at)
