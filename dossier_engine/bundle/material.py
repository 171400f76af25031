"""What the copies for people are made of: the dossiers' entries, and the names of what entries hold codes of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import HANOI
from dossier_engine.rules.told import Offices
from dossier_engine.rules.workflow import Text, Workflow

Entry = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Place:
    """A locality by its name; `parent` is the code of what it lies in, empty for a province."""

    kind: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Seat:
    """An office by its name; `path` is its territory, and `criteria` are the numbers it confirms."""

    name: Text
    path: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition and the stored bytes it was read from."""

    workflow: Workflow
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything the copies say.

    `streams` are the dossiers' streams by name (`dossier/CODE`), each whole and from its first entry; it is gone
    through several times, one stream after another, so a mapping that reads each when asked keeps little in memory.
    `people` has the name of a person's id, None where it is erased or withheld. `private` is keyed by stream, seq and
    name; what an entry commits to and is not there was erased. `definitions` are keyed by SHA-256. `size` counts the
    leaves of the log that the bundle looks at, `checkpoint` is the newest signed note known when it was made.
    """

    streams: Mapping[str, Sequence[Entry]]
    people: Mapping[str, str | None]
    private: Mapping[tuple[str, int, str], str]
    localities: Mapping[str, Place]
    offices: Mapping[str, Seat]
    definitions: Mapping[str, Definition]
    size: int
    checkpoint: str | None
    made_at: datetime
    made_by: str

    def dossiers(self) -> Iterator["Dossier"]:
        """Every dossier, in the order of the codes."""
        for stream in sorted(self.streams):
            entries = self.streams[stream]
            definition = str(body_of(entries[0])["definition"])
            yield Dossier(stream.partition("/")[2], entries, self.definitions[definition].workflow)

    def confirming(self, territory: str) -> Offices:
        """For each criterion number the offices over `territory` that confirm it."""
        found: dict[str, tuple[str, ...]] = {}
        for code, seat in sorted(self.offices.items()):
            for number in seat.criteria if territory.startswith(seat.path) else ():
                found[number] = (*found.get(number, ()), code)
        return found


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier: its entries, oldest first, and the definition it runs under."""

    code: str
    entries: Sequence[Entry]
    workflow: Workflow

    @property
    def opening(self) -> Mapping[str, Json]:
        """What its registration says."""
        return body_of(self.entries[0])


def body_of(entry: Entry) -> Mapping[str, Json]:
    """What an entry of its kind says."""
    return _object(entry["body"])


def actor_of(entry: Entry) -> Mapping[str, Json]:
    """Who an entry names."""
    return _object(entry["actor"])


def recorded_at(entry: Entry) -> datetime:
    """When the entry was written, in Hanoi time."""
    return datetime.fromisoformat(str(entry["at"])).astimezone(HANOI)


def seq_of(entry: Entry) -> int:
    """The entry's number in its stream."""
    return int(str(entry["seq"]))


def objects(value: Json) -> list[Mapping[str, Json]]:
    """The objects in a list that an entry may hold, or may not."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def keys(value: Json) -> list[str]:
    """The words in a list that an entry may hold, or may not."""
    return [str(item) for item in value] if isinstance(value, list) else []


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is not an object")
    return value
