"""One entry of a dossier in words: who, when, what, on what grounds, and which dates it sets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dossier_engine.bundle.material import (
    Dossier,
    Entry,
    Material,
    actor_of,
    body_of,
    keys,
    objects,
    recorded_at,
    seq_of,
)
from dossier_engine.bundle.recorded import document, recorded
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import about, act_label, addressee, dated, named, said
from dossier_engine.rules.entry import Json, canonical, leaf_hash
from dossier_engine.rules.workflow import Confirmation, Documents, SectorConfirmations

SYSTEM = "system:"
"""How the names of machines begin."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words; `at` is in Hanoi time. `grounds` are documents, reasons and what is to be supplemented."""

    seq: int
    at: datetime
    effective_on: date
    who: str
    is_machine: bool
    role: str
    office: str
    act: str
    details: tuple[str, ...]
    grounds: tuple[str, ...]
    due: tuple[str, ...]
    leaf: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells entries of one bundle in one language."""

    words: Catalogue
    material: Material

    def tell(self, dossier: Dossier, entry: Entry) -> Told:
        """`entry` of `dossier`, in words."""
        actor, body = actor_of(entry), body_of(entry)
        return Told(
            seq=seq_of(entry),
            at=recorded_at(entry),
            effective_on=date.fromisoformat(str(entry["effective_on"])),
            who=self._who(actor),
            is_machine=str(actor["person"]).startswith(SYSTEM),
            role=self.words.say(f"role.{actor['role']}") if actor["role"] else "",
            office=self.office(str(actor["office"])) if actor["office"] else "",
            act=act_label(self.words, dossier.workflow, str(entry["kind"]), body),
            details=tuple(self._details(dossier, str(entry["kind"]), body)),
            grounds=tuple(self._grounds(dossier, entry, body)),
            due=tuple(self._due(dossier, body)),
            leaf=leaf_hash(canonical(entry)).hex(),
        )

    def subject(self, dossier: Dossier) -> str:
        """What the dossier is about: an office, or a locality with what it lies in, up to the province."""
        if "office" in dossier.opening:
            return self.office(str(dossier.opening["office"]))
        code, names = str(dossier.opening["locality"]), []
        while code in self.material.localities:
            place = self.material.localities[code]
            names.append(place.name)
            code = place.parent
        return ", ".join(names) or code

    def office(self, code: str) -> str:
        """An office by its name."""
        return said(self.words, self.material.offices[code].name) if code in self.material.offices else code

    def person(self, person: str) -> str:
        """A person by name, or by id where the name is not there any more; a machine as what it is."""
        if person.startswith(SYSTEM):
            return self.words.say("sheet.machine")
        return self.material.people.get(person) or self.words.say("sheet.nameless", person=person)

    def _who(self, actor: Mapping[str, Json]) -> str:
        who = self.person(str(actor["person"]))
        if actor["on_behalf_of"] is None:
            return who
        return self.words.say("sheet.on_behalf", who=who, instead_of=self.person(str(actor["on_behalf_of"])))

    def _details(self, dossier: Dossier, kind: str, body: Mapping[str, Json]) -> Iterator[str]:
        match kind:
            case "registered":
                yield from self._registered(body)
            case "moved":
                yield from self._moved(dossier, body)
            case "recorded" if not self._is_written(dossier, body):
                yield from self._recorded(dossier, body)
            case "escalated" | "climbed" | "answered":
                yield from self._escalation(body)
            case "recomputed":
                yield self.words.say("sheet.ordered_by", who=self.person(str(body["ordered_by"])))
            case "resumed":
                yield self.words.say("sheet.paused_from", day=dated(str(body["paused_from"])))

    def _registered(self, body: Mapping[str, Json]) -> Iterator[str]:
        say = self.words.say
        if body["level"]:
            yield say("sheet.applies", level=say(f"level.{body['level']}"))
        yield say("sheet.of_year", year=body["target_year"])
        if body["continues"]:
            yield say("sheet.continues", dossier=body["continues"])

    def _moved(self, dossier: Dossier, body: Mapping[str, Json]) -> Iterator[str]:
        say, workflow = self.words.say, dossier.workflow
        origin, target = (named(self.words, workflow, str(body[end])) for end in ("from", "to"))
        yield say("sheet.moved", origin=origin, target=target)
        if workflow.transitions[str(body["transition"])].returns:
            yield say("sheet.round", round=body["round"])
        if "successor" in body:
            yield say("sheet.successor", dossier=body["successor"])

    def _escalation(self, body: Mapping[str, Json]) -> Iterator[str]:
        say = self.words.say
        if "escalation" in body:
            yield say("sheet.about_entry", seq=body["escalation"])
        if "cause" in body and body["cause"] != "stalled":  # the act says so already
            yield say("sheet.cause", cause=say(f"cause.{body['cause']}"))
        if "addressee" in body:
            yield say("sheet.addressee", addressee=addressee(self.words, str(body["addressee"])))

    def _grounds(self, dossier: Dossier, entry: Entry, body: Mapping[str, Json]) -> Iterator[str]:
        say, workflow = self.words.say, dossier.workflow
        if entry["kind"] == "recorded" and self._is_written(dossier, body):
            yield from self._recorded(dossier, body)
        if "number" in body:
            yield say("sheet.document", document=document(self.words, {n: body[n] for n in ("number", "date")}))
        if met := keys(body.get("met")):
            labels = [named(self.words, workflow, key) for key in met]
            yield say("sheet.met", requirements="; ".join(labels))
        if isinstance(entry["private"], dict) and "reason" in entry["private"]:
            yield say("sheet.reason", words=self._private(entry, "reason"))
        for number, key in enumerate(keys(body.get("supplements")), 1):
            label = named(self.words, workflow, key)
            yield say("sheet.supplement", label=label, words=self._private(entry, f"supplement_{number}"))

    def _is_written(self, dossier: Dossier, body: Mapping[str, Json]) -> bool:
        """Whether a record is of documents, which are grounds, and not of results or counts."""
        requirement = dossier.workflow.requirements[str(body["requirement"])]
        return isinstance(requirement, Documents | SectorConfirmations | Confirmation)

    def _recorded(self, dossier: Dossier, body: Mapping[str, Json]) -> list[str]:
        requirement = dossier.workflow.requirements[str(body["requirement"])]
        return recorded(self.words, self.material, requirement, objects(body["items"]))

    def _private(self, entry: Entry, name: str) -> str:
        """The words that an entry only commits to, or that they were erased."""
        key = (str(entry["stream"]), seq_of(entry), name)
        return self.material.private.get(key, self.words.say("sheet.erased"))

    def _due(self, dossier: Dossier, body: Mapping[str, Json]) -> Iterator[str]:
        for due in objects(body.get("due")):
            label = about(self.words, dossier.workflow, str(due["deadline"]))
            yield self.words.say("sheet.due", label=label, day=dated(str(due["on"])))
        for asked in (body, *objects(body.get("escalations"))):
            if asked.get("answer_by"):
                yield self.words.say("sheet.answer_by", day=dated(str(asked["answer_by"])))
