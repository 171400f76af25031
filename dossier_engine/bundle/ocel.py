"""`ocel.json`: the entries as an object-centric event log (OCEL 2.0 JSON), for tools of process mining.

Events are entries; the type of a move is its transition, of any other its kind. Objects are dossiers, localities,
offices and people, people by id only. Every object is one that some event is linked to.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dossier_engine.bundle.material import Dossier, Entry, Material, actor_of, body_of, seq_of
from dossier_engine.bundle.telling import SYSTEM
from dossier_engine.rules.entry import UNVERSIONED, VERSIONED, Json, canonical, leaf_hash

_FROM_THE_START = "1970-01-01T00:00:00Z"
"""The time of an attribute that never changes, as OCEL writes it."""

_OF_EVENTS = {
    "kind": "string", "seq": "integer", "effective_on": "string", "channel": "string", "from": "string",
    "to": "string", "requirement": "string", "leaf": "string",
}  # fmt: skip
_OF_OBJECTS = {
    "dossier": {"code": "string", "workflow": "string", "level": "string", "target_year": "integer", "state": "string"},
    "locality": {"code": "string", "kind": "string", "name": "string"},
    "office": {"code": "string", "name": "string", "name_en": "string"},
    "person": {},
}


class Thing(NamedTuple):
    """An object by its type and the code that is unique among those."""

    type: str
    code: str

    @property
    def id(self) -> str:
        """Unique in the log; that of a dossier is its stream."""
        return f"{self.type}/{self.code}"


def ocel(material: Material) -> Iterator[bytes]:
    """The file, a line for each event and each object."""
    yield b'{"objectTypes":' + _line([_type(name, held) for name, held in _OF_OBJECTS.items()])
    yield b',\n"eventTypes":' + _line([_type(name, _OF_EVENTS) for name in _event_types(material)])
    linked: set[Thing] = set()
    yield b',\n"events":['
    first = True
    for dossier in material.dossiers():
        lines = []
        for entry in dossier.entries:
            links = _links(dossier, entry)
            linked |= links.keys() - {Thing("dossier", dossier.code)}
            lines.append(_line(_event(dossier, entry, links)))
        yield (b"\n" if first else b",\n") + b",\n".join(lines)
        first = False
    yield b'\n],\n"objects":['
    yield b",\n".join([b"", *(_line(_object(material, thing)) for thing in sorted(linked))])[1:]
    for dossier in material.dossiers():
        yield (b",\n" if linked else b"\n") + _line(_dossier(dossier))
    yield b"\n]}\n"


def _event_types(material: Material) -> list[str]:
    moves = {name for definition in material.definitions.values() for name in definition.workflow.transitions}
    return sorted(moves | (VERSIONED | UNVERSIONED) - {"moved"})


def _type(name: str, attributes: Mapping[str, str]) -> dict[str, object]:
    return {"name": name, "attributes": [{"name": n, "type": kind} for n, kind in attributes.items()]}


def _links(dossier: Dossier, entry: Entry) -> dict[Thing, str]:
    """What an entry is linked to, and as what; somebody who acts for an office acts on what the dossier is about."""
    actor, opening = actor_of(entry), dossier.opening
    links = {Thing("dossier", dossier.code): "dossier", Thing("locality", str(opening["locality"])): "about"}
    if "office" in opening:
        links[Thing("office", str(opening["office"]))] = "about"
    if actor["office"] is not None:
        links.setdefault(Thing("office", str(actor["office"])), "acting_office")
    for name in ("person", "on_behalf_of"):
        if actor[name] is not None and not str(actor[name]).startswith(SYSTEM):
            links.setdefault(Thing("person", str(actor[name])), name)
    return links


def _event(dossier: Dossier, entry: Entry, links: Mapping[Thing, str]) -> dict[str, object]:
    body = body_of(entry)
    held: dict[str, Json] = {
        **{name: entry[name] for name in ("kind", "seq", "effective_on", "channel")},
        **{name: body[name] for name in ("from", "to", "requirement") if name in body},
        "leaf": leaf_hash(canonical(entry)).hex(),
    }
    return {
        "id": f"dossier/{dossier.code}/{seq_of(entry)}",
        "type": body["transition"] if entry["kind"] == "moved" else entry["kind"],
        "time": entry["at"],
        "attributes": [{"name": name, "value": value} for name, value in held.items()],
        "relationships": [{"objectId": thing.id, "qualifier": as_what} for thing, as_what in links.items()],
    }


def _object(material: Material, thing: Thing) -> dict[str, object]:
    held: dict[str, str] = {}
    match thing.type:
        case "locality" if thing.code in material.localities:
            place = material.localities[thing.code]
            held = {"code": thing.code, "kind": place.kind, "name": place.name}
        case "office" if thing.code in material.offices:
            name = material.offices[thing.code].name
            held = {"code": thing.code, "name": name.vi, "name_en": name.en}
    return _with(thing, [(name, _FROM_THE_START, value) for name, value in held.items()])


def _dossier(dossier: Dossier) -> dict[str, object]:
    """A dossier is in a state since the entry that brought it there."""
    held: list[tuple[str, str, Json]] = [("code", _FROM_THE_START, dossier.code)]
    held += [(name, _FROM_THE_START, dossier.opening[name]) for name in ("workflow", "level", "target_year")]
    for entry in dossier.entries:
        if entry["kind"] in ("registered", "moved"):
            held.append(("state", str(entry["at"]), body_of(entry)["to"]))
    return _with(Thing("dossier", dossier.code), held)


def _with(thing: Thing, held: list[tuple[str, str, Json]]) -> dict[str, object]:
    attributes = [{"name": name, "time": at, "value": value} for name, at, value in held]
    return {"id": thing.id, "type": thing.type, "attributes": attributes, "relationships": []}


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
