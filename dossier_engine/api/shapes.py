"""The shapes of what goes in and out. None of them is a table: what is not named here is neither read nor shown."""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from dossier_engine.errors import Malformed
from dossier_engine.shown import Shown

T = TypeVar("T")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)

# One line as people type it; what may stand in it is judged where it is used, but NUL no database takes.
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True, pattern=r"^[^\x00]*$")]
# A number of ours in an address: what no column holds need not be looked for.
Number = Annotated[int, Field(ge=0, lt=2**63)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


class Given(BaseModel):
    """What a request may hold: nothing but what is named."""

    model_config = ConfigDict(extra="forbid", str_max_length=4000)


class Answered(BaseModel):
    """What an answer holds: exactly what is named, so that nothing new is shown by accident."""

    model_config = ConfigDict(extra="forbid")


class Labelled(Answered, Generic[T]):
    """A value for programs, with its words in the language that was asked for."""

    key: T
    label: str


class Page(Answered, Generic[T]):
    """Some of a list; `next_cursor` asks for the next ones, none when these are the last."""

    items: list[T]
    next_cursor: str | None = None
    total: int | None = None


class Paging(Given):
    """Which part of a list."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=300)


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Instant = Annotated[datetime, BeforeValidator(_in_utc)]


def _as_written(value: object) -> object:
    """A number is no day: nobody who sends one means that many seconds since 1970."""
    if isinstance(value, str) and _DAY.match(value) is None:
        raise PydanticCustomError("date_parsing", "not a day")
    if isinstance(value, int | float):
        raise PydanticCustomError("date_type", "not a day")
    return value


Day = Annotated[date, BeforeValidator(_as_written)]


def answered(value: object) -> Any:  # noqa: ANN401  # whatever the shape that is made of it asks for
    """Rows as shapes are made of: a value that is shown in words becomes `key` and `label`."""
    match value:
        case Shown():
            return {"key": answered(value.value), "label": value.text}
        case Mapping():
            return {str(name): answered(one) for name, one in value.items()}
        case list() | tuple() | frozenset():
            return [answered(one) for one in value]
        case _:
            return value


def cursor(place: Sequence[str]) -> str:
    """A place in a list as an opaque word."""
    return base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode().rstrip("=")


def place(cursor: str, *, parts: int) -> tuple[str, ...]:
    """The place that `cursor` names. Raises Malformed."""
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Malformed([("/query/cursor", "not_a_cursor")]) from error
    whole = isinstance(found, list) and len(found) == parts
    if not whole or not all(isinstance(part, str) and "\0" not in part for part in found):
        raise Malformed([("/query/cursor", "not_a_cursor")])
    return tuple(found)


def moment(cursor: str | None, *, most: int = 2**63 - 1) -> tuple[datetime, str, int] | None:
    """The place in a list that `cursor` names by an instant, a word and a number up to `most`. Raises Malformed."""
    if cursor is None:
        return None
    at, word, number = place(cursor, parts=3)
    try:
        return datetime.fromisoformat(at).astimezone(UTC), word, max(0, min(int(number), most))
    except (ValueError, OverflowError) as error:
        raise Malformed([("/query/cursor", "not_a_cursor")]) from error


def newest(cursor: str | None) -> tuple[datetime, int] | None:
    """The place in a list with the newest first that `cursor` names: an instant and a number. Raises Malformed."""
    if cursor is None:
        return None
    at, number = place(cursor, parts=2)
    try:
        return datetime.fromisoformat(at).astimezone(UTC), max(0, min(int(number), 2**63 - 1))
    except (ValueError, OverflowError) as error:
        raise Malformed([("/query/cursor", "not_a_cursor")]) from error
