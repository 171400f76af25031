"""The criteria of a dossier: a list in which they are recorded in any order, and a page for each."""

from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.records import record_result
from dossier_engine.catalogue.labels import said
from dossier_engine.errors import BadInput, DossierError, NotFound
from dossier_engine.queries.possibilities import Recordable, asked_now, recordables
from dossier_engine.queries.recorded import earlier, judged
from dossier_engine.queries.worklist import Line, standing
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.workflow import Criteria
from dossier_engine.shown import Row, dossiers, recorded
from dossier_engine.web.recording import form_of, why_not
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_RESULTS = ("met", "not_met")
_LIST = "list"  # the button that goes back there


@router.get("/ho-so/{code}/tieu-chi")
def criteria(visit: Visiting, code: str) -> Response:
    """Every criterion with its result."""

    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        able = _able(looking, line)
        rows = recorded.criteria(looking.words, looking.session, line)
        before = _earlier(looking, line) if able else {}
        return {
            "dossier": dossiers.alone(looking.words, line),
            "title": said(looking.words, line.workflow.criteria.title),
            "criteria": [{**row, "earlier": before.get(str(row["number"]), [])} for row in rows],
            "done": sum(row["seq"] is not None for row in rows),
            "asked": said(looking.words, able.requirement.label) if able else None,
            "may": able is not None and able.is_open,
            "refused": why_not(looking, able),
        }

    return visit.page("criteria.html", question)


@router.get("/ho-so/{code}/tieu-chi/{number}")
def criterion(visit: Visiting, code: str, number: str) -> Response:
    """One criterion."""
    return _form(visit, code, number)


@router.post("/ho-so/{code}/tieu-chi/{number}")
def set_result(visit: Visiting, code: str, number: str, typed: Form) -> Response:
    """Record the result, and go on to the next criterion that has none."""

    def work(doing: Doing) -> str:
        result = typed.raw("result")
        if result not in _RESULTS:
            raise BadInput("result", "", "missing")
        dossier = read_code(code)
        if not _stands(doing, dossier, number, result):
            record_result(doing, dossier, number, result)
        line = standing(doing.session, doing.law, dossier, today=doing.today)
        return _list(line.code) if typed.raw("next") == _LIST else _next(doing, line, number)

    return visit.attempt(
        typed, work, form=lambda refusal: _form(visit, code, number, typed, refusal), then=lambda path: path
    )


def _form(
    visit: Visit, code: str, number: str, typed: Typed | None = None, refusal: DossierError | None = None
) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        line, words = looking.line(code), looking.words
        found = [row for row in recorded.criteria(words, looking.session, line) if row["number"] == number]
        if not found:
            raise NotFound("criterion", number)
        [row] = found
        able = _able(looking, line)
        result: Any = row["result"]
        return {
            "dossier": dossiers.alone(words, line),
            "criterion": row,
            "earlier": _earlier(looking, line).get(number, []),
            "may": able is not None and able.is_open,
            "refused": why_not(looking, able),
            "typed": typed or Typed({"result": [result.value]} if result.value else {}),
            **form_of(looking, line, typed, refusal, {"result": words.say("page.criteria.result")}),
        }

    return visit.form("criterion.html", question, typed, refusal)


def _earlier(looking: Looking, line: Line) -> dict[str, list[Row]]:
    """What was found of each criterion at the levels before this one."""
    words = looking.words
    return {
        number: [
            {"label": said(words, asked.label), "result": words.say(f"say.criterion_{fact.value['result']}")}
            for asked, fact in found
        ]
        for number, found in earlier(looking.session, line).items()
    }


def _stands(doing: Doing, dossier: str, number: str, result: str) -> bool:
    """Whether just that is recorded already: who goes back and saves once more changes nothing. Raises NotFound."""
    _, asked = asked_now(doing.session, doing.law, dossier, person=doing.act.person)
    line = standing(doing.session, doing.law, dossier, today=doing.today)
    return any(
        one.criterion.number == number and one.requirement in asked and one.fact.value["result"] == result
        for one in judged(doing.session, line)
        if one.fact is not None
    )


def _able(looking: Looking, line: Line) -> Recordable | None:
    """The criteria that the present state asks for, and whether whoever looks may record them."""
    found = recordables(looking.session, line, person=looking.caller.person, today=looking.today)
    return next((one for one in found.values() if isinstance(one.requirement, Criteria)), None)


def _list(code: str) -> str:
    return f"/ho-so/{code}/tieu-chi"


def _next(doing: Doing, line: Line, number: str) -> str:
    """The page of the next criterion without a result, those before this one last; the list where all have one."""
    found = judged(doing.session, line)
    place = [one.criterion.number for one in found].index(number)
    left = [one.criterion.number for one in (*found[place + 1 :], *found[:place]) if one.fact is None]
    return f"{_list(line.code)}/{left[0]}" if left else _list(line.code)
