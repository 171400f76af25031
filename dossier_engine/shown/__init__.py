"""What is shown of things, the same at every face: rows of values, each with its words where programs see another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dossier_engine.catalogue import Catalogue
from dossier_engine.rules.law import HANOI


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that programs and people see differently."""

    value: object
    text: str


Row = Mapping[str, object]


def text(words: Catalogue, value: object) -> str:
    """A value in words: dates as dd/mm/yyyy, instants in Hanoi time, yes and no, a dash for nothing."""
    if isinstance(value, Shown):
        return value.text
    if value is None or value == "":
        return words.say("say.none")
    if isinstance(value, bool):
        return words.say("say.yes" if value else "say.no")
    if isinstance(value, datetime):
        return value.astimezone(HANOI).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, (list, tuple)):
        return ", ".join(text(words, v) for v in value) or words.say("say.none")
    return str(value)


def plain(value: object) -> object:
    """A value as JSON holds it: instants in Hanoi time."""
    if isinstance(value, Shown):
        return plain(value.value)
    if isinstance(value, datetime):
        return value.astimezone(HANOI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, frozenset)):
        return [plain(v) for v in value]
    return value
