"""Workflow definitions: which are stored, what they ask for, drawn, checked and activated."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from config.copies import captions
from dossier_engine.api.call import Call, Doing, Here, Looking
from dossier_engine.api.shapes import Answered, Day, Labelled, answered
from dossier_engine.api.text import described, text_body
from dossier_engine.catalogue import Language
from dossier_engine.commands.activate import activate
from dossier_engine.errors import NotFound
from dossier_engine.queries import registers
from dossier_engine.queries.diagram import mermaid, svg
from dossier_engine.rules.law import Law
from dossier_engine.rules.names import closest
from dossier_engine.rules.workflow import Workflow
from dossier_engine.shown import workflows
from workflows.loader import load

router = APIRouter(prefix="/workflows", tags=["workflows"])

_YAML = ("application/yaml", "text/plain")
_FILE = "definition.yaml"  # what a body is called where its faults are told
# What is stored never changes, but the words around it come with the version of the program.
_KEPT = "private, max-age=2592000"

Yaml = Annotated[bytes, Depends(text_body(*_YAML))]


class Stored(Answered):
    """A stored version; `running` counts the open dossiers under it, wherever they are."""

    workflow: str
    label: str
    active: bool
    running: int
    valid_from: Day
    valid_to: Day | None
    sha256: Labelled[str]


class Limited(Answered):
    """A time limit in words; `status` says how sure its `source` is."""

    limit: str | None
    status: Labelled[str] | None
    source: str | None


class State(Limited):
    """Where a dossier may stand, who holds it there, and for how long."""

    key: str
    state: str
    milestone: str | None
    final: bool
    holder: Labelled[str | None]


class Requirement(Answered):
    """What a transition asks for; `by` records it, nobody where it is looked up or whoever takes the transition."""

    key: str
    label: str
    kind: str
    by: Labelled[str | None]
    status: Labelled[str]
    source: str | None
    limit: Limited | None


class Transition(Answered):
    """A way between states; its `limit` replaces that of the state it leads to."""

    transition: str
    label: str
    origins: list[str]
    by: Labelled[list[str]]
    to: Labelled[str]
    requirement: Labelled[list[str]]
    reason: bool
    returns: bool
    limit: str | None


class Definition(Answered):
    """One version of a definition."""

    workflow: str
    label: str
    sha256: str
    subject: Labelled[str]
    level: Labelled[str | None]
    valid_from: Day
    valid_to: Day | None
    legal_basis: list[str]
    initial: str
    goal: str
    milestones: list[str]
    states: list[State]
    transitions: list[Transition]
    requirements: list[Requirement]
    separation_of_duties: dict[str, list[str]]


class Checked(Answered):
    """A definition that has no faults."""

    workflow: str
    sha256: str


class Activated(Checked):
    """A definition that new dossiers run under; `fresh` is false where exactly these bytes were stored before."""

    fresh: bool


@router.get("")
def list_workflows(call: Here) -> list[Stored]:
    """Every stored version, in the order of activation."""

    def question(looking: Looking) -> list[Stored]:
        found = registers.definitions(looking.session, looking.law)
        return [Stored(**answered(workflows.stored(looking.words, version))) for version in found]

    return call.look(question)


@router.get("/{name}")
def show_workflow(call: Here, name: str) -> Definition:
    """The active version: its states, transitions, requirements, limits, and the duties that are kept apart."""
    return call.look(lambda looking: _shown(looking, looking.law.named(name)))


@router.get("/{name}/versions/{version}", responses={304: {"description": "You have it: it never changes"}})
def show_version(call: Here, request: Request, name: str, version: str) -> Definition:
    """One stored version. It never changes: keep it, by its `ETag`."""

    def question(looking: Looking) -> Definition:
        return _shown(looking, version_of(looking.law, name, version))

    found = call.look(question)
    headers = call.response.headers
    # Its words differ with the language, so its bytes do.
    headers["ETag"] = f'"{found.sha256}.{headers["Content-Language"]}"'
    headers["Cache-Control"] = _KEPT
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=dict(headers))  # type: ignore[return-value]  # an empty answer
    return found


def version_of(law: Law, name: str, version: str) -> Workflow:
    """One stored version. Raises NotFound with near ones."""
    wanted, stored = f"{name}@{version}", law.workflows.values()
    for found in stored:
        if found.reference == wanted:
            return found
    raise NotFound("workflow", wanted, closest(wanted, [w.reference for w in stored]))


def _shown(looking: Looking, workflow: Workflow) -> Definition:
    row = workflows.whole(looking.words, workflow)
    return Definition(**answered(row))


@router.get("/{name}/diagram.svg", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def draw(call: Here, name: str, current: str | None = None) -> Response:
    """The active version as a drawing; `current` marks a state."""

    def drawing(workflow: Workflow, lang: Language) -> str:
        if current is not None and current not in workflow.states:
            raise NotFound("state", current, closest(current, workflow.states))
        return svg(workflow, captions(lang), lang=lang, current=current)

    return _drawn(call, name, "image/svg+xml", drawing)


@router.get("/{name}/diagram.mmd", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def draw_in_text(call: Here, name: str) -> Response:
    """The active version as Mermaid text."""
    return _drawn(call, name, "text/plain", lambda workflow, lang: mermaid(workflow, lang=lang))


def _drawn(call: Call, name: str, kind: str, draw: Callable[[Workflow, Language], str]) -> Response:
    drawn = call.look(lambda looking: draw(looking.law.named(name), looking.words.language))
    return Response(drawn, headers=dict(call.response.headers), media_type=kind)


@router.post("", status_code=201, openapi_extra=described(*_YAML))
def activate_workflow(call: Here, content: Yaml) -> Activated:
    """Store this YAML as the active version of its name, for administrators: new dossiers run under it."""

    def work(doing: Doing) -> Activated:
        found = load(content, _FILE)
        fresh = activate(doing.session, found, content, doing.act, now=doing.now, rng=doing.rng)
        return Activated(workflow=found.reference, sha256=found.sha256, fresh=fresh)

    done = call.change(work)
    name, _, version = done.workflow.partition("@")
    call.response.headers["Location"] = f"/api/v1/workflows/{name}/versions/{version}"
    return done


@router.post("/check", openapi_extra=described(*_YAML))
def check_workflow(call: Here, content: Yaml) -> Checked:
    """Every fault of this YAML at once, with its line; nothing is stored."""

    def question(_: Looking) -> Checked:
        found = load(content, _FILE)
        return Checked(workflow=found.reference, sha256=found.sha256)

    return call.look(question)
