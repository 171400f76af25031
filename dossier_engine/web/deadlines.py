"""What is due when: over all dossiers, day by day; and how the date of one deadline was counted."""

from datetime import date
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Looking
from dossier_engine.api.deadlines import position
from dossier_engine.api.shapes import cursor
from dossier_engine.queries.deadlines import ahead, due_until, explained
from dossier_engine.shown import Row, deadlines, dossiers
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

_PAGE = 100
_AHEAD = 30  # working days


@router.get("/han")
def deadline_list(
    visit: Visiting, after: Annotated[str | None, Query(alias="tiep-theo", max_length=300)] = None
) -> Response:
    """What is overdue, and what falls due within thirty working days, by day."""
    begins = position(after) if after else None

    def question(looking: Looking) -> dict[str, Any]:
        until = ahead(looking.law, looking.today, _AHEAD)
        found = due_until(
            looking.session, looking.law, looking.scope, until, today=looking.today, limit=_PAGE + 1, after=begins
        )
        shown = found[:_PAGE]
        rows: list[Row] = [
            {**deadlines.listed(looking.words, line, one), "district": line.district} for line, one in shown
        ]
        last = shown[-1][1] if len(found) > _PAGE else None
        return {
            "days": _by_day(rows, looking.today),
            "until": until,
            "next": f"/han?tiep-theo={cursor((last.due_on.isoformat(), last.dossier, last.key))}" if last else None,
        }

    return visit.page("deadlines.html", question)


def _by_day(rows: list[Row], today: date) -> list[Row]:
    days: list[tuple[Any, list[Row]]] = [(day, list(due)) for day, due in groupby(rows, lambda row: row["due_on"])]
    return [{"day": day, "is_late": day < today, "due": due} for day, due in days]


@router.get("/ho-so/{code}/han/{key}")
def deadline(visit: Visiting, code: str, key: str) -> Response:
    """One deadline of a dossier's present stage, and every day on the way to its date."""

    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        found, due = explained(looking.session, looking.law, line, key, today=looking.today)
        return {
            "dossier": dossiers.alone(looking.words, line),
            "deadline": dossiers.obligation(looking.words, line, found),
            "steps": deadlines.steps(looking.words, due),
            "provisional": due.provisional,
        }

    return visit.page("deadline.html", question)
