"""The pages by which a dossier is moved: what the step asks, checking it once more, and doing it."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.errors import BadInput, DossierError, NoSuchAddress, NotPossible
from dossier_engine.queries.possibilities import Possibility, possibilities
from dossier_engine.queries.worklist import Line
from dossier_engine.rules.codes import read_code
from dossier_engine.rules.workflow import Transition, Workflow
from dossier_engine.shown.labels import lack
from dossier_engine.web.acting import act_of, done_at, dossier_form
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_MOST_ROWS = 30


@router.get("/ho-so/{code}/buoc/{transition}")
def show_step(visit: Visiting, code: str, transition: str) -> Response:
    """What the step asks, for whoever may take it now."""
    return _form(visit, code, transition, None, None)


@router.post("/ho-so/{code}/buoc/{transition}")
def take_step(visit: Visiting, code: str, transition: str, typed: Form) -> Response:
    """Show the form again with another row or as it was, check what was typed, or take the step."""

    def form(refusal: DossierError | None) -> Response:
        return _form(visit, code, transition, typed, refusal)

    def work(doing: Doing) -> dict[str, Any]:
        order = Advance(
            dossier=read_code(code),
            transition=transition,
            supplements=_supplements(typed),
            successor=_successor(typed),
            act=act_of(doing, typed),
        )
        return doing.receipt(advance(doing.session, doing.law, order, now=doing.now, rng=doing.rng))

    match typed.raw("do"):
        case "take":
            return visit.attempt(typed, work, form=form, then=done_at)
        case "check":
            return visit.rehearse(
                typed, work, form=form, shown=lambda done: _checked(visit, code, transition, typed, done)
            )
        case _:
            return form(None)


def _form(visit: Visit, code: str, transition: str, typed: Typed | None, refusal: DossierError | None) -> Response:
    def asked(looking: Looking, line: Line) -> dict[str, Any]:
        step = _step(line, transition)
        return {
            "step": _shown(looking.words, line.workflow, step),
            "lacking": _lacking(looking, line, _open(looking, line, step)) if typed is None else [],
            "supplementable": _supplementable(looking.words, line.workflow, step),
            "is_again": step.returns and line.round > 1,
            "rows": _rows(typed),
            "may_add": len(_rows(typed)) < _MOST_ROWS,
        }

    return dossier_form(visit, "step_form.html", code, asked, typed, refusal)


def _checked(visit: Visit, code: str, transition: str, typed: Typed, done: Mapping[str, Any]) -> Response:
    """What was typed and what it will lead to; the way on where it was done before, by a click that was forgotten."""
    if done["replayed"]:
        return visit.go(done_at(done))

    def question(looking: Looking) -> dict[str, Any]:
        line = looking.line(code)
        words, workflow = looking.words, line.workflow
        return {
            "dossier": {"code": line.code},
            "step": _shown(words, workflow, _step(line, transition)),
            "on": typed.day("on"),
            "reason": typed.prose_or_none("reason"),
            "supplements": [
                (said(words, workflow.requirements[s.requirement].label), s.what) for s in _supplements(typed)
            ],
            "successor": _successor(typed),
            "outcome": done,
            "kept": [(name, value) for name, value in typed.kept if name != "do"],
        }

    return visit.page("step_check.html", question)


def _step(line: Line, name: str) -> Transition:
    """The transition of that name. Raises NoSuchAddress."""
    try:
        return line.workflow.transitions[name]
    except KeyError as error:
        raise NoSuchAddress from error


def _open(looking: Looking, line: Line, step: Transition) -> Possibility:
    """The step where whoever looks may take it from where the dossier stands. Raises what stands in the way."""
    found = possibilities(looking.session, line, person=looking.caller.person, today=looking.today)
    for one in found:
        if one.transition.name == step.name:
            if one.refusal is not None:
                raise one.refusal
            return one
    raise NotPossible(step.name, line.state.key, [one.transition.name for one in found], line.workflow.sha256)


def _shown(words: Catalogue, workflow: Workflow, step: Transition) -> dict[str, Any]:
    target = workflow.states[step.target]
    return {
        "name": step.name,
        "label": said(words, step.label),
        "to": said(words, target.label),
        "holder": words.say(f"role.{target.holder}") if target.holder is not None else None,
        "returns": step.returns,
        "needs_reason": step.reason,
        "needs_successor": step.needs_successor,
    }


def _lacking(looking: Looking, line: Line, one: Possibility) -> list[dict[str, str]]:
    words = looking.words
    return [
        {
            "text": f"{said(words, a.requirement.label)}: {lack(words, line.workflow, a.lack)}",
            "href": f"/ho-so/{line.code}/yeu-cau#requirement-{a.requirement.key}",
        }
        for a in one.asked
        if a.lack is not None
    ]


def _supplementable(words: Catalogue, workflow: Workflow, step: Transition) -> list[dict[str, str]]:
    """What can be asked again of those to whom the dossier goes back: what the state they hold it in asks for."""
    if not step.returns:
        return []
    asked = workflow.asked_in(step.target)
    forward = {r.key for t in workflow.leaving(step.target) if not workflow.states[t.target].final for r in t.requires}
    found = [{"value": key, "text": said(words, r.label)} for key, (r, _) in asked.items() if key in forward]
    return [{"value": "", "text": words.say("page.step.choose")}, *found]


def _rows(typed: Typed | None) -> list[int]:
    """The numbers of the rows of supplements: those that were sent, and one more where that was asked for."""
    sent = 0
    while typed is not None and f"{sent + 1}.what" in typed.fields and sent < _MOST_ROWS:
        sent += 1
    is_more = typed is not None and typed.raw("do") == "add" and sent < _MOST_ROWS
    return list(range(1, max(sent, 1) + is_more + 1))


def _supplements(typed: Typed) -> tuple[Supplement, ...]:
    """The rows that were filled in. Raises BadInput for one that was filled by half."""
    found = []
    for row in _rows(typed):
        requirement, what = typed.line_or_none(f"{row}.requirement"), typed.prose_or_none(f"{row}.what")
        if requirement is None and what is None:
            continue
        if requirement is None:
            raise BadInput(f"{row}.requirement", "", "missing")
        if what is None:
            raise BadInput(f"{row}.what", "", "missing")
        found.append(Supplement(requirement, what))
    return tuple(found)


def _successor(typed: Typed) -> str | None:
    found = typed.line_or_none("successor")
    return read_code(found) if found is not None else None
