"""Who could act on every open dossier today."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query

from dossier_engine.api.call import Here, Looking
from dossier_engine.api.shapes import Answered, Labelled, Page, Paging, answered, cursor, place
from dossier_engine.queries.coverage import coverage
from dossier_engine.queries.registers import everybody
from dossier_engine.shown.people import covered

router = APIRouter(tags=["people"])


class Covered(Answered):
    """An open dossier, whether anybody could act on it today, and who could take which way out of its state."""

    code: str
    locality: Labelled[str]
    state: Labelled[str]
    holder: Labelled[str | None]
    is_covered: bool
    able: Labelled[dict[str, list[str]]]


class CoverageSearch(Paging):
    """Which part of the list; `nobody` leaves only those on which nobody could act."""

    nobody: bool = False


@router.get("/coverage")
def who_could_act(call: Here, search: Annotated[CoverageSearch, Query()]) -> Page[Covered]:
    """The open dossiers in your scope, and who could act on each today."""
    after = place(search.cursor, parts=2) if search.cursor else None

    def question(looking: Looking) -> Page[Covered]:
        lines = coverage(
            looking.session, looking.law, looking.scope, today=looking.today,
            after=(after[0], after[1]) if after else None,
        )  # fmt: skip
        wanted = (one for one in lines if not (search.nobody and one.persons))
        found = list(islice(wanted, search.limit + 1))
        known, shown = everybody(looking.session), found[: search.limit]
        rows = [Covered(**answered(covered(looking.words, one, known))) for one in shown]
        return Page(items=rows, next_cursor=cursor(shown[-1].line.place) if len(found) > search.limit else None)

    return call.following(call.look(question))
