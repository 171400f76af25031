"""Honest bundles of every kind, made quickly: beginnings of lives that were lived through, in whole or in part."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.rules.entry import canonical
from dossier_engine.rules.policy import Policy
from tests.verifier.forging import INSPECTORATE, NEIGHBOUR, THE_LOG, Members, Signer, Story, members, story_of
from tests.verifier.lives import live

BEGUN = "2024-08-21"  # since then dossiers have been opened in the order of their numbers
WITNESSES = (INSPECTORATE, NEIGHBOUR)
DOSSIER = "dossier/"


@dataclass(frozen=True)
class Honest:
    """A bundle that must be accepted by this policy."""

    members: Members
    policy: Policy


def lived(folder: Path, seed: int) -> Story:
    """A life, with the persons, salts and codes of that seed."""
    database = Database(f"sqlite:///{folder / f'lived-{seed}.db'}")
    upgrade(database)
    live(database, seed=seed)
    found = story_of(database)
    database.close()
    found.raw = {(e["stream"], e["seq"]): canonical(e) for entries in found.entries.values() for e in entries}
    return found


def until(story: Story, instant: str, *codes: str) -> Story:
    """The same life as it stood then, only these dossiers if any are named, without definitions that nobody used."""
    entries = {
        stream: [dict(entry) for entry in entries if entry["at"] <= instant]
        for stream, entries in story.entries.items()
        if not codes or not stream.startswith(DOSSIER) or stream.removeprefix(DOSSIER) in codes
    }
    used = {
        entry["body"].get("definition") for stream in entries if stream.startswith(DOSSIER) for entry in entries[stream]
    }
    entries["definitions"] = [entry for entry in entries["definitions"] if entry["body"]["definition"] in used]
    kept = {stream: found for stream, found in entries.items() if found}
    private = [p for p in story.private if p["seq"] <= len(kept.get(p["stream"], ()))]
    raw = {at: data for at, data in story.raw.items() if at[0] != "definitions"}
    return replace(story, entries=kept, private=private, raw=raw)


def policy(witnesses: Sequence[Signer], quorum: str = "all", log: Signer = THE_LOG) -> Policy:
    """A policy that knows these witnesses and asks for all or any of them."""
    lines = [f"log {log.key}", *(f"witness {w.name} {w.key}" for w in witnesses)]
    if witnesses:
        lines.append(f"group enough {quorum} {' '.join(w.name for w in witnesses)}")
    lines.append(f"quorum {'enough' if witnesses else 'none'}")
    return Policy.parse("".join(f"{line}\n" for line in lines).encode())


def policy_text(found: Policy) -> bytes:
    """The file that says this policy."""
    lines = [
        *(f"log {key}" for key in found.logs),
        *(f"witness {name} {key}" for name, key in found.witnesses.items()),
        *(f"group {name} {group.threshold} {' '.join(group.members)}" for name, group in found.groups.items()),
        f"quorum {found.quorum}",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def any_honest(rng: random.Random, lives: Sequence[Story]) -> Honest:
    """One of the many bundles that an honest installation could hand out."""
    whole = rng.choice(lives)
    instants = sorted(at for at, _, _ in whole.in_order() if at > BEGUN)
    story = until(whole, rng.choice(instants))
    for _ in range(rng.choice((0, 0, 1, 2))):
        erase(story, rng)
    witnesses = tuple(w for w in WITNESSES if rng.random() < 0.8)
    story = replace(
        story, witnesses=witnesses, delay=timedelta(seconds=rng.randrange(3_000)),
        checkpoints=tuple(rng.random() for _ in range(rng.randrange(4))),
    )  # fmt: skip
    known = [*witnesses, *(w for w in WITNESSES if w not in witnesses and rng.random() < 0.5)]
    quorum = "all" if len(known) == len(witnesses) else "any"
    codes = sorted(s.removeprefix(DOSSIER) for s in story.entries if s.startswith(DOSSIER))
    scope = None if rng.random() < 0.4 else tuple(sorted(rng.sample(codes, rng.randint(1, len(codes)))))
    return Honest(members(story, scope), policy(known if witnesses else (), quorum))


def erase(story: Story, rng: random.Random) -> None:
    """Some dossier's private value erased, as the last thing that happened."""
    beside = [p for p in story.private if p["stream"].startswith(DOSSIER)]
    if not beside:
        return
    gone = rng.choice(beside)
    story.private = [p for p in story.private if p is not gone]
    people = story.entries["people"]
    administrator = next(e["body"] for e in people if e["body"].get("role") == "administrator")
    at = datetime.fromisoformat(story.in_order()[-1][0]) + timedelta(minutes=1)
    entry: dict[str, Any] = {
        **people[-1], "seq": len(people) + 1, "kind": "erased", "private": {}, "channel": "cli", "request": None,
        "at": at.isoformat(timespec="microseconds").replace("+00:00", "Z"), "effective_on": at.date().isoformat(),
        "actor": {
            "person": administrator["person"], "role": "administrator", "office": administrator["office"],
            "territory": administrator["territory"], "on_behalf_of": None,
        },
        "body": {"erased": [[gone["stream"], gone["seq"], gone["name"]]], "basis": "văn bản 5/STP"},
    }  # fmt: skip
    people.append(entry)
