"""A workflow definition as frozen values: what a checked YAML file means, and nothing else.

Words are those of the definition files (`workflows/README.md`). Every limit and threshold carries where it was
read (`source`) and how sure that is (`status`); faces show whatever is not `verified` as not yet compared with the
original text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from dossier_engine.rules.limits import Limit

Status = Literal["verified", "predecessor", "practice", "memory", "configured", "unknown"]
STATUSES: tuple[Status, ...] = ("verified", "predecessor", "practice", "memory", "configured", "unknown")

RECOGNITION_LEVELS = ("ntm", "advanced", "model")


@dataclass(frozen=True, slots=True)
class Text:
    """A label in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a rule was read and how sure that is; `source` is empty for a choice of the province."""

    status: Status
    source: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A typed gate on a transition, on registration or on an announcement.

    `by` is the role that records its facts (None: nobody records it, it is looked up), `limit` its own limit when
    it has one, beside the limit of the state.
    """

    key: str
    label: Text
    provenance: Provenance
    by: str | None
    at: int | None
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Document:
    """One document a requirement asks for, and the fields its record must hold (`number`, `date`, `sha256`, …)."""

    kind: str
    label: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Documents(Requirement):
    """Every listed document is recorded with its fields."""

    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Criteria(Requirement):
    """Every criterion of the definition's set is met."""


@dataclass(frozen=True, slots=True)
class Broadcast(Requirement):
    """Posted or read out at least `times` times within `within_days` consecutive days."""

    times: int
    within_days: int


@dataclass(frozen=True, slots=True)
class Display(Requirement):
    """Shown in public for at least `lasts_days` days, begun no earlier than the document `after` is dated."""

    lasts_days: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Vote(Requirement):
    """Quorum: present ≥ `quorum` of members. Assent: agreed ≥ `assent` of those present. Exact fractions."""

    assent: Fraction
    quorum: Fraction | None


@dataclass(frozen=True, slots=True)
class Survey(Requirement):
    """Satisfied ≥ `threshold` of those who answered; an exact fraction."""

    threshold: Fraction


@dataclass(frozen=True, slots=True)
class SectorConfirmations(Requirement):
    """Every criterion of the set is confirmed in writing by each office that confirms it."""


@dataclass(frozen=True, slots=True)
class Confirmation(Requirement):
    """One named office confirms in writing."""

    office: str


@dataclass(frozen=True, slots=True)
class Receipt(Requirement):
    """The holder records the day on which the full dossier was received; it belongs to its stage."""


@dataclass(frozen=True, slots=True)
class Holds(Requirement):
    """Precondition: the subject is recognised at `level` on the day of the act."""

    level: str


@dataclass(frozen=True, slots=True)
class ShareOfCommunes(Requirement):
    """Aggregate: at least `share` of the district's communes (xã) are recognised at `level`; an exact fraction."""

    level: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `working_days` from the due date (negative: before), or weekly on `weekday` after it.

    `to` is a role or one of `holder`, `head`; `mandate` says whether the addressee is informed or must answer
    within `answer_days` working days.
    """

    working_days: int | None
    weekday: int | None
    to: str
    kind: Literal["remind", "escalate"]
    mandate: Literal["inform", "must_answer"]
    answer_days: int | None

    @property
    def name(self) -> str:
        """How the ledger names it: `-5wd`, `0wd`, `+3wd`, `weekly`."""
        if self.working_days is None:
            return "weekly"
        return f"{self.working_days:+d}wd" if self.working_days else "0wd"


@dataclass(frozen=True, slots=True)
class State:
    """Where a dossier may stand. A final state has no holder and no limit, but may keep `may_still` acts."""

    key: str
    milestone: str | None
    label: Text
    final: bool
    holder: str | None
    limit: Limit | None
    ladder: tuple[Rung, ...]
    announce: Requirement | None


@dataclass(frozen=True, slots=True)
class Transition:
    """A named, guarded move. `at` is the level (1 province, 2 district, 3 commune) of the actor's office.

    `returns` asks for a list of supplements and opens a new round; `while_paused` may be taken with the clock
    stopped; `opens_next_year` and `needs_successor` say what `carry_over` and `succeed` do besides moving;
    `limit` replaces that of the target state for the stage it opens.
    """

    name: str
    label: Text
    origins: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    at: int
    requires: tuple[Requirement, ...]
    reason: bool
    returns: bool
    while_paused: bool
    opens_next_year: bool
    needs_successor: bool
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Opening:
    """Who registers a dossier, from which level, and on what conditions."""

    by: tuple[str, ...]
    levels: tuple[int, ...]
    requires: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the set, keyed by its number; `offices` confirm it (empty: the province's register says)."""

    number: str
    label: Text
    provenance: Provenance
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """The criteria a dossier of this definition must meet."""

    key: str
    title: Text
    provenance: Provenance
    criteria: tuple[Criterion, ...]


NO_CRITERIA = CriteriaSet("", Text("", ""), Provenance("configured"), ())


@dataclass(frozen=True, slots=True, eq=False)
class Workflow:
    """One version of a definition, identified by `name@version` and the SHA-256 of the bytes it was read from.

    `kinds` are those of localities, or of offices where that is what it is about; such a definition has neither a level
    (it is empty) nor criteria. `stalled` is the rung that many working days after the last act by a person, if there is
    one; `difficulty` says to whom a difficulty that somebody raises is brought, and how long they have to answer.
    """

    name: str
    version: str
    sha256: str
    title: Text
    subject: Literal["commune", "district", "office"]
    kinds: tuple[str, ...]
    level: str
    abbreviation: str
    valid_from: date
    valid_to: date | None
    legal_basis: tuple[str, ...]
    goal: str
    milestones: tuple[str, ...]
    initial: str
    register: Opening
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    pause_by: tuple[str, ...]
    extend_by: Mapping[str, tuple[str, ...]]
    separation: Mapping[str, tuple[str, ...]]
    stalled: Rung | None
    difficulty: Rung
    criteria: CriteriaSet
    requirements: Mapping[str, Requirement] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """`name@version`, as people and history entries cite it."""
        return f"{self.name}@{self.version}"

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The transitions that `state` has, in the order of the file."""
        return tuple(t for t in self.transitions.values() if state in t.origins)

    def reaching(self, milestone: str) -> set[str]:
        """The states at a milestone or beyond it."""
        if milestone not in self.milestones:
            return set()
        there = self.milestones[self.milestones.index(milestone) :]
        return {key for key, state in self.states.items() if state.milestone in there}

    def short_of(self, milestone: str) -> set[str]:
        """The states from which a dossier may still come to a milestone."""
        there = self.reaching(milestone)
        return {key for key, state in self.states.items() if not state.final and key not in there}

    def asked_in(self, state: str) -> Mapping[str, tuple[Requirement, tuple[str, ...]]]:
        """What `state` asks for, by key, each with the roles that record it: for the ways out, and to announce."""
        asked = {r.key: (r, (r.by,) if r.by else t.by) for t in self.leaving(state) for r in t.requires}
        announce = self.states[state].announce
        if announce is not None and announce.by is not None:
            asked[announce.key] = (announce, (announce.by,))
        return asked
