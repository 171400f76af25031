"""The invented people of a programme: who sits in which office, and who stands in for whom."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product

from sqlmodel import Session

from config.provinces import LocalityRow, OfficeRow
from dossier_engine.commands.desk import Act
from dossier_engine.commands.people import Appoint, add_person, appoint
from dossier_engine.demonstration.words import Words
from dossier_engine.rules.authority import OFFICE_KINDS, ROLE_LEVELS, ROLES, level_of, part_of
from dossier_engine.rules.names import fold

CHANNEL = "simulation"
SYSTEM = Act(person="system:demonstration", channel=CHANNEL)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in an office that somebody is appointed to, and the handle they get."""

    role: str
    office: str
    path: str
    handle: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody appointed: `person` is the random id that history knows."""

    person: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Absence:
    """`member` is away from `from_on` to `to_on`, both included, and `stand_in` acts on their behalf."""

    member: Member
    stand_in: Member
    from_on: date
    to_on: date


@dataclass(slots=True)
class Cast:
    """Everybody who acts, in the order of appointment, and the absences known so far."""

    members: tuple[Member, ...]
    absences: list[Absence] = field(default_factory=list)

    def holder(self, role: str, territory: str, *, level: int | None = None, turn: int = 0) -> Member:
        """Who holds `role` for `territory`, in the office nearest to it unless `level` says which.

        `turn` shares the work of an office between several. Raises LookupError when nobody does.
        """
        levels = [level] if level is not None else sorted(ROLE_LEVELS[role], reverse=True)
        for tried in levels:
            here = part_of(territory, tried)
            found = [m for m in self.members if m.seat.role == role and m.seat.path == here]
            if found:
                return found[turn % len(found)]
        raise LookupError(f"nobody is {role} for {territory}")

    def confirmer(self, office: str) -> Member:
        """Who confirms in writing for `office`. Raises LookupError when nobody does."""
        for member in self.members:
            if member.seat.role == "sector_confirmer" and member.seat.office == office:
                return member
        raise LookupError(f"nobody confirms for {office}")

    def acting(self, member: Member, on: date) -> Member:
        """`member`, or whoever stands in for them on that day."""
        away = (a for a in self.absences if a.member == member and a.from_on <= on <= a.to_on)
        return next((a.stand_in for a in away), member)


def seats(
    offices: Sequence[OfficeRow],
    territories: Mapping[str, str],
    names: Mapping[str, str],
    words: Words,
    taking_part: Sequence[str],
) -> tuple[Seat, ...]:
    """The seats of a programme in which the territories `taking_part` have dossiers.

    `territories` gives the path of each locality, `names` the name its handles use. Provincial offices all have seats;
    those of districts and communes where a dossier is theirs to work on.
    """
    found = []
    for role in ROLES:
        for office in offices:
            path = territories[office.locality]
            level = level_of(path)
            if office.kind not in OFFICE_KINDS[role] or level not in ROLE_LEVELS[role]:
                continue
            if level > 1 and not any(t.startswith(path) for t in taking_part):
                continue
            # The provincial Front has no seat: its districts do the surveys.
            if level == 1 and role == "front_surveyor":
                continue
            for pattern in words.handles[role]:
                handle = pattern.format(place=names.get(office.locality, ""), office=office.code)
                found.append(Seat(role, office.code, path, handle))
    return tuple(found)


def place_names(localities: Sequence[LocalityRow], kinds: Mapping[str, str]) -> dict[str, str]:
    """For each code the name as handles use it: `cam-hung`, and `hong-phong-10666` where others have the name too.

    `kinds` gives the word that a name of that kind begins with; localities of other kinds get no name.
    """
    bare = {
        row.code: re.sub("[^a-z0-9]+", "-", fold(row.name).removeprefix(f"{fold(kinds[row.kind])} "))
        for row in localities
        if row.kind in kinds
    }
    communes = {row.code for row in localities if row.kind == "commune"}
    bearers = Counter((name, code in communes) for code, name in bare.items())
    return {code: name if bearers[name, code in communes] == 1 else f"{name}-{code}" for code, name in bare.items()}


def hire(
    session: Session,
    wanted: Sequence[Seat],
    words: Words,
    *,
    valid_from: date,
    now: datetime,
    rng: random.Random,
) -> Cast:
    """Add an invented person for every seat and appoint them from `valid_from` on; the first of an office heads it."""
    full_names = [f"{family} {given}" for family, given in product(words.family_names, words.given_names)]
    names = rng.sample(full_names, len(wanted))
    members: list[Member] = []
    headed: set[str] = set()
    for seat, name in zip(wanted, names, strict=True):
        person = add_person(session, seat.handle, words.person.format(name=name), SYSTEM, now=now, rng=rng)
        order = Appoint(
            person=person,
            role=seat.role,
            office=seat.office,
            valid_from=valid_from,
            valid_to=None,
            act=SYSTEM,
            head=seat.office not in headed,
        )
        appoint(session, order, now=now, rng=rng)
        headed.add(seat.office)
        members.append(Member(person, seat))
    return Cast(tuple(members))
