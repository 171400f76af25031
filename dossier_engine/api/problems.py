"""Refusals as problems (RFC 9457): a status for every code, words in the language asked for, facts for programs."""

import logging
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from config.wiring import Engine
from dossier_engine.api.language import spoken
from dossier_engine.api.shapes import Answered
from dossier_engine.catalogue import Catalogue
from dossier_engine.errors import (
    BodyTooLarge,
    BodyTooSlow,
    DossierError,
    FileProblems,
    Malformed,
    NoSuchAddress,
    NoSuchMethod,
    RequirementsUnmet,
)
from dossier_engine.rules.law import Law
from dossier_engine.shown import plain
from dossier_engine.shown.labels import lack
from dossier_engine.shown.refusals import in_words

log = logging.getLogger("dossier.api")

MEDIA_TYPE = "application/problem+json"
_OUTAGE = 500  # from here on it is ours: what exactly is for the log, not for whoever asked
_SOON = "5"  # seconds after which what is down may be asked again

STATUS = {
    400: ("key_missing", "unknown_host"),
    401: ("not_signed_in", "sign_in_failed", "second_factor_needed"),
    403: ("not_allowed", "appointment_expired", "separation_of_duties", "not_in_scopes", "cross_site"),
    404: ("not_found", "no_such_deadline", "no_such_address", "file_missing"),
    405: ("no_such_method",),
    408: ("body_too_slow",),
    409: (
        "not_possible", "paused", "not_paused", "already_open", "already_there", "log_begun", "last_administrator",
    ),
    412: ("stale_version",),
    413: ("body_too_large", "file_too_large"),
    422: (
        "requirements_unmet", "wrong_subject", "key_reused", "bad_input", "ambiguous_locality", "date_in_future",
        "date_before_previous", "hash_mismatch", "calendar_missing", "file_problems", "file_refused",
        "request_malformed",
    ),
    428: ("version_missing",),
    429: ("too_many_requests", "too_many_attempts"),
    500: (
        "failure", "not_empty", "already_running", "not_a_demonstration", "integrity_broken", "signer_refuses",
        "witness_refuses", "memory_damaged", "file_damaged",
    ),
    503: (
        "database_unavailable", "broker_unavailable", "schema_differs", "clock_behind", "not_signed", "channel_down",
        "file_in_use", "files_unavailable",
    ),
}  # fmt: skip
_BY_CODE = {code: status for status, codes in STATUS.items() for code in codes}


class Fault(Answered):
    """One thing that is wrong with a request: where (a JSON pointer, or `/query/NAME`), a code, and words."""

    pointer: str
    code: str
    detail: str


class Lack(Answered):
    """One requirement that is not met."""

    key: str
    code: str
    label: str


class Problem(Answered):
    """What a refusal looks like: `type` leads to a page that explains it, `code` never changes, `detail` is for people.

    `facts` are what `detail` is made of.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    facts: dict[str, Any] = Field(default={})
    errors: list[Fault] = Field(default=[])
    unmet: list[Lack] = Field(default=[])


def status_of(refusal: DossierError) -> int:
    """The HTTP status of a refusal; what has none is ours to mend."""
    return _BY_CODE.get(refusal.code, _OUTAGE)


def problem(refusal: DossierError, request: Request) -> JSONResponse:
    """The answer to a request that was refused."""
    words = spoken(request)
    body = described(refusal, request, words)
    headers = {"Content-Language": words.language, **headers_of(refusal, body.status)}
    if body.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body.model_dump(exclude_defaults=True), body.status, headers, MEDIA_TYPE)


def headers_of(refusal: DossierError, status: int) -> dict[str, str]:
    """What the answer to a refusal says in its headers."""
    headers = {"Retry-After": _SOON} if status == 503 else {}
    if "retry_after" in refusal.facts:
        headers["Retry-After"] = str(refusal.facts["retry_after"])
    if isinstance(refusal, NoSuchMethod):
        headers["Allow"] = str(refusal.facts["allowed"])
    return headers


def described(refusal: DossierError, request: Request, words: Catalogue) -> Problem:
    """The refusal of that request in words; what is ours to mend is written into the log."""
    status = status_of(refusal)
    if status >= _OUTAGE:
        log.error("failed", extra={"facts": {"request": request.state.id, "code": refusal.code, "why": str(refusal)}})
    return Problem(
        type=f"/problems/{refusal.code.replace('_', '-')}",
        status=status,
        instance=request.url.path,
        code=refusal.code,
        request_id=request.state.id,
        **_told(refusal, words, _law(refusal, request.app.state.engine), status),
    )


def _told(refusal: DossierError, words: Catalogue, law: Law | None, status: int) -> dict[str, Any]:
    title = words.say(f"title.{status}")
    if status >= _OUTAGE:
        return {"title": title, "detail": words.say("error.failure" if status == _OUTAGE else "say.down")}
    told: dict[str, Any] = {"title": title, "detail": in_words(refusal, words, law)[0]}
    if isinstance(refusal, Malformed):
        faults = [Fault(pointer=p, code=c, detail=words.say(f"shape.{c}")) for p, c in refusal.faults]
        return told | {"errors": faults}
    if isinstance(refusal, FileProblems):
        faults = [
            Fault(pointer=f"/{p.file}/{p.line}", code=p.code, detail=f"{words.say(f'problem.{p.code}')}: {p.what}")
            for p in refusal.problems
        ]
        return told | {"errors": faults}
    if isinstance(refusal, RequirementsUnmet):
        workflow = law.workflows.get(str(refusal.facts["definition"])) if law else None
        told["unmet"] = [Lack(key=u.key, code=u.why, label=lack(words, workflow, u)) for u in refusal.unmet]
    return told | {"facts": plain(refusal.facts)}


def _law(refusal: DossierError, engine: Engine) -> Law | None:
    """What the definitions call things, for refusals that name some of it."""
    if not {"transition", "key"} & refusal.facts.keys():
        return None
    with engine.looking() as (_, law):
        return law


def refused(request: Request, refusal: Exception) -> JSONResponse:
    """The handler of refusals."""
    return problem(refusal if isinstance(refusal, DossierError) else DossierError(), request)


def malformed(request: Request, error: Exception) -> JSONResponse:
    """The handler of requests that have not the shape that a route asks for."""
    return problem(fault_of(error), request)


def fault_of(error: Exception) -> Malformed:
    """What is wrong with the shape of a request."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return Malformed([(_pointer(one["loc"]), _code(one["type"])) for one in found])


def _pointer(place: tuple[str | int, ...]) -> str:
    head, *rest = place
    within = rest if head == "body" else [head, *rest]
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in within)


# What the checker of shapes calls it, by how its name begins, and what we do.
_SHAPES = (
    ("missing", "missing"),
    ("extra_forbidden", "unknown"),
    ("json_invalid", "not_json"),
    ("string_too_long", "too_long"),
    ("string_too_short", "too_short"),
    ("too_short", "too_short"),
    ("too_long", "too_long"),
    ("int", "not_a_number"),
    ("greater_than", "too_small"),
    ("less_than", "too_large"),
    ("date", "not_a_date"),
    ("enum", "not_a_choice"),
    ("literal_error", "not_a_choice"),
)


def _code(kind: str) -> str:
    return next((code for begins, code in _SHAPES if kind.startswith(begins)), "wrong")


def of_http(request: Request, error: Exception) -> JSONResponse:
    """The handler of what the framework itself refuses."""
    return problem(refusal_of(request, error), request)


def refusal_of(request: Request, error: Exception) -> DossierError:
    """What the framework refuses, as a refusal of ours."""
    status = error.status_code if isinstance(error, HTTPException) else _OUTAGE
    match status:
        case 404:
            return NoSuchAddress()
        case 405:
            return NoSuchMethod(", ".join(sorted(_methods(request))))
        case 408:
            return BodyTooSlow()
        case 413:
            return BodyTooLarge(request.state.body_limit)
        case 400 | 422:
            return Malformed([("", "not_json")])
        case _:
            return DossierError()


def _methods(request: Request) -> set[str]:
    """What can be done at the path: several routes may share it."""
    return {
        method
        for method in ("GET", "POST", "PUT", "DELETE")
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }
