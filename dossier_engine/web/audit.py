"""What auditors do: they search what happened, let history be checked, and take a bundle away that proves it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api import audit as asked
from dossier_engine.api.call import Looking
from dossier_engine.api.exports import bundled
from dossier_engine.api.shapes import cursor, moment
from dossier_engine.errors import BadInput, DossierError
from dossier_engine.queries.entries import Entry, Wanted, entries
from dossier_engine.queries.listing import Filter, listing
from dossier_engine.rules.codes import YEARS, read_code
from dossier_engine.shown import Row, dossiers
from dossier_engine.shown.labels import subject
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting, told

router = APIRouter(include_in_schema=False)

_AUDITOR = "auditor"
_PAGE = 50
_MOST = 2**31 - 1  # entries of one stream
_FIELDS = ("code", "person", "kind", "from", "to")
KINDS = (
    "registered", "moved", "recorded", "paused", "resumed", "extended", "escalated", "climbed", "answered",
    "recomputed",
)  # fmt: skip


@router.get("/kiem-tra")
def search(visit: Visiting) -> Response:
    """What happened to dossiers, the newest first, narrowed by dossier, person, act and days."""
    return _search(visit)


@router.post("/kiem-tra/kiem")
def check(visit: Visiting, typed: Form) -> Response:
    """Check all of history against itself; nothing is changed."""
    if typed.is_shown_again:
        return visit.go("/kiem-tra")

    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(_AUDITOR)
        return {"verdict": asked.verdict(looking), "head": asked.head(looking), "at": looking.now}

    return visit.page("audit/verdict.html", question)


@router.post("/kiem-tra/goi")
def take_bundle(visit: Visiting, typed: Form) -> Response:
    """An audit bundle of some dossiers, or of all; that it was taken away stands in history."""
    visit.look(lambda looking: looking.as_role(_AUDITOR))
    if typed.is_shown_again:
        return _search(visit, typed)
    codes = [code for code in typed.raw("codes").replace(",", "\n").splitlines() if code.strip()]
    try:
        return bundled(visit, codes or None)
    except BadInput as refusal:
        return _search(visit, typed, refusal)


def _search(visit: Visit, typed: Typed | None = None, refusal: DossierError | None = None) -> Response:
    given = visit.request.query_params
    narrowed = {name: given.get(name, "").strip() for name in _FIELDS}
    after = moment(given.get("cursor") or None, most=_MOST)

    def question(looking: Looking) -> dict[str, Any]:
        looking.as_role(_AUDITOR)
        wrong = refusal
        try:
            wanted = _wanted(narrowed)
        except BadInput as error:
            wrong, wanted = error, Wanted()
        found = entries(looking.session, looking.scope, wanted, limit=_PAGE + 1, after=after)
        last = found[_PAGE - 1].place if len(found) > _PAGE else None
        return {
            "asked": narrowed,
            "errors": told(looking, wrong) if wrong is not None else [],
            "kinds": [{"value": "", "text": looking.words.say("page.dossiers.any")}]
            + [{"value": kind, "text": looking.words.say(f"entry.{kind}")} for kind in KINDS],
            "rows": _rows(looking, found[:_PAGE]),
            "following": cursor([last[0].isoformat(), last[1], str(last[2])]) if last else None,
            "head": asked.head(looking),
        }

    return visit.form("audit/search.html", question, typed, refusal)


def _rows(looking: Looking, found: Sequence[Entry]) -> list[Row]:
    """What happened, each beside what its dossier is about."""
    codes = frozenset(one.code for one in found)
    known = listing(looking.session, looking.law, looking.scope, Filter(codes=codes), today=looking.today, limit=_PAGE)
    lines = {line.code: line for line in known}
    return [
        {
            **dossiers.entry(looking.words, lines[one.code].workflow, one.happened),
            "code": one.code,
            "locality": subject(looking.words, lines[one.code]),
            "district": lines[one.code].district,
        }
        for one in found
    ]


def _wanted(given: Mapping[str, str]) -> Wanted:
    """What is searched for. Raises BadInput."""
    first, last = (_day(name, given[name]) for name in ("from", "to"))
    return Wanted(
        code=read_code(given["code"]) if given["code"] else None,
        person=given["person"] or None,
        kind=given["kind"] if given["kind"] in KINDS else None,
        first=first,
        last=last,
    )


def _day(name: str, text: str) -> date | None:
    """A day on which something can have been recorded. Raises BadInput."""
    day = Typed({f"{name}-day": [text]}).day_or_none(name)
    if day is not None and day.year not in YEARS:
        raise BadInput(name, text, "not_a_date")
    return day
