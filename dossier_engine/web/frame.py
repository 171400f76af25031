"""What stands around a page: who is signed in, where they can go, and whom to ask."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation or of tabs; `here` where it leads to the page itself."""

    text: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` needs to know; `person` and `form_token` belong to a session and are missing without one."""

    address: str
    at: datetime
    navigation: tuple[Link, ...] = ()
    person: str | None = None
    form_token: str | None = None
    phone: str | None = None
    demonstration: bool = False
