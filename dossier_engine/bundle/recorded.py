"""What a record holds, in words: numbers and dates of documents, results, counts."""

from collections.abc import Callable, Mapping, Sequence

from dossier_engine.bundle.material import Material
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import dated, said
from dossier_engine.rules.entry import Json
from dossier_engine.rules.workflow import (
    Broadcast,
    Confirmation,
    Criteria,
    Display,
    Documents,
    Receipt,
    Requirement,
    SectorConfirmations,
    Survey,
    Vote,
)

HASH_SHOWN = 12
"""How many hexadecimal digits of a hash are enough for the eye."""

Items = Sequence[Mapping[str, Json]]


def recorded(words: Catalogue, material: Material, requirement: Requirement, items: Items) -> list[str]:
    """A line for each item of `requirement`, or one for those that say the same."""
    match requirement:
        case Documents(documents=documents):
            labels = {d.kind: said(words, d.label) for d in documents}
            return [f"{labels.get(str(i['item']), i['item'])}: {document(words, i)}" for i in items]
        case Criteria():
            return _criteria(words, items)
        case SectorConfirmations() | Confirmation():
            return [_confirmation(words, material, i) for i in items]
        case _:
            return [_COUNTS[type(requirement)](words, i) for i in items]


def document(words: Catalogue, item: Mapping[str, Json]) -> str:
    """Number and date of a document, what else is known of it, and the beginning of its hash."""
    told = []
    if "number" in item:
        told.append(words.say("sheet.of_number", value=item["number"]))
    if "date" in item:
        told.append(words.say("sheet.of_date", value=dated(str(item["date"]))))
    told += [str(item[name]) for name in item if name not in ("item", "number", "date", "sha256")]
    if "sha256" in item:
        told.append(words.say("sheet.of_sha256", value=str(item["sha256"])[:HASH_SHOWN]))
    return ", ".join(told)


def _criteria(words: Catalogue, items: Items) -> list[str]:
    lines = []
    for result in ("met", "not_met"):
        numbers = sorted((str(i["item"]) for i in items if i["result"] == result), key=_in_order)
        if numbers:
            lines.append(words.say(f"sheet.criteria_{result}", numbers=", ".join(numbers)))
    return lines


def _in_order(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isdecimal() else (1_000_000, number)


def _confirmation(words: Catalogue, material: Material, item: Mapping[str, Json]) -> str:
    code = str(item["item"])
    office = said(words, material.offices[code].name) if code in material.offices else code
    written = {name: value for name, value in item.items() if name not in ("item", "result")}
    result = words.say(f"sheet.{item['result']}")
    return f"{office}: {result}, {document(words, written)}"


def _broadcast(words: Catalogue, item: Mapping[str, Json]) -> str:
    return words.say("sheet.broadcast", day=dated(str(item["item"])), times=item["times"])


def _display(words: Catalogue, item: Mapping[str, Json]) -> str:
    return words.say("sheet.display", first=dated(str(item["from"])), last=dated(str(item["to"])))


def _vote(words: Catalogue, item: Mapping[str, Json]) -> str:
    vote = words.say("sheet.vote", agree=item["agree"], present=item["present"])
    return f"{vote} {words.say('sheet.vote_members', members=item['members'])}" if "members" in item else vote


def _survey(words: Catalogue, item: Mapping[str, Json]) -> str:
    return words.say("sheet.survey", satisfied=item["satisfied"], answered=item["answered"], asked=item["asked"])


def _receipt(words: Catalogue, item: Mapping[str, Json]) -> str:
    return words.say("sheet.receipt", day=dated(str(item["on"])))


_COUNTS: dict[type[Requirement], Callable[[Catalogue, Mapping[str, Json]], str]] = {
    Broadcast: _broadcast,
    Display: _display,
    Vote: _vote,
    Survey: _survey,
    Receipt: _receipt,
}
