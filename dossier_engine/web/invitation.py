"""Coming in for the first time: whoever was invited chooses a password, and shows that the phone has the second factor.

Nobody is signed in here. The secret of the invitation stands in the first address alone, as the link must hold it; from
then on forms carry it, so that neither a later address nor what a browser remembers of them does.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Query, Response
from markupsafe import Markup

from config import signing_in
from dossier_engine.api.door import check_door, visitor
from dossier_engine.api.problems import status_of
from dossier_engine.commands.invite import Invitee, confirm_second_factor, invitee
from dossier_engine.errors import BadInput, DossierError, SignInFailed
from dossier_engine.rules.second_factor import address_of
from dossier_engine.shown.refusals import in_words
from dossier_engine.web.frame import bare_frame
from dossier_engine.web.typed import Typed, read_form
from dossier_engine.web.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)

_HERE = "/moi"
_PIXELS = 5  # of one point of the code

Secret = Annotated[str, Query(alias="ma", max_length=100)]
Sent = Annotated[Typed, Depends(read_form)]


@router.get("/moi")
def show_invitation(visit: Visiting, secret: Secret = "") -> Response:
    """Where whoever was invited chooses a password."""
    return _password(visit, secret)


@router.post("/moi")
def accept(visit: Visiting, typed: Sent) -> Response:
    """Take the invitation up."""
    check_door(visit)
    secret = typed.raw("secret")
    try:
        found = signing_in.accept_invitation(visit.engine, secret, typed.raw("password"), visitor(visit))
    except BadInput as refusal:
        return _password(visit, secret, refusal)
    if found.totp_secret is None:
        return _done(visit, found.handle)
    return _phone(visit, secret, found.handle, found.totp_secret)


@router.post("/moi/ma")
def confirm(visit: Visiting, typed: Sent) -> Response:
    """Show that the phone has the second factor."""
    check_door(visit)
    engine, handle, totp = visit.engine, typed.line("handle"), typed.line("totp")
    try:
        with engine.database.writing() as session:
            confirm_second_factor(
                session, typed.raw("secret"), typed.raw("code").replace(" ", ""), now=engine.now(), rng=engine.rng
            )
    except SignInFailed as refusal:
        return _phone(visit, typed.raw("secret"), handle, totp, refusal)
    except BadInput as refusal:
        return _password(visit, "", refusal)
    return _done(visit, handle)


def _password(visit: Visit, secret: str, refusal: BadInput | None = None) -> Response:
    """The form, or where the invitation is over, what to do instead of filling it in."""
    who = _invited(visit, secret)
    wrong = [] if refusal is None or who is None else [{"text": in_words(refusal, visit.words)[0], "href": "#password"}]
    shown = {"who": who, "secret": secret, "errors": wrong}
    status = status_of(refusal) if refusal is not None else 200 if who is not None else 410
    return _answer(visit, "invitation/password.html", shown, status=status)


def _phone(visit: Visit, secret: str, handle: str, totp: str, refusal: DossierError | None = None) -> Response:
    """What the phone needs; it comes back with a wrong code, for the server shows it to nobody again."""
    address = address_of(totp, handle)
    drawn = segno.make(address, micro=False).svg_inline(scale=_PIXELS, border=4, omitsize=False)
    shown = {
        "secret": secret,
        "handle": handle,
        "totp": totp,
        "groups": " ".join(totp[i : i + 4] for i in range(0, len(totp), 4)),
        "address": address,
        "drawn": Markup(drawn),  # noqa: S704  # nothing but numbers, whatever the address says
        "errors": [] if refusal is None else [{"text": visit.words.say("page.invitation.wrong_code"), "href": "#code"}],
    }
    return _answer(visit, "invitation/phone.html", shown, status=200 if refusal is None else status_of(refusal))


def _done(visit: Visit, handle: str) -> Response:
    return _answer(visit, "invitation/done.html", {"handle": handle})


def _answer(visit: Visit, template: str, shown: dict[str, Any], *, status: int = 200) -> Response:
    frame = replace(bare_frame(visit.request, visit.engine), address=_HERE)  # which is printed
    return visit.answer(template, {"frame": frame, **shown}, status=status)


def _invited(visit: Visit, secret: str) -> Invitee | None:
    engine = visit.engine
    with suppress(BadInput), engine.database.reading() as session:
        return invitee(session, secret, now=engine.now())
    return None
