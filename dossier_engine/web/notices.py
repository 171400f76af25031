"""What whoever looks was told of dossiers, and noting that it was read."""

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.shapes import Number, cursor, newest
from dossier_engine.commands.read_notice import read_notice
from dossier_engine.errors import DossierError, Malformed
from dossier_engine.queries.listing import by_code
from dossier_engine.queries.reminders import notices
from dossier_engine.shown import dossiers
from dossier_engine.shown.reminders import notice
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_PAGE = 50
_HERE = "/thong-bao"
_KEY = re.compile(r"[0-9]{1,18}|[0-8][0-9]{18}", re.ASCII)  # up to 63 bits


@router.get(_HERE)
def notice_list(
    visit: Visiting, after: Annotated[str | None, Query(alias="tiep-theo", max_length=300)] = None
) -> Response:
    """What I was told, the newest first."""
    return _list(visit, after=after)


@router.post("/thong-bao/{key}/da-doc")
def read(visit: Visiting, key: Number, typed: Form) -> Response:
    """Note that I read one; it keeps the time of the first reading."""

    def work(doing: Doing) -> datetime:
        return read_notice(doing.session, key, doing.act, now=doing.now)

    return visit.attempt(typed, work, form=lambda refusal: _list(visit, typed, refusal), then=lambda _: _HERE)


@router.post("/thong-bao/da-doc")
def read_these(visit: Visiting, typed: Form) -> Response:
    """Note that I read those of one page; what I was told meanwhile stays unread."""

    def work(doing: Doing) -> None:
        for key in _these(typed):
            read_notice(doing.session, key, doing.act, now=doing.now)

    return visit.attempt(typed, work, form=lambda refusal: _list(visit, typed, refusal), then=lambda _: _HERE)


def _these(typed: Typed) -> list[int]:
    """The notices that a form names. Raises Malformed."""
    found = typed.each("notice")
    if any(_KEY.fullmatch(key) is None for key in found):
        raise Malformed([("", "wrong")])
    return [int(key) for key in found]


def _list(
    visit: Visit, typed: Typed | None = None, refusal: DossierError | None = None, *, after: str | None = None
) -> Response:
    begins = newest(after)

    def question(looking: Looking) -> dict[str, Any]:
        found = notices(looking.session, looking.scope, looking.caller.person, limit=_PAGE + 1, after=begins)
        shown = found[:_PAGE]
        lines = by_code(looking.session, looking.law, looking.scope, (n.code for n in shown), today=looking.today)
        last = shown[-1] if len(found) > _PAGE else None
        return {
            "rows": [
                {**dossiers.listed(looking.words, lines[n.code]), **notice(looking.words, looking.law, n)}
                for n in shown
            ],
            "unread": [str(n.notice) for n in shown if n.read_at is None],
            "next": f"{_HERE}?tiep-theo={cursor((last.at.isoformat(), str(last.notice)))}" if last else None,
        }

    return visit.form("notices.html", question, typed, refusal)
