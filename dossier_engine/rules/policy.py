"""Whom an auditor believes: the logs, the witnesses, and how many of them must have cosigned.

A C2SP tlog-policy file, written by the auditor and never taken from the server. UTF-8 only; groups may hold groups.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dossier_engine.rules.note import (
    LOG,
    WITNESS,
    Check,
    Checkpoint,
    Key,
    MalformedNoteError,
    Note,
    cosigned_at,
    is_signed,
)

_LONGEST = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,5}")
_NONE = "none"


class MalformedPolicyError(ValueError):
    """The bytes are not a policy; says in which line."""


class PolicyNotMetError(ValueError):
    """The note lacks what the policy asks for; `missing` names the log or the witnesses."""

    def __init__(self, reason: str, *missing: str) -> None:
        super().__init__(f"{reason}: {', '.join(missing)}")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Verified:
    """A checkpoint that may be believed, and which witnesses of the policy saw it when (seconds since 1970)."""

    checkpoint: Checkpoint
    cosignatures: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these witnesses or groups."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, named witnesses and groups, and the one name, or `none`, that must have witnessed a checkpoint."""

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Key]
    groups: Mapping[str, Group]
    quorum: str

    @classmethod
    def parse(cls, data: bytes) -> "Policy":
        """The policy of a file. Raises MalformedPolicyError naming the line."""
        if len(data) > _LONGEST:
            raise MalformedPolicyError(f"{len(data)} bytes")
        try:
            *lines, rest = data.decode().split("\n")
        except UnicodeDecodeError as error:
            raise MalformedPolicyError("not UTF-8") from error
        if rest:  # the last word of a file cut short may be another name
            raise MalformedPolicyError(f"{len(lines) + 1}: the line does not end")
        found = _Found()
        for number, line in enumerate(lines, start=1):
            try:
                _take(found, line)
            except (MalformedPolicyError, MalformedNoteError) as error:
                raise MalformedPolicyError(f"{number}: {error}") from error
        if found.quorum is None:
            raise MalformedPolicyError("no quorum line")
        return cls(tuple(found.logs), found.witnesses, found.groups, found.quorum)

    def is_quorum(self, witnesses: set[str]) -> bool:
        """Whether these witnesses, by their names in the policy, are enough."""
        met = {_NONE, *witnesses}
        for name, group in self.groups.items():  # a group follows its members
            if len(met.intersection(group.members)) >= group.threshold:
                met.add(name)
        return self.quorum in met


def satisfied(note: Note, policy: Policy, check: Check) -> Verified:
    """The checkpoint in `note`, when the policy says it may be believed.

    Raises PolicyNotMetError for what is missing, ForgedSignatureError for a signature of a known key that does not fit,
    MalformedNoteError when the text is no checkpoint. A policy without a log is met by nothing.
    """
    checkpoint = Checkpoint.parse(note.text)
    keys = [key for key in policy.logs if key.name == checkpoint.origin]
    if not keys:
        raise PolicyNotMetError("the policy does not know the log", checkpoint.origin)
    if not [key for key in keys if is_signed(note, key, check)]:
        raise PolicyNotMetError("the log has not signed", checkpoint.origin)
    seen = [(name, cosigned_at(note, key, check)) for name, key in policy.witnesses.items()]
    cosignatures = tuple((name, at) for name, at in seen if at is not None)
    if not policy.is_quorum({name for name, _ in cosignatures}):
        absent = [name for name, at in seen if at is None]
        raise PolicyNotMetError("not enough witnesses have cosigned; without cosignature", *absent)
    return Verified(checkpoint, cosignatures)


@dataclass
class _Found:
    """What the lines so far define."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None
    public: set[bytes] = field(default_factory=set)
    members: set[str] = field(default_factory=set)


def _take(found: _Found, line: str) -> None:
    if _CONTROL.search(line):
        raise MalformedPolicyError("a control character")
    line = line.strip(" \t")
    if not line or line.startswith("#"):
        return
    match re.split(r"[ \t]+", line):
        case ["log", key] | ["log", key, _]:
            found.logs.append(_key(found, key, LOG))
        case ["witness", name, key] | ["witness", name, key, _]:
            found.witnesses[_new(found, name)] = _key(found, key, WITNESS)
        case ["group", name, threshold, *members] if members:
            found.groups[_new(found, name)] = _group(found, name, threshold, members)
        case ["quorum", name] if found.quorum is None:
            found.quorum = name if name == _NONE else _defined(found, name)
        case _:
            raise MalformedPolicyError(f"not understood, or a second quorum: {line[:80]!r}")


def _key(found: _Found, text: str, type_: int) -> Key:
    key = Key.parse(text)
    if key.type != type_:
        raise MalformedPolicyError(f"{key.name}: a key of type {key.type}, not {type_}")
    if key.public in found.public:  # nor may a log be its own witness
        raise MalformedPolicyError(f"{key.name}: the same key a second time")
    found.public.add(key.public)
    return key


def _group(found: _Found, name: str, threshold: str, members: list[str]) -> Group:
    for member in members:
        if member == name or member in found.members:
            raise MalformedPolicyError(f"{member}: a member a second time")
        found.members.add(_defined(found, member))
    words = {"all": str(len(members)), "any": "1"}
    needed = words.get(threshold, threshold)
    if not _THRESHOLD.fullmatch(needed) or int(needed) > len(members):
        raise MalformedPolicyError(f"{name}: {threshold} of {len(members)}")
    return Group(int(needed), tuple(members))


def _new(found: _Found, name: str) -> str:
    if name == _NONE or name in found.witnesses or name in found.groups:
        raise MalformedPolicyError(f"{name}: the name is taken")
    return name


def _defined(found: _Found, name: str) -> str:
    if name not in found.witnesses and name not in found.groups:
        raise MalformedPolicyError(f"{name}: not defined above")
    return name
