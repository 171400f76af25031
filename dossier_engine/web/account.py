"""One's own account: what one is appointed to, the password, the sessions there are, and tokens for programs."""

from typing import Any

from fastapi import APIRouter, Response

from config import signing_in
from dossier_engine.api.call import Doing, Looking
from dossier_engine.api.door import visitor
from dossier_engine.commands.sign_in import end_sessions
from dossier_engine.commands.tokens import Issued, IssueToken, issue_token, revoke_token
from dossier_engine.errors import BadInput, DossierError, NotFound, SignInFailed, TooManyAttempts
from dossier_engine.queries import accounts
from dossier_engine.queries.people import seats_of
from dossier_engine.queries.registers import everybody
from dossier_engine.records import callers
from dossier_engine.rules.tokens import LONGEST_DAYS
from dossier_engine.shown import access
from dossier_engine.shown.people import appointment
from dossier_engine.web.typed import Form, Typed
from dossier_engine.web.visit import Visit, Visiting, told

router = APIRouter(include_in_schema=False)

_HERE = "/tai-khoan"
# Auditors have no `write`, yet whoever is signed in changes their own access; tokens do not come to pages.
_OWN = "read"


@router.get("/tai-khoan")
def account(visit: Visiting) -> Response:
    """Who one is here, and by which sessions and tokens one comes in."""

    def question(looking: Looking) -> dict[str, Any]:
        who, words, session, now = looking.caller, looking.words, looking.session, looking.now
        handle, name = everybody(session)[who.person]
        open_ = accounts.sessions(session, who.person, now=now)
        return {
            "handle": handle,
            "name": name,
            "appointments": [appointment(words, seat) for seat in seats_of(session, who.person, on=looking.today)],
            "sessions": [{**access.session(row), "is_this": row.id == who.id} for row in open_],
            "tokens": [access.token(row) for row in accounts.tokens(session, who.person, now=now)],
        }

    return visit.page("account/account.html", question)


@router.get("/tai-khoan/mat-khau")
def show_password(visit: Visiting) -> Response:
    """Where the password is changed."""
    return _password(visit)


@router.post("/tai-khoan/mat-khau")
def change_password(visit: Visiting, typed: Form) -> Response:
    """Change the password; the other sessions are over then."""
    if typed.is_shown_again:
        return _password(visit)
    who = visit.look(lambda looking: looking.caller)
    try:
        signing_in.change_password(
            visit.engine, who, typed.raw("former_password"), typed.raw("password"), visitor(visit)
        )
    except (BadInput, SignInFailed, TooManyAttempts) as refusal:
        return _password(visit, refusal)
    return visit.page("account/password_changed.html", lambda _: {})


@router.post("/tai-khoan/phien/ket-thuc")
def end_session(visit: Visiting, typed: Form) -> Response:
    """End one of one's own sessions."""

    def work(doing: Doing) -> None:
        only = typed.line("session")
        end_sessions(doing.session, doing.caller.person, doing.act, now=doing.now, rng=doing.rng, only=only)

    if not typed.is_shown_again:
        visit.change(work, needs=_OWN)
    return visit.go(_HERE)


@router.get("/tai-khoan/khoa")
def show_token_form(visit: Visiting) -> Response:
    """Where a token is asked for."""
    return _token_form(visit)


@router.post("/tai-khoan/khoa")
def add_token(visit: Visiting, typed: Form) -> Response:
    """Issue a token, and show its text this once: a page that is looked at again asks for another one."""
    if typed.is_shown_again:
        return _token_form(visit, typed)

    def work(doing: Doing) -> Issued:
        order = IssueToken(
            name=typed.line("name"), scopes=typed.each("scopes"), days=typed.number("days"), act=doing.act
        )
        return issue_token(doing.session, order, now=doing.now, rng=doing.rng)

    try:
        made = visit.change(work, needs=_OWN)
    except BadInput as refusal:
        return _token_form(visit, typed, refusal)
    return visit.page("account/token_issued.html", lambda _: {"issued": made})


@router.post("/tai-khoan/khoa/thu-hoi")
def end_token(visit: Visiting, typed: Form) -> Response:
    """Revoke one of one's own tokens."""

    def work(doing: Doing) -> None:
        token = typed.line("token")
        found = callers.token(doing.session.connection(), token)
        if found is None or found.person != doing.caller.person:
            raise NotFound("token", token)
        revoke_token(doing.session, token, doing.act, now=doing.now, rng=doing.rng)

    if not typed.is_shown_again:
        visit.change(work, needs=_OWN)
    return visit.go(_HERE)


def _password(visit: Visit, refusal: DossierError | None = None) -> Response:
    """The form, which never shows a password again."""

    def question(looking: Looking) -> dict[str, Any]:
        if isinstance(refusal, SignInFailed):
            return {"errors": [{"text": looking.words.say("page.account.wrong_present"), "href": "#former_password"}]}
        return {"errors": told(looking, refusal) if refusal is not None else []}

    return visit.form("account/password.html", question, refusal=refusal)


def _token_form(visit: Visit, typed: Typed | None = None, refusal: DossierError | None = None) -> Response:
    def question(looking: Looking) -> dict[str, Any]:
        scopes = [
            {"value": s, "text": looking.words.say(f"page.account.scope_{s}")} for s in sorted(looking.caller.scopes)
        ]
        return {"scopes": scopes, "most": LONGEST_DAYS}

    return visit.form("account/token.html", question, typed, refusal)
