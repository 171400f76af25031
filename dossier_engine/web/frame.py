"""What stands around every page: who is signed in, where they can go, and whether the work here is invented."""

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import Request

from config.wiring import Engine
from dossier_engine.api.call import Looking
from dossier_engine.api.caller import COOKIE
from dossier_engine.queries.registers import appointments_of
from dossier_engine.records import access
from dossier_engine.web.typed import word_of

# Where everybody can go, then where only some roles can.
_EVERYBODY = (
    ("worklist", "/"),
    ("dossiers", "/ho-so"),
    ("deadlines", "/han"),
    ("progress", "/tien-do"),
    ("workflows", "/quy-trinh"),
    ("notices", "/thong-bao"),
    ("help", "/huong-dan"),
)
_SOME = (
    ("steering_committee", (("escalations", "/y-kien"),)),
    ("auditor", (("audit", "/kiem-tra"),)),
    ("administrator", (("people", "/nguoi-dung"), ("system", "/quan-tri"))),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; `here` is the one that is shown."""

    text: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` shows around a page; `person` is None where nobody is signed in."""

    address: str
    at: datetime
    request: str = ""
    demonstration: bool = False
    phone: str | None = None
    person: str | None = None
    roles: frozenset[str] = frozenset()
    navigation: tuple[Link, ...] = ()
    form_token: str = ""


def frame(looking: Looking, request: Request, engine: Engine) -> Frame:
    """The frame for whoever looks."""
    person = access.of_person(looking.session.connection(), looking.caller.person)
    held = appointments_of(looking.session, looking.caller.person)
    roles = frozenset(a.role for a in held if a.valid_from <= looking.today and not a.is_over(looking.today))
    entries = [*_EVERYBODY, *(entry for role, some in _SOME if role in roles for entry in some)]
    bare = bare_frame(request, engine)
    return Frame(
        address=bare.address,
        at=looking.now,
        request=bare.request,
        demonstration=bare.demonstration,
        phone=bare.phone,
        person=person.name if person is not None else "",
        roles=roles,
        navigation=tuple(
            Link(looking.words.say(f"page.nav.{name}"), href, _is_at(request, href)) for name, href in entries
        ),
        form_token=word_of(request.cookies.get(COOKIE, ""), looking.caller.person, engine.rng),
    )


def bare_frame(request: Request, engine: Engine) -> Frame:
    """The frame for nobody in particular."""
    return replace(outer_frame(request, engine), at=engine.now(), demonstration=engine.is_demonstration())


def outer_frame(request: Request, engine: Engine) -> Frame:
    """The same without a look into the database, for whoever comes no further than the door."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Frame(
        address=f"{request.url.path}{query}",
        at=engine.clock(),
        request=request.state.id,
        phone=engine.settings.support_phone,
    )


def _is_at(request: Request, href: str) -> bool:
    path = request.url.path
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")
