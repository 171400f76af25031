"""Refusals as pages: what happened, what to do next, and the number to name to whoever looks after the system."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from dossier_engine.api import problems
from dossier_engine.errors import CrossSite, DossierError, NotSignedIn
from dossier_engine.web.frame import Frame, bare_frame, outer_frame
from dossier_engine.web.signing import lost, outlived
from dossier_engine.web.visit import Visit

_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/problems/", "/docs", "/manual.css")

# What programs are told of in words that mean nothing to people; they read `[page.error]` instead.
_OTHERWISE = frozenset({"not_in_scopes", "cross_site", "no_such_address"})


def is_page(path: str) -> bool:
    """Whether people read what is answered there."""
    return not path.startswith(_PROGRAMS)


def answer_people(app: FastAPI) -> None:
    """Let `app` answer with pages where people ask, and with problems where programs do."""

    def refused(request: Request, error: Exception) -> Response:
        if not is_page(request.url.path):
            return problems.refused(request, error)
        return shown(request, error if isinstance(error, DossierError) else DossierError())

    def malformed(request: Request, error: Exception) -> Response:
        if not is_page(request.url.path):
            return problems.malformed(request, error)
        return shown(request, problems.fault_of(error))

    def of_http(request: Request, error: Exception) -> Response:
        if not is_page(request.url.path):
            return problems.of_http(request, error)
        return shown(request, problems.refusal_of(request, error))

    app.add_exception_handler(DossierError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, refused)


def shown(request: Request, refusal: DossierError) -> Response:
    """The page of a refusal; whoever is not signed in is asked to."""
    visit = Visit(request, Response())
    if isinstance(refusal, NotSignedIn):
        return lost(visit, refusal)
    if isinstance(refusal, CrossSite) and (kept := outlived(visit)) is not None:
        return kept
    return _page(visit, refusal, bare_frame(request, visit.engine))


def turned_away(refusal: DossierError, request: Request) -> Response:
    """The answer to whom the guard turns away: a page where a browser asks for one."""
    if not is_page(request.url.path) or "text/html" not in request.headers.get("accept", ""):
        return problems.problem(refusal, request)
    visit = Visit(request, Response())
    return _page(visit, refusal, outer_frame(request, visit.engine))


def _page(visit: Visit, refusal: DossierError, frame: Frame) -> Response:
    problem = problems.described(refusal, visit.request, visit.words)
    if problem.code in _OTHERWISE:
        problem.detail = visit.words.say(f"page.error.{problem.code}")
    page = visit.answer("refused.html", {"frame": frame, "problem": problem}, status=problem.status)
    page.headers.update(problems.headers_of(refusal, problem.status))
    return page
