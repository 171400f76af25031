"""The door of a browser: who may knock, what it keeps of a session, and leaving."""

from config.signing_in import Visitor
from dossier_engine.api.call import Call
from dossier_engine.api.caller import COOKIE, check_origin
from dossier_engine.commands.sign_in import SignedIn, sign_out
from dossier_engine.records import callers
from dossier_engine.rules.sessions import ABSOLUTE


def check_door(call: Call) -> None:
    """Let nobody be brought in by somebody else's page. Raises CrossSite.

    A program has no page, so it names none; what a browser keeps shows that it is one.
    """
    if not {"sec-fetch-site", "origin", "cookie"}.isdisjoint(call.request.headers):
        check_origin(call.request)


def visitor(call: Call) -> Visitor:
    """From where somebody comes."""
    client = call.request.client
    return Visitor.of(client.host if client else "", call.request.headers.get("user-agent", ""))


def let_in(call: Call, begun: SignedIn) -> None:
    """Give the browser the secret of the session; the one there was is over."""
    _leave_former(call)
    call.request.state.person = begun.person
    call.response.set_cookie(
        COOKIE, begun.secret, max_age=int(ABSOLUTE.total_seconds()), path="/", secure=True, httponly=True,
        samesite="lax",
    )  # fmt: skip


def forget(call: Call) -> None:
    """Take the secret from the browser."""
    call.response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def _leave_former(call: Call) -> None:
    secret = call.request.cookies.get(COOKIE)
    if not secret:
        return
    engine, now = call.engine, call.engine.now()
    with engine.database.writing() as session:
        former = callers.caller_of_session(session.connection(), secret, now, endless=engine.is_demonstration())
        if former is not None:
            sign_out(session, former, now=now, rng=engine.rng)
