"""The page of one dossier: where it stands and who has it, what is due, what can be done and why something cannot."""

from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Looking
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.queries.documents import documents
from dossier_engine.queries.possibilities import Possibility, possibilities
from dossier_engine.queries.worklist import Line
from dossier_engine.records.access import roles_on
from dossier_engine.shown import Row, Shown, dossiers, recorded
from dossier_engine.shown.documents import document
from dossier_engine.shown.labels import lack, roles
from dossier_engine.shown.refusals import in_words
from dossier_engine.web.clock import ways
from dossier_engine.web.escalations import may_raise, waiting_on
from dossier_engine.web.history import event
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

_LATEST = 5


@router.get("/ho-so/{code}")
def dossier(visit: Visiting, code: str) -> Response:
    """One dossier."""

    def question(looking: Looking) -> dict[str, Any]:
        words, session, law, today = looking.words, looking.session, looking.law, looking.today
        line = looking.line(code)
        held = roles_on(session.connection(), looking.caller.person, today)
        happened = dossiers.history(words, session, line)
        return {
            "dossier": dossiers.alone(words, line),
            "workflow": line.workflow,
            "steps": steps(words, line),
            "deadlines": dossiers.deadlines(words, session, law, line, today=today),
            "actions": actions(looking, line, held),
            "ways": ways(looking, line, held),
            "requirements": recorded.requirements(words, session, line, today=today),
            "documents": [document(words, one) for one in documents(session, law, looking.scope, line.code)],
            "latest": [event(row) for row in list(reversed(happened))[:_LATEST]],
            "waiting": waiting_on(looking, line, held),
            "may_raise": may_raise(line, held),
            "criteria": len(line.workflow.criteria.criteria),
        }

    return visit.page("dossier.html", question)


def steps(words: Catalogue, line: Line) -> list[Row]:
    """The milestones of its definition in order: done, where it is, or still to come; an end beside them comes last."""
    workflow = line.workflow
    by_milestone = {s.milestone: s for s in workflow.states.values() if s.milestone is not None}
    reached = list(by_milestone).index(line.state.milestone) if line.state.milestone in by_milestone else None
    found: list[Row] = []
    for place, state in enumerate(by_milestone.values()):
        here = reached is not None and place == reached
        status = "here" if here else "done" if reached is not None and place < reached else "ahead"
        found.append({"label": said(words, state.label), "status": status})
    if reached is None:
        found.append({"label": said(words, line.state.label), "status": "here"})
    return found


def actions(looking: Looking, line: Line, held: frozenset[str]) -> list[Row]:
    """Every way on: what somebody of these roles can do first; beside each that is not possible, in words why not."""
    found = possibilities(looking.session, line, person=looking.caller.person, today=looking.today)
    shown = [_action(looking, line, one, is_mine=not held.isdisjoint(one.transition.by)) for one in found]
    return sorted(shown, key=lambda action: (not action["is_mine"], bool(action["returns"])))


def _action(looking: Looking, line: Line, one: Possibility, *, is_mine: bool) -> Row:
    words, transition = looking.words, one.transition
    target = line.workflow.states[transition.target]
    refused = in_words(one.refusal, words, looking.law)[:1] if one.refusal is not None else []
    offices = recorded.lacking_offices(looking.session, [a.lack for a in one.asked])
    unmet = [
        {
            "key": a.requirement.key,
            "text": f"{said(words, a.requirement.label)}: {lack(words, line.workflow, a.lack, offices)}",
        }
        for a in one.asked
        if a.lack is not None
    ]
    return {
        "name": transition.name,
        "label": said(words, transition.label),
        "to": Shown(target.key, said(words, target.label)),
        "by": roles(words, transition.by),
        "is_mine": is_mine,
        "is_open": one.is_open,
        "returns": transition.returns,
        "refused": refused,
        "unmet": unmet,
    }
