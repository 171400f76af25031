"""The application that a server runs: every route, every handler of refusals, and the guard around it."""

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from config.wiring import Engine
from dossier_engine.api import (
    audit,
    coverage,
    deadlines,
    deliveries,
    documents,
    dossiers,
    erasing,
    escalations,
    exports,
    history,
    imports,
    manual,
    people,
    records,
    reminders,
    service,
    session,
    territory,
    workflows,
)
from dossier_engine.api.described import describe
from dossier_engine.api.guard import Guard, Refused, Senders
from dossier_engine.api.problems import MEDIA_TYPE, Problem, malformed, of_http, problem, refused
from dossier_engine.errors import DossierError

VERSION = "v1"
_DESCRIPTION = """\
Drives the dossiers of an installation. Sign in with a token (`Authorization: Bearer dsr_…`). Human words come in the
language of `Accept-Language` (`vi` or `en`), machine words never change. What changes a dossier names the version it
looked at (`If-Match`) and a word of its own (`Idempotency-Key`), so that nothing is done twice or past each other.
"""
_PROBLEM = {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": "A problem (RFC 9457)"}


def application(engine: Engine) -> Guard:
    """The application over an opened installation: what `routes` serves, behind the guard."""
    return guarded(routes(engine), engine)


def guarded(app: FastAPI, engine: Engine, *, refused: Refused = problem) -> Guard:
    """The guard around `app`, by the settings of the installation; `refused` tells whom it turns away."""
    settings = engine.settings
    return Guard(
        app,
        senders=Senders(settings.requests_a_minute),
        base_url=settings.base_url,
        file_limit=settings.file_limit,
        refused=refused,
    )


def routes(engine: Engine) -> FastAPI:
    """Everything that is served, and the handlers of refusals."""
    app = FastAPI(
        title="Dossier engine",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        responses={"4XX": _PROBLEM, "5XX": _PROBLEM},
        redirect_slashes=False,
    )
    app.state.engine = engine
    app.include_router(service.router)
    app.include_router(manual.router)
    api = APIRouter(prefix=f"/api/{VERSION}")
    for part in (
        dossiers, history, documents, records, deadlines, escalations, reminders, deliveries, workflows, territory,
        imports, audit, exports, people, erasing, coverage, session,
    ):  # fmt: skip
        api.include_router(part.router)
    app.include_router(api)
    app.add_exception_handler(DossierError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, refused)
    describe(app)
    return app
