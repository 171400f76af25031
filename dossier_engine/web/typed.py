"""What somebody typed into a form, and whether the form was one of ours."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from unicodedata import normalize
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from dossier_engine.api.caller import COOKIE, check_origin, form_token
from dossier_engine.errors import BadInput, CrossSite, Malformed, NotSignedIn
from dossier_engine.web.packing import is_masked, masked

TOKEN, SHOWN_AGAIN = "form_token", "shown_again"  # names of fields
_OURS = frozenset({TOKEN, SHOWN_AGAIN})
_SECRET = frozenset({"password", "former_password", "secret"})  # whoever signs in next may be somebody else
MOST_FIELDS = 1000
_WHOSE = "."  # between the word of a session and that of its person
_LONGEST_LINE, _LONGEST_PROSE = 300, 4000
_DAY = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4})\Z", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form by name, each with all that was sent under it."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_shown_again(self) -> bool:
        """Whether nothing is to be done yet: what was kept while somebody signed in is to be looked at first."""
        return SHOWN_AGAIN in self.fields

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What people typed themselves, to be sent again, but for passwords: no page holds one."""
        left = _OURS | _SECRET
        return [(name, value) for name, values in self.fields.items() if name not in left for value in values]

    def raw(self, name: str) -> str:
        """What was typed, as it was, to be shown again."""
        return self.fields.get(name, ("",))[0]

    def each(self, name: str) -> list[str]:
        """All that was sent under that name, without what is empty."""
        return [value.strip() for value in self.fields.get(name, ()) if value.strip()]

    def line(self, name: str) -> str:
        """One line. Raises BadInput when it is missing or too long."""
        return self._bounded(name, _LONGEST_LINE)

    def prose(self, name: str) -> str:
        """Some sentences. Raises BadInput when they are missing or too long."""
        return self._bounded(name, _LONGEST_PROSE)

    def prose_or_none(self, name: str) -> str | None:
        """The same, or None where nothing was typed."""
        return self.prose(name) if self.raw(name).strip() else None

    def line_or_none(self, name: str) -> str | None:
        """The same, of one line."""
        return self.line(name) if self.raw(name).strip() else None

    def day(self, name: str) -> date:
        """The day of three fields; the first also takes a whole one, pasted. Raises BadInput."""
        found = self.day_or_none(name)
        if found is None:
            raise BadInput(name, "", "missing")
        return found

    def day_or_none(self, name: str) -> date | None:
        """The same, or None where nothing was typed."""
        parts = [self.raw(f"{name}-{part}").strip() for part in ("day", "month", "year")]
        if not any(parts):
            return None
        shown = parts[0] if not any(parts[1:]) else "/".join(parts)
        match = _DAY.match(shown) or _ISO.match(shown)
        if match is None:
            raise BadInput(name, shown, "not_a_date")
        numbers = [int(number) for number in match.groups()]
        day, month, year = numbers if match.re is _DAY else reversed(numbers)
        try:
            return date(year, month, day)
        except ValueError as error:
            raise BadInput(name, shown, "not_a_date") from error

    def number(self, name: str) -> int:
        """A whole number that is not negative. Raises BadInput."""
        text = self.raw(name).strip()
        if not text:
            raise BadInput(name, "", "missing")
        if not text.isdecimal() or not text.isascii() or len(text) > 9:
            raise BadInput(name, text[:20], "not_a_count")
        return int(text)

    def _bounded(self, name: str, most: int) -> str:
        text = normalize("NFC", self.raw(name).replace("\r\n", "\n").strip())  # some systems type marks apart
        if not text:
            raise BadInput(name, "", "missing")
        if "\0" in text:
            raise BadInput(name, "", "control_characters")
        if len(text) > most:
            raise BadInput(name, f"{text[:40]}…", "too_long")
        return text


async def read_form(request: Request) -> Typed:
    """The form as it came. Raises Malformed."""
    return parsed(await request.body())


def parsed(body: bytes) -> Typed:
    """What a form says that was sent without a file. Raises Malformed."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:  # UnicodeDecodeError too
        raise Malformed([("", "wrong")]) from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return Typed(fields)


def word_of(secret: str, person: str, rng: random.Random) -> str:
    """What a form holds of the session that it is made for, and of whose it is."""
    return f"{masked(form_token(secret), rng)}{_WHOSE}{form_token(person)}"


async def from_our_form(request: Request) -> Typed:
    """What was typed into a form of the session that sends it, on a page of ours.

    Raises CrossSite, and NotSignedIn with what was typed where there is no session any more, so that it is kept.
    """
    typed = await read_form(request)
    check_ours(request, typed)
    return typed


def check_ours(request: Request, typed: Typed) -> None:
    """Whether a page of ours for this session had that form; what was typed is remembered for whoever has none.

    Raises CrossSite and NotSignedIn.
    """
    request.state.typed = typed
    secret = request.cookies.get(COOKIE)
    if not secret:
        raise NotSignedIn
    word, _, _ = typed.raw(TOKEN).partition(_WHOSE)
    if not is_masked(word, form_token(secret)):
        raise CrossSite
    check_origin(request)


def made_for(request: Request, typed: Typed) -> str:
    """By what word a page of ours had that form for its person, in whichever session; of another page's form nothing.

    That is no reason to do what it says, only to show it to that person again: the word is no secret.
    """
    try:
        check_origin(request)
    except CrossSite:
        return ""
    return typed.raw(TOKEN).partition(_WHOSE)[2]


Form = Annotated[Typed, Depends(from_our_form)]
