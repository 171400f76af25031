"""Signing in and out, one's own sessions, password and tokens, and how somebody who was invited comes in."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, SecretStr, StringConstraints

from config import signing_in
from dossier_engine.api.call import Call, Doing, Here, Looking
from dossier_engine.api.caller import COOKIE, form_token
from dossier_engine.api.door import check_door, forget, let_in, visitor
from dossier_engine.api.people import Appointment
from dossier_engine.api.shapes import Answered, Given, Instant, Line, answered
from dossier_engine.commands.invite import confirm_second_factor
from dossier_engine.commands.sign_in import end_sessions, sign_out
from dossier_engine.commands.tokens import IssueToken, issue_token, revoke_token
from dossier_engine.errors import NotFound, NotSignedIn
from dossier_engine.queries import accounts
from dossier_engine.queries.people import seats_of
from dossier_engine.queries.registers import everybody
from dossier_engine.records import callers
from dossier_engine.shown import access
from dossier_engine.shown.people import appointment

router = APIRouter(tags=["access"])

Handle = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=200, examples=["con trâu gặm ba cái ghế"])]
Code = Annotated[SecretStr, Field(min_length=1, max_length=20, examples=["123456"])]
Invitation = Annotated[SecretStr, Field(min_length=1, max_length=100)]
Id = Annotated[str, Path(pattern=r"^[a-z2-7]{16}$")]


class SigningIn(Given):
    """Who comes in; `code` is what the phone shows, for those who have a second factor."""

    handle: Handle = Field(examples=["xa-cam-hung"])
    password: Password
    code: Code | None = None


class Begun(Answered):
    """A session that has begun; `form_token` is for the header `X-CSRF-Token` of browsers that name no origin."""

    session: str
    form_token: str


class Me(Answered):
    """Who asks, what they are appointed to today, and what may be done in their name here."""

    handle: str
    name: str
    appointments: list[Appointment]
    scopes: list[str]
    form_token: str | None


class SessionLine(Answered):
    """A session of one's own that is not over; `is_this` is the one that asks."""

    session: str
    created_at: Instant
    seen_at: Instant
    has_second_factor: bool
    address: str
    agent: str
    is_this: bool


class NewPassword(Given):
    """The present password, and the one in its place."""

    password: Password
    chosen: Password


class Accepting(Given):
    """The secret of an invitation, and the password to come in with from now on."""

    secret: Invitation
    password: Password


class Account(Answered):
    """Under which name to sign in; `totp_address` is for the phone of those who need a second factor, shown once."""

    handle: str
    totp_address: str | None


class Confirming(Given):
    """The secret of the invitation just accepted, and the first code that the phone shows."""

    secret: Invitation
    code: Code


class TokenLine(Answered):
    """A token of one's own that is valid."""

    token: str
    handle: str
    name: str
    scopes: list[str]
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant | None


class TokenOrder(Given):
    """What the token is for, what it may do, and for how many days."""

    name: Line = Field(examples=["reports of the district"])
    scopes: list[Line] = Field(min_length=1, max_length=3, examples=[["read"]])
    days: int = Field(examples=[30])


class NewToken(Answered):
    """A token; `secret` is its text, shown this once."""

    token: str
    scopes: list[str]
    expires_at: Instant
    secret: str


@router.post("/session", status_code=201)
def begin_session(call: Here, given: SigningIn) -> Begun:
    """Sign in: the answer sets the cookie of a new session, and the one there was is over."""
    check_door(call)
    code = given.code.get_secret_value() if given.code is not None else None
    begun = signing_in.sign_in(call.engine, given.handle, given.password.get_secret_value(), code, visitor(call))
    let_in(call, begun)
    call.response.headers["Location"] = call.request.url.path
    return Begun(session=begun.session, form_token=form_token(begun.secret))


@router.get("/session")
def who_asks(call: Here) -> Me:
    """Who you are here."""

    def question(looking: Looking) -> Me:
        who, words = looking.caller, looking.words
        handle, name = everybody(looking.session)[who.person]
        held = [appointment(words, seat) for seat in seats_of(looking.session, who.person, on=looking.today)]
        token = form_token(call.request.cookies[COOKIE]) if who.by == "session" else None
        return Me(
            handle=handle, name=name, appointments=answered(held), scopes=sorted(who.scopes), form_token=token
        )  # fmt: skip

    return call.look(question)


@router.delete("/session", status_code=204)
def end_session(call: Here) -> None:
    """Sign out."""

    def work(doing: Doing) -> None:
        if doing.caller.by != "session":
            raise NotSignedIn
        sign_out(doing.session, doing.caller, now=doing.now, rng=doing.rng)

    call.change(work, needs="read")
    forget(call)


@router.get("/sessions")
def own_sessions(call: Here) -> list[SessionLine]:
    """Your sessions that are not over, the newest first."""

    def question(looking: Looking) -> list[SessionLine]:
        who = looking.caller
        found = accounts.sessions(looking.session, who.person, now=looking.now)
        return [SessionLine(**answered(access.session(row)), is_this=row.id == who.id) for row in found]

    return call.look(question)


@router.delete("/sessions/{session}", status_code=204)
def end_one(call: Here, session: Id) -> None:
    """End one of your sessions."""

    def work(doing: Doing) -> None:
        end_sessions(doing.session, doing.caller.person, doing.act, now=doing.now, rng=doing.rng, only=session)

    call.change(work, needs=_own(call))


@router.put("/password", status_code=204)
def put_password(call: Here, given: NewPassword) -> None:
    """Change your password, out of a session; your other sessions are over then."""
    who = call.look(lambda looking: looking.caller)
    signing_in.change_password(
        call.engine, who, given.password.get_secret_value(), given.chosen.get_secret_value(), visitor(call)
    )


@router.post("/invitations/accept", status_code=201)
def accept_invitation(call: Here, given: Accepting) -> Account:
    """Take up an invitation: set a password, and get what the phone needs where a second factor is asked for."""
    check_door(call)
    found = signing_in.accept_invitation(
        call.engine, given.secret.get_secret_value(), given.password.get_secret_value(), visitor(call)
    )
    return Account(handle=found.handle, totp_address=found.totp_address)


@router.post("/invitations/confirm", status_code=204)
def confirm_invitation(call: Here, given: Confirming) -> None:
    """Show that the phone has the second factor."""
    check_door(call)
    engine, secret, code = call.engine, given.secret.get_secret_value(), given.code.get_secret_value()
    with engine.database.writing() as session:
        confirm_second_factor(session, secret, code, now=engine.now(), rng=engine.rng)


@router.get("/tokens")
def own_tokens(call: Here) -> list[TokenLine]:
    """Your tokens that are valid."""

    def question(looking: Looking) -> list[TokenLine]:
        found = accounts.tokens(looking.session, looking.caller.person, now=looking.now)
        return [TokenLine(**answered(access.token(row))) for row in found]

    return call.look(question)


@router.post("/tokens", status_code=201)
def add_token(call: Here, given: TokenOrder) -> NewToken:
    """Issue a token to yourself. The answer holds its text, which nobody sees again."""

    def work(doing: Doing) -> NewToken:
        order = IssueToken(name=given.name, scopes=given.scopes, days=given.days, act=doing.act)
        made = issue_token(doing.session, order, now=doing.now, rng=doing.rng)
        return NewToken(token=made.id, scopes=list(made.scopes), expires_at=made.expires_at, secret=made.text)

    return call.change(work, needs=_own(call))


@router.delete("/tokens/{token}", status_code=204)
def end_token(call: Here, token: Id) -> None:
    """Revoke one of your tokens."""

    def work(doing: Doing) -> None:
        found = callers.token(doing.session.connection(), token)
        if found is None or found.person != doing.caller.person:
            raise NotFound("token", token)
        revoke_token(doing.session, token, doing.act, now=doing.now, rng=doing.rng)

    call.change(work, needs=_own(call))


def _own(call: Call) -> str:
    """What changing one's own access needs: auditors have no `write`, yet whoever is signed in may; a program needs it.

    Else a token that may only read would issue one that may do more.
    """
    return "write" if "authorization" in call.request.headers else "read"
