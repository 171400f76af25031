"""My work: what my offices hold, what else waits for something from them, and what was finished lately."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Looking
from dossier_engine.api.shapes import cursor, place
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.queries.listing import Filter, Order, listing
from dossier_engine.queries.worklist import Line
from dossier_engine.records.access import roles_on
from dossier_engine.rules.law import Law
from dossier_engine.shown import dossiers
from dossier_engine.web.frame import Link
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

_PAGE = 50
_LATELY = timedelta(days=30)
_NOTHING = "-"  # a state that no definition has

Tab = Literal["held", "asked", "done"]
TABS: tuple[Tab, ...] = ("held", "asked", "done")


@router.get("/")
def worklist(
    visit: Visiting,
    tab: Annotated[Tab, Query(alias="muc")] = "held",
    after: Annotated[str | None, Query(alias="tiep-theo", max_length=300)] = None,
) -> Response:
    """What waits for whoever looks, what is due first on top."""
    begins = place(after, parts=2) if after else None

    def question(looking: Looking) -> dict[str, Any]:
        roles = roles_on(looking.session.connection(), looking.caller.person, looking.today)
        found = listing(
            looking.session, looking.law, looking.scope, _wanted(looking, tab, roles), today=looking.today,
            limit=_PAGE + 1, order=Order("due_on") if tab != "done" else Order("updated_at", descending=True),
            after=(begins[0], begins[1]) if begins else None,
        )  # fmt: skip
        lines = found[:_PAGE]
        rows = [
            {**dossiers.listed(looking.words, line), "next": next_act(looking.words, line, roles)} for line in lines
        ]
        return {
            "tab": tab,
            "tabs": [Link(looking.words.say(f"page.worklist.{t}"), f"/?muc={t}", t == tab) for t in TABS],
            "rows": rows,
            "following": cursor(lines[-1].place) if len(found) > _PAGE else None,
        }

    return visit.page("worklist.html", question)


def _wanted(looking: Looking, tab: Tab, roles: frozenset[str]) -> Filter:
    match tab:
        case "held":
            return Filter(holders=tuple(sorted(roles)) or (_NOTHING,), is_open=True)
        case "asked":
            states = _asked_of(looking.law, roles)
            holders = _holders_in(looking.law, states)  # which narrow nothing further, but are what an index asks for
            return Filter(states=states or (_NOTHING,), holders=holders or (_NOTHING,), is_open=True)
        case "done":
            return Filter(is_open=False, updated_since=looking.now - _LATELY)


def _asked_of(law: Law, roles: frozenset[str]) -> tuple[str, ...]:
    """The states that ask for something to be recorded by one of `roles`, though others hold the dossier then."""
    return tuple(
        sorted(
            key
            for workflow in law.workflows.values()
            for key, state in workflow.states.items()
            if state.holder not in roles and _records(by for _, by in workflow.asked_in(key).values()) & roles
        )
    )


def _holders_in(law: Law, states: tuple[str, ...]) -> tuple[str, ...]:
    found = {
        workflow.states[key].holder for workflow in law.workflows.values() for key in states if key in workflow.states
    }
    return tuple(sorted(role for role in found if role is not None))


def _records(asked: Iterable[tuple[str, ...]]) -> set[str]:
    return {role for by in asked for role in by}


def next_act(words: Catalogue, line: Line, roles: frozenset[str]) -> str:
    """What leads on from where the dossier stands, for those of these roles; empty where they can do nothing."""
    acts = [t for t in line.workflow.leaving(line.state.key) if not roles.isdisjoint(t.by) and not t.returns]
    return said(words, acts[0].label) if acts else ""
