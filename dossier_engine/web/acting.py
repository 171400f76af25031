"""What the forms share by which something is done to a dossier: its day, what is wrong, and who was there first."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi.responses import HTMLResponse

from dossier_engine.api.call import Doing, Looking
from dossier_engine.catalogue.labels import act_label
from dossier_engine.commands.desk import Act, stream_of
from dossier_engine.errors import AlreadyOpen, BadInput, DossierError, KeyReused, NotFound, StaleVersion
from dossier_engine.queries.trail import trail
from dossier_engine.queries.worklist import Line
from dossier_engine.rules.entry import VERSIONED
from dossier_engine.shown import dossiers
from dossier_engine.web.rendering import instant
from dossier_engine.web.typed import Typed
from dossier_engine.web.visit import Visit, told

Error = dict[str, str | None]
Asked = Callable[[Looking, Line], Mapping[str, Any]]

_DAY = "on"
# The field that a refusal is about where it does not say so itself: by its code, or by what was not found.
_FIELDS = {"date_in_future": _DAY, "date_before_previous": _DAY, "ambiguous_locality": "locality",
           "wrong_subject": "locality"}  # fmt: skip
_NOT_FOUND = {"locality": "locality", "office": "locality", "dossier": "successor"}


def dossier_form(
    visit: Visit, template: str, code: str, asked: Asked, typed: Typed | None, refusal: DossierError | None
) -> HTMLResponse:
    """A form about one dossier, with what `asked` finds for it."""

    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        return {
            "dossier": dossiers.alone(looking.words, line),
            "version": looked_at(line, typed, refusal),
            **fields(looking, typed, refusal, line),
            **asked(looking, line),
        }

    return visit.form(template, question, typed, refusal)


def fields(
    looking: Looking, typed: Typed | None, refusal: DossierError | None, line: Line | None = None
) -> dict[str, Any]:
    """What every such form shows: the day, what is wrong, and that by field; its key while nothing was refused."""
    errors = wrong(looking, typed or Typed(), refusal, line) if refusal is not None else []
    shown: dict[str, Any] = {
        "day_of_act": parts(typed, _DAY, looking.today),
        "errors": errors,
        "wrong": {str(e["href"]).removeprefix("#").removesuffix("-day"): e["text"] for e in errors if e["href"]},
    }
    kept = typed.raw("key") if typed is not None and refusal is None else ""
    return shown | ({"key": kept} if kept else {})


def parts(typed: Typed | None, name: str, otherwise: date | None = None) -> dict[str, str]:
    """The three fields of a day: as they were typed, or the day that is proposed."""
    if typed is not None:
        return {part: typed.raw(f"{name}-{part}") for part in ("day", "month", "year")}
    if otherwise is None:
        return {"day": "", "month": "", "year": ""}
    return {"day": str(otherwise.day), "month": str(otherwise.month), "year": str(otherwise.year)}


def act_of(doing: Doing, typed: Typed) -> Act:
    """The act, taking effect on the day that was typed. Raises BadInput."""
    return replace(doing.act, effective_on=typed.day(_DAY))


def done_at(done: Mapping[str, Any]) -> str:
    """The page that confirms what was done."""
    return f"/ho-so/{done['dossier']}/xong/{done['seq']}"


def wrong(looking: Looking, typed: Typed, refusal: DossierError, line: Line | None) -> list[Error]:
    """What is wrong, each with the place where it is mended: a field, another page, or none."""
    words = looking.words
    if isinstance(refusal, StaleVersion) and line is not None:
        return [{"text": meanwhile(looking, line), "href": None}]
    if isinstance(refusal, KeyReused):
        return [{"text": words.say("page.acting.sent_before"), "href": None}]
    found = [{**error, "href": _href(typed, refusal, error["href"])} for error in told(looking, refusal)]
    requirements = f"/ho-so/{line.code}/yeu-cau" if line is not None else ""
    for error in found:
        if (error["href"] or "").startswith("#requirement-"):
            error["href"] = f"{requirements}{error['href']}" if requirements else None
    return found


def _href(typed: Typed, refusal: DossierError, href: str | None) -> str | None:
    if isinstance(refusal, AlreadyOpen):
        return f"/ho-so/{refusal.facts['dossier']}"
    field = href.removeprefix("#") if href is not None else _FIELDS.get(refusal.code)
    if isinstance(refusal, NotFound):
        field = _NOT_FOUND.get(str(refusal.facts["kind"]))
    elif isinstance(refusal, BadInput) and refusal.facts["field"] == "code":
        field = "successor"
    if field is None:
        return None
    return f"#{field}-day" if f"{field}-day" in typed.fields else f"#{field}"


def looked_at(line: Line, typed: Typed | None, refusal: DossierError | None) -> str:
    """The version that a form was made of, kept until somebody was told that it is old."""
    told_of = isinstance(refusal, StaleVersion | KeyReused)
    kept = typed.raw("version") if typed is not None and not told_of else ""
    return kept or str(line.version)


def meanwhile(looking: Looking, line: Line) -> str:
    """Who changed the dossier last, how and when: the newest entry that an order on the dossier depends on."""
    words = looking.words
    happened = trail(looking.session, stream_of(line.code))
    last = [one for one in happened if one.kind in VERSIONED][-1]
    body = last.entry["body"]
    office = last.office_vi if words.language == "vi" else last.office_en
    return words.say(
        "page.acting.meanwhile",
        who=", ".join(name for name in (last.who, office) if name) or words.say("page.history.system"),
        act=act_label(words, line.workflow, last.kind, body if isinstance(body, dict) else {}),
        at=instant(last.recorded_at),
    )
