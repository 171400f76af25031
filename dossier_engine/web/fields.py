"""What is asked on a form for each type of requirement, and what was typed there as the fact that is recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import dated
from dossier_engine.errors import BadInput
from dossier_engine.rules.requirements import Value
from dossier_engine.rules.workflow import (
    Broadcast,
    Confirmation,
    Display,
    Document,
    Documents,
    Receipt,
    Requirement,
    SectorConfirmations,
    Survey,
    Vote,
)
from dossier_engine.web.typed import Typed

FILE, HASH, OFFICE = "file", "sha256", "office"
_DAYS = frozenset({"date", "on", "from", "to"})
_RESULTS = ("agree", "disagree")


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form; a count that is not `needed` may be left out."""

    name: str
    kind: Literal["line", "day", "count", "result", "file"]
    needed: bool = True


def kind_of(requirement: Requirement) -> str:
    """The type of a requirement, as words and forms name it."""
    match requirement:
        case Documents():
            return "document"
        case Broadcast():
            return "broadcast"
        case Display():
            return "display"
        case Vote():
            return "vote"
        case Survey():
            return "survey"
        case SectorConfirmations() | Confirmation():
            return "confirmation"
        case Receipt():
            return "receipt"
        case _:
            return "criteria"


def fields_of(requirement: Requirement) -> tuple[Field, ...]:
    """What is asked of a requirement that is no document and no criterion."""
    match requirement:
        case Broadcast():
            return Field("on", "day"), Field("times", "count")
        case Display():
            return Field("from", "day"), Field("to", "day")
        case Vote(quorum=quorum):
            return Field("agree", "count"), Field("present", "count"), Field("members", "count", quorum is not None)
        case Survey():
            return Field("satisfied", "count"), Field("answered", "count"), Field("asked", "count")
        case SectorConfirmations() | Confirmation():
            return Field("result", "result"), Field("number", "line"), Field("date", "day")
        case Receipt():
            return (Field("on", "day"),)
        case _:
            return ()


def document_fields(document: Document) -> tuple[Field, ...]:
    """What is asked of a document; its file comes last, so that all the rest is known when it comes."""
    told = [Field(name, "day" if name in _DAYS else "line") for name in document.fields if name != HASH]
    return (*told, *([Field(FILE, "file")] if HASH in document.fields else []))


def value_of(fields: Iterable[Field], typed: Typed) -> dict[str, str | int]:
    """What was typed into these, without the file. Raises BadInput."""
    found: dict[str, str | int] = {}
    for one in fields:
        match one.kind:
            case "day":
                found[one.name] = typed.day(one.name).isoformat()
            case "count":
                if one.needed or typed.raw(one.name).strip():
                    found[one.name] = typed.number(one.name)
            case "line":
                found[one.name] = typed.line(one.name)
            case "result":
                found[one.name] = _result(typed.raw(one.name))
            case "file":
                pass
    return found


def item_of(requirement: Requirement, value: dict[str, str | int], typed: Typed) -> str:
    """The item that a fact is of; the day of a broadcast is its item and no part of its value."""
    match requirement:
        case Broadcast():
            return str(value.pop("on"))
        case Display():
            return "period"
        case SectorConfirmations() | Confirmation():
            return typed.line(OFFICE)
        case _:
            return kind_of(requirement)


def as_typed(fields: Iterable[Field], value: Value) -> Typed:
    """What stands recorded, as if it had been typed: it is put right more often than it is written anew."""
    found: dict[str, list[str]] = {}
    for one in fields:
        if one.name not in value:
            continue
        text = str(value[one.name])
        if one.kind == "day":
            year, month, day = text.split("-")
            found |= {f"{one.name}-day": [day], f"{one.name}-month": [month], f"{one.name}-year": [year]}
        else:
            found[one.name] = [text]
    return Typed(found)


def label(words: Catalogue, kind: str, name: str) -> str:
    """What a field of a type of requirement is called; a province may ask for fields of its own."""
    key = f"page.fill.{kind}_{name}"
    return words.say(key) if words.has(key) else name


def labels_of(words: Catalogue, kind: str, fields: Iterable[Field]) -> dict[str, str]:
    """What the fields of a form are called."""
    return {one.name: label(words, kind, one.name) for one in fields}


def in_words(words: Catalogue, name: str, value: str | int) -> str:
    """A recorded value in words."""
    if name in _DAYS:
        return dated(str(value))
    return words.say(f"page.fill.result_{value}") if name == "result" else str(value)


def _result(text: str) -> str:
    if not text:
        raise BadInput("result", "", "missing")
    if text not in _RESULTS:
        raise BadInput("result", text, "not_a_choice")
    return text
