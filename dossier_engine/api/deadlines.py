"""Deadlines: over all dossiers, of one, how the date of one came about, and giving it a later one."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from dossier_engine.api.call import Doing, Here, Key, Looking, Version
from dossier_engine.api.dossiers import Deadline
from dossier_engine.api.receipts import Done, done
from dossier_engine.api.shapes import Answered, Day, Given, Labelled, Line, Page, Paging, Prose, answered, cursor, place
from dossier_engine.commands.extend import Extend, extend
from dossier_engine.errors import Malformed
from dossier_engine.queries.deadlines import due_until, explained
from dossier_engine.rules.codes import read_code
from dossier_engine.shown import deadlines, dossiers

router = APIRouter(tags=["deadlines"])


class DeadlineLine(Deadline):
    """A deadline in a list over many dossiers."""

    code: str
    locality: Labelled[str]
    holder: Labelled[str | None]


class Step(Answered):
    """One day on the way to the date: the how-manieth it is, null where it does not count, and why."""

    day: Day
    count: int | None
    why: Labelled[str]


class Explained(Deadline):
    """A deadline with every day that led to its date; `provisional` if a year's days off are not decided yet."""

    explain: list[Step]
    provisional: bool


class Ahead(Paging):
    """How far ahead to look."""

    days: int = Field(default=45, ge=0, le=730)


class Extension(Given):
    """A later date, by the document that approves it: its number and its date."""

    until: Day = Field(examples=["2024-07-15"])
    number: Line = Field(examples=["12/UBND-NN"])
    date: Day = Field(examples=["2024-06-10"])
    reason: Prose
    effective_on: Day | None = None


@router.get("/deadlines")
def list_deadlines(call: Here, asked: Annotated[Ahead, Query()]) -> Page[DeadlineLine]:
    """The open deadlines in your scope that are due within so many days, or past due; the soonest first."""
    after = position(asked.cursor) if asked.cursor else None

    def question(looking: Looking) -> Page[DeadlineLine]:
        found = due_until(
            looking.session, looking.law, looking.scope, looking.today + timedelta(days=asked.days),
            today=looking.today, limit=asked.limit + 1, after=after,
        )  # fmt: skip
        shown = found[: asked.limit]
        rows = [DeadlineLine(**answered(deadlines.listed(looking.words, line, one))) for line, one in shown]
        last = rows[-1] if len(found) > asked.limit else None
        return Page(items=rows, next_cursor=cursor((last.due_on.isoformat(), last.code, last.key)) if last else None)

    return call.look(question)


def position(cursor: str) -> tuple[date, str, str]:
    """Where a page of deadlines begins: after this day, code and key. Raises Malformed."""
    due_on, code, key = place(cursor, parts=3)
    try:
        return date.fromisoformat(due_on), code, key
    except ValueError as error:
        raise Malformed([("/query/cursor", "not_a_cursor")]) from error


@router.get("/dossiers/{code}/deadlines")
def deadlines_of(call: Here, code: str) -> list[Deadline]:
    """The deadlines of the dossier's present stage, the soonest first."""

    def question(looking: Looking) -> list[Deadline]:
        due = dossiers.deadlines(looking.words, looking.session, looking.law, looking.line(code), today=looking.today)
        return [Deadline(**answered(row)) for row in due]

    return call.look(question)


@router.get("/dossiers/{code}/deadlines/{deadline}")
def explain_deadline(call: Here, code: str, deadline: str) -> Explained:
    """One deadline, and day by day how its date came about."""

    def question(looking: Looking) -> Explained:
        line = looking.line(code)
        found, due = explained(looking.session, looking.law, line, deadline, today=looking.today)
        row = dossiers.obligation(looking.words, line, found)
        steps = deadlines.steps(looking.words, due)
        return Explained(**answered({**row, "explain": steps, "provisional": due.provisional}))

    return call.look(question)


@router.post("/dossiers/{code}/deadlines/{deadline}/extension", status_code=201)
def extend_deadline(call: Here, code: str, deadline: str, key: Key, version: Version, given: Extension) -> Done:
    """Give an open deadline a later date."""

    def work(doing: Doing) -> dict[str, Any]:
        order = Extend(
            dossier=read_code(code),
            until=given.until,
            number=given.number,
            dated=given.date,
            act=doing.act,
            key=deadline,
        )
        return doing.receipt(extend(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    return done(call, call.change(work, reason=given.reason, on=given.effective_on, key=key, version=version))
