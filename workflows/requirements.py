"""Requirements: one function for what they share, one line for what each type has of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dossier_engine.rules.limits import Limit
from dossier_engine.rules.workflow import (
    RECOGNITION_LEVELS,
    Broadcast,
    Confirmation,
    Criteria,
    Display,
    Document,
    Documents,
    Holds,
    Provenance,
    Receipt,
    Requirement,
    SectorConfirmations,
    ShareOfCommunes,
    Survey,
    Text,
    Vote,
)
from workflows import terms
from workflows.section import SLUG, Section

_Shared = tuple[str, Text, Provenance, str | None, int | None, Limit | None]
_Build = Callable[[Section, _Shared], Requirement]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who records a requirement's facts, and at which level, unless the requirement says otherwise."""

    by: str | None
    at: int | None


NOBODY = Recorder(None, None)


def requirements(owner: Section, recorder: Recorder = NOBODY) -> tuple[Requirement, ...]:
    """The `requires` list of a transition or of registration; none when it is left out."""
    if "requires" not in owner:
        return ()
    read = [requirement(section, recorder) for section in owner.listed("requires", by="key")]
    return tuple(found for found in read if found is not None)


def requirement(section: Section, recorder: Recorder = NOBODY) -> Requirement | None:
    """One typed requirement; None for a type that does not exist."""
    kind = section.text("type")
    if kind in _RECORDED:
        return _RECORDED[kind](section, _shared(section, recorder))
    if kind in _LOOKED_UP:
        return _LOOKED_UP[kind](section, (*_named(section), None, None, None))
    if kind:
        section.fault("unknown_requirement", "type", f"{kind} is none of {', '.join((*_RECORDED, *_LOOKED_UP))}")
    section.skip()
    return None


def _named(section: Section) -> tuple[str, Text, Provenance]:
    return section.name("key"), terms.label(section), terms.provenance(section)


def _shared(section: Section, recorder: Recorder) -> _Shared:
    by = recorder.by if recorder.by and "by" not in section else terms.role(section, "by")
    at = recorder.at if recorder.at and "at" not in section else terms.level(section)
    return (*_named(section), by, at, terms.limit(section))


def _documents(section: Section) -> tuple[Document, ...]:
    return tuple(
        Document(kind=document.name("kind"), label=terms.label(document), fields=document.names("fields"))
        for document in section.listed("documents", by="kind")
    )


def _level(section: Section) -> str:
    return section.choice("level", RECOGNITION_LEVELS, "unknown_level")


_RECORDED: Mapping[str, _Build] = {
    "documents": lambda own, shared: Documents(*shared, _documents(own)),
    "criteria": lambda _, shared: Criteria(*shared),
    "broadcast": lambda own, shared: Broadcast(*shared, own.whole("times"), own.whole("within_days")),
    "display": lambda own, shared: Display(*shared, own.whole("lasts_days"), own.optional("after")),
    "vote": lambda own, shared: Vote(
        *shared, own.fraction("assent"), own.fraction("quorum") if "quorum" in own else None
    ),
    "survey": lambda own, shared: Survey(*shared, own.fraction("threshold")),
    "sector_confirmations": lambda _, shared: SectorConfirmations(*shared),
    "confirmation": lambda own, shared: Confirmation(*shared, own.name("office", SLUG)),
    "receipt": lambda _, shared: Receipt(*shared),
}

# Nobody records these: they are looked up in what is already known, so they have no recorder and no limit.
_LOOKED_UP: Mapping[str, _Build] = {
    "holds": lambda own, shared: Holds(*shared, _level(own)),
    "share_of_communes": lambda own, shared: ShareOfCommunes(*shared, _level(own), own.fraction("share")),
}
