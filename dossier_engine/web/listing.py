"""The list of dossiers: search and filters whose address is the saved view, and the same list for Excel."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from dossier_engine.api.call import Looking
from dossier_engine.api.dossiers import Search
from dossier_engine.api.shapes import cursor, place
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.errors import DossierError
from dossier_engine.queries.listing import check, count, listing
from dossier_engine.records.access import roles_on
from dossier_engine.rules.law import Law
from dossier_engine.shown import dossiers
from dossier_engine.shown.refusals import in_words
from dossier_engine.web.registering import listed_by, registered_by
from dossier_engine.web.spreadsheet import MEDIA_TYPE, spreadsheet
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

_MOST_ROWS = 20_000  # of a file: what people still scroll through
_FIELDS = ("q", "district", "year", "level", "state", "holder", "deadline_status", "escalated", "sort")
_ORDERS = ("code", "name", "due_on", "-updated_at")
_URGENCIES = ("overdue", "due_soon", "not_due", "paused")
_COLUMNS = ("code", "locality", "district", "level", "year", "state", "holder", "due_on", "days_left", "round")


@router.get("/ho-so")
def dossier_list(visit: Visiting) -> Response:
    """The dossiers that whoever looks may see."""
    asked, search = _asked(visit.request)

    def question(looking: Looking) -> dict[str, Any]:
        wrong = _wrong(looking, search)
        chosen = Search() if search is None or wrong else search
        wanted, order, today = chosen.wanted(), chosen.order(), looking.today
        begins = place(chosen.cursor, parts=2) if chosen.cursor else None
        held = roles_on(looking.session.connection(), looking.caller.person, today)
        lines = listing(
            looking.session, looking.law, looking.scope, wanted, today=today, limit=chosen.limit + 1, order=order,
            after=(begins[0], begins[1]) if begins else None,
        )  # fmt: skip
        shown = lines[: chosen.limit]
        return {
            "asked": dict.fromkeys(_FIELDS, "") | asked,
            "errors": wrong,
            "rows": [dossiers.listed(looking.words, line) for line in shown],
            "total": count(looking.session, looking.law, looking.scope, wanted, today=today)
            if _is_narrow(asked)
            else None,
            "query": _query(visit.request, None),
            "next": "/ho-so" + _query(visit.request, cursor(shown[-1].place)) if len(lines) > chosen.limit else None,
            "choices": choices(looking.words, looking.law),
            "registers": bool(registered_by(looking.law, held)),
            "brings_lists": bool(listed_by(looking.law, held)),
        }

    return visit.page("dossiers.html", question)


@router.get("/ho-so.xlsx")
def dossier_sheet(visit: Visiting) -> Response:
    """The same list, as a spreadsheet; that it was taken away is noted."""
    _, search = _asked(visit.request)
    chosen = search or Search()

    def question(looking: Looking) -> list[Mapping[str, object]]:
        check(looking.law, chosen.wanted())
        found = listing(
            looking.session, looking.law, looking.scope, chosen.wanted(), today=looking.today, limit=_MOST_ROWS,
            order=chosen.order(),
        )  # fmt: skip
        return [dossiers.listed(looking.words, line) for line in found]

    rows = visit.look(question, taken=True)
    content = spreadsheet(visit.words, visit.words.say("page.dossiers.title"), _COLUMNS, rows)
    name = {"Content-Disposition": 'attachment; filename="ho-so.xlsx"'}
    return Response(content, media_type=MEDIA_TYPE, headers=name)


def _asked(request: Request) -> tuple[dict[str, str], Search | None]:
    """What was asked, and as a search; None where it makes no sense. A form sends its empty fields too."""
    given = {
        name: [v.strip() for v in request.query_params.getlist(name) if v.strip()] for name in request.query_params
    }
    asked = {name: values[0] for name, values in given.items() if values}
    many = {"state", "level", "year", "holder", "workflow", "locality", "deadline_status"}
    try:
        search = Search.model_validate(
            {n: given[n] if n in many else value for n, value in asked.items()}, strict=False
        )
    except ValidationError:
        return asked, None
    return asked, search


def _wrong(looking: Looking, search: Search | None) -> list[dict[str, str | None]]:
    if search is None:
        return [{"text": looking.words.say("page.dossiers.wrong_filter"), "href": "#filters"}]
    try:
        check(looking.law, search.wanted())
    except DossierError as refusal:
        return [{"text": in_words(refusal, looking.words, looking.law)[0], "href": "#filters"}]
    return []


def _is_narrow(asked: Mapping[str, str]) -> bool:
    """Whether something was asked for that is worth counting: what lies behind a whole country is not."""
    return bool(asked.keys() - {"sort", "cursor", "limit"})


def _query(request: Request, cursor: str | None) -> str:
    """What was asked for as the end of an address, without what was left empty, going on at `cursor`."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if value and name != "cursor"]
    asked += [("cursor", cursor)] if cursor is not None else []
    return f"?{urlencode(asked)}" if asked else ""


Options = list[dict[str, str]]


def choices(words: Catalogue, law: Law) -> dict[str, Options]:
    """What each filter can be set to."""
    states = {key: said(words, s.label) for w in law.workflows.values() for key, s in w.states.items()}
    levels = sorted({w.level for w in law.workflows.values()} - {""})
    say, whatever = words.say, [("", words.say("page.dossiers.any"))]
    return {
        "state": _options([*whatever, *states.items()]),
        "level": _options([*whatever, *((level, say(f"level.{level}")) for level in levels)]),
        "holder": _options([*whatever, *((role, say(f"role.{role}")) for role in law.holders)]),
        "deadline_status": _options([*whatever, *((u, say(f"page.urgency.{u}")) for u in _URGENCIES)]),
        "escalated": _options(
            [*whatever, ("true", say("page.dossiers.is_escalated")), ("false", say("page.dossiers.is_not_escalated"))]
        ),
        "sort": _options([(key, say(f"page.dossiers.sort_{key.removeprefix('-')}")) for key in _ORDERS]),
    }


def _options(pairs: Iterable[tuple[str, str]]) -> Options:
    return [{"value": value, "text": text} for value, text in pairs]
