"""The page on which a dossier is opened, for whoever registers."""

from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Doing, Looking
from dossier_engine.catalogue.labels import said
from dossier_engine.commands.register import Register, register
from dossier_engine.errors import DossierError, NotAllowed, NotFound
from dossier_engine.records import localities, offices
from dossier_engine.records.access import roles_on
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow
from dossier_engine.web.acting import act_of, done_at, fields
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)


@router.get("/ho-so/moi")
def show_registration(visit: Visiting) -> Response:
    """What it takes to open a dossier."""
    return _form(visit, None, None)


@router.post("/ho-so/moi")
def open_dossier(visit: Visiting, typed: Form) -> Response:
    """Open a dossier."""

    def work(doing: Doing) -> dict[str, Any]:
        workflow = doing.law.named(typed.line("workflow"))
        order = Register(
            workflow=workflow.name,
            subject=_subject(doing, workflow, typed),
            target_year=typed.number("year"),
            act=act_of(doing, typed),
        )
        try:
            return doing.receipt(register(doing.session, doing.law, order, now=doing.now, rng=doing.rng))
        except NotFound as outside:  # told by the name that was typed: nobody here knows the code
            raise NotFound(str(outside.facts["kind"]), typed.line("locality")) from outside

    return visit.attempt(typed, work, form=lambda refusal: _form(visit, typed, refusal), then=done_at)


def registered_by(law: Law, held: frozenset[str]) -> list[Workflow]:
    """The active definitions under which somebody of these roles opens dossiers."""
    active = (law.workflows[sha256] for _, sha256 in sorted(law.active.items()))
    return [workflow for workflow in active if not held.isdisjoint(workflow.register.by)]


def listed_by(law: Law, held: frozenset[str]) -> list[Workflow]:
    """Those of them under which communes are registered, and so lists of communes."""
    return [workflow for workflow in registered_by(law, held) if workflow.subject == "commune"]


def registrars(law: Law) -> tuple[str, ...]:
    """The roles that open dossiers."""
    return tuple(sorted({role for sha256 in law.active.values() for role in law.workflows[sha256].register.by}))


def _subject(doing: Doing, workflow: Workflow, typed: Typed) -> str:
    """What the name means that was typed. Raises NotFound with near names, AmbiguousLocality, or BadInput."""
    name, conn = typed.line("locality"), doing.session.connection()
    if workflow.subject == "office":
        try:
            return offices.find(conn, name, workflow.kinds)
        except NotFound as missing:
            raise NotFound("office", name, _names(doing, missing.facts["suggestions"])) from missing
    return localities.find(conn, name, typed.day("on"), localities.KINDS[workflow.subject])


def _names(doing: Doing, codes: object) -> list[str]:
    """The names of the offices that are near by their codes: nobody here types a code."""
    near = (
        [offices.by_code(doing.session.connection(), str(code)) for code in codes] if isinstance(codes, tuple) else []
    )
    return [one.name_vi if doing.words.language == "vi" else one.name_en for one in near if one is not None]


def _form(visit: Visit, typed: Typed | None, refusal: DossierError | None) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        held = roles_on(looking.session.connection(), looking.caller.person, looking.today)
        found = registered_by(looking.law, held)
        if not found and typed is None:
            raise NotAllowed(looking.caller.person, "register", registrars(looking.law))
        return {
            "workflows": [{"value": one.name, "text": said(looking.words, one.title)} for one in found],
            "chosen": typed.raw("workflow") if typed is not None else found[0].name if len(found) == 1 else "",
            "brings_lists": bool(listed_by(looking.law, held)),
            "year": typed.raw("year") if typed is not None else str(looking.today.year),
            **fields(looking, typed, refusal),
        }

    return visit.form("registration_form.html", question, typed, refusal)
