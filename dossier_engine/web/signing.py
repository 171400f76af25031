"""Signing in and out, and the language of the pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from config import signing_in
from dossier_engine.api.call import Doing
from dossier_engine.api.caller import COOKIE, form_token
from dossier_engine.api.door import check_door, forget, let_in, visitor
from dossier_engine.api.problems import status_of
from dossier_engine.commands.sign_in import SignedIn, sign_out
from dossier_engine.errors import (
    BadInput,
    CrossSite,
    DossierError,
    NoSuchAddress,
    NotSignedIn,
    SecondFactorNeeded,
    SignInFailed,
    TooManyAttempts,
)
from dossier_engine.queries.people import one_of_each_role
from dossier_engine.rules.law import legal_day
from dossier_engine.shown.refusals import in_words
from dossier_engine.web.frame import bare_frame
from dossier_engine.web.typed import Form, Typed, made_for, read_form, word_of
from dossier_engine.web.visit import LANGUAGE, Visit, Visiting

router = APIRouter(include_in_schema=False)

_A_YEAR = 365 * 24 * 3600
_LONGEST_KEPT = 64 * 1024
_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*\Z")

Next = Annotated[str, Query(alias="tiep", max_length=2000)]


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Where somebody wanted to go, and what they had typed there into a form, if anything."""

    path: str = "/"
    kept: str = ""

    @classmethod
    def of(cls, path: str, kept: str = "") -> "Interrupted":
        """Only pages of ours are gone on to."""
        return cls(path if _PATH.match(path) else "/", kept[:_LONGEST_KEPT])


@router.get("/dang-nhap")
def show_sign_in(visit: Visiting, path: Next = "/") -> Response:
    """Where people sign in."""
    return sign_in_page(visit, Interrupted.of(path))


@router.post("/dang-nhap")
def begin(visit: Visiting, typed: Annotated[Typed, Depends(read_form)]) -> Response:
    """Sign in, and go on where one wanted to."""
    check_door(visit)
    interrupted = Interrupted.of(typed.raw("path"), typed.raw("kept"))
    try:
        begun = signing_in.sign_in(
            visit.engine, typed.line("handle"), typed.raw("password"), typed.line_or_none("code"), visitor(visit)
        )
    except (BadInput, SignInFailed, SecondFactorNeeded, TooManyAttempts) as refusal:
        return sign_in_page(visit, interrupted, typed, refusal)
    return _inside(visit, begun, interrupted)


@router.post("/dang-nhap/minh-hoa")
def begin_invented(visit: Visiting, typed: Annotated[Typed, Depends(read_form)]) -> Response:
    """Come in as one of the invented people of a demonstration; elsewhere there is no such page."""
    check_door(visit)
    if not visit.engine.is_demonstration():
        raise NoSuchAddress
    begun = signing_in.enter_demonstration(visit.engine, typed.line("handle"), visitor(visit))
    return _inside(visit, begun, Interrupted.of(typed.raw("path"), typed.raw("kept")))


@router.post("/dang-xuat")
def end(visit: Visiting, _: Form) -> Response:
    """Sign out."""

    def work(doing: Doing) -> None:
        sign_out(doing.session, doing.caller, now=doing.now, rng=doing.rng)

    visit.change(work, needs="read")
    forget(visit)
    return visit.go("/dang-nhap")


@router.post("/ngon-ngu")
def choose_language(visit: Visiting, typed: Annotated[Typed, Depends(read_form)]) -> Response:
    """Show every page in that language from now on."""
    check_door(visit)
    language = "en" if typed.raw("language") == "en" else "vi"
    visit.response.set_cookie(LANGUAGE, language, max_age=_A_YEAR, path="/", httponly=True, samesite="lax")
    return visit.go(Interrupted.of(typed.raw("back")).path)


def sign_in_page(
    visit: Visit, interrupted: Interrupted, typed: Typed | None = None, refusal: DossierError | None = None
) -> Response:
    """The page to sign in on; what was typed elsewhere before is kept on it."""
    words = visit.words
    wrong = [] if refusal is None or isinstance(refusal, NotSignedIn) else in_words(refusal, words)
    shown: dict[str, Any] = {
        "frame": bare_frame(visit.request, visit.engine),
        "typed": typed or Typed(),
        "errors": [{"text": line, "href": "#handle"} for line in wrong],
        "interrupted": interrupted,
        "invented": _invented(visit),
    }
    return visit.answer("sign_in.html", shown, status=200 if refusal is None else status_of(refusal))


def lost(visit: Visit, refusal: NotSignedIn) -> Response:
    """Nobody is signed in who should be: they sign in first, and nothing that they typed is lost."""
    request: Request = visit.request
    here = request.url.path
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return visit.go("/dang-nhap?" + urlencode({"tiep": here + query}))
    typed: Typed = getattr(request.state, "typed", Typed())
    kept = urlencode(typed.kept)
    # What only a button leads to is no page to go on to.
    return sign_in_page(visit, Interrupted.of(here, kept) if kept else Interrupted(), refusal=refusal)


def outlived(visit: Visit) -> Response | None:
    """What somebody typed while they signed in anew in another tab: it is shown to them again, and to nobody else."""
    request: Request = visit.request
    typed: Typed = getattr(request.state, "typed", Typed())
    kept, theirs = urlencode(typed.kept), made_for(request, typed)
    if not kept or not theirs:
        return None
    try:
        person = visit.who().person
    except NotSignedIn as refusal:
        return lost(visit, refusal)
    if theirs != form_token(person):
        return None
    interrupted = Interrupted.of(request.url.path, kept)
    return _kept_page(visit, interrupted, request.cookies[COOKIE], person, status=status_of(CrossSite()))


def _inside(visit: Visit, begun: SignedIn, interrupted: Interrupted) -> Response:
    let_in(visit, begun)
    if not interrupted.kept:
        return visit.go(interrupted.path)
    return _kept_page(visit, interrupted, begun.secret, begun.person)


def _kept_page(visit: Visit, interrupted: Interrupted, secret: str, person: str, *, status: int = 200) -> Response:
    """What was typed before, which a form of the session with that `secret` shows again; nothing is done until then."""
    shown: Mapping[str, Any] = {
        "frame": bare_frame(visit.request, visit.engine),
        "form_token": word_of(secret, person, visit.engine.rng),
        "interrupted": interrupted,
        "fields": parse_qsl(interrupted.kept, keep_blank_values=True),
    }
    return visit.answer("kept.html", shown, status=status)


def _invented(visit: Visit) -> list[dict[str, str]]:
    """One person of each role, where anybody may be anybody."""
    engine, words = visit.engine, visit.words
    if not engine.is_demonstration():
        return []
    with engine.database.reading() as session:
        found = one_of_each_role(session, on=legal_day(engine.now()))
    return [
        {
            "handle": one.handle,
            "name": one.name,
            "role": words.say(f"role.{one.role}"),
            "office": (one.name_vi if words.language == "vi" else one.name_en) or "",
        }
        for one in found
    ]
