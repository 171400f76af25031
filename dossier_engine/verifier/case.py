"""One dossier as its entries tell it so far, with all that the next of them is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from dossier_engine.rules.authority import ROLE_LEVELS, part_of
from dossier_engine.rules.entry import Standing
from dossier_engine.rules.requirements import Facts
from dossier_engine.rules.told import Told
from dossier_engine.rules.workflow import Holds, Requirement, ShareOfCommunes, State, Workflow
from dossier_engine.verifier.act import Act
from dossier_engine.verifier.registers import Registers


class Asked(NamedTuple):
    """A requirement that looks at other dossiers, and where and when it was asked."""

    stream: str
    seq: int
    at: str
    on: date
    locality: str
    territory: str
    requirement: Holds | ShareOfCommunes


class Moved(NamedTuple):
    """A move of a dossier, as far as other dossiers are concerned."""

    seq: int
    at: str
    on: date
    person: str
    transition: str
    to: str
    successor: str | None


class Opened(NamedTuple):
    """A registration, as far as other dossiers are concerned."""

    at: str
    on: date
    person: str
    locality: str
    territory: str
    office: str
    year: int
    continues: str | None


@dataclass(slots=True)
class Placed:
    """What of a dossier decides who hears of it."""

    state: str
    territory: str
    office: str
    holder_role: str | None
    holder_path: str | None


@dataclass(slots=True)
class Confirming:
    """Gives the offices that confirm each criterion over a territory, as adopted by the instant `at`.

    It is not the case itself, which would then hold itself through what it was told, and never be forgotten.
    """

    registers: Registers
    territory: str
    at: str

    def __call__(self) -> Mapping[str, tuple[str, ...]]:
        """By criterion number."""
        return self.registers.confirming(self.territory, self.at)


@dataclass(slots=True)
class Case:
    """A dossier under judgement. `told` and `standing` are those before the entry that is judged."""

    stream: str
    registers: Registers
    workflow: Workflow
    opened: Opened
    told: Told
    standing: Standing
    confirming: Confirming  # at the instant of the entry that is judged
    acted_on: date
    asked: list[Asked] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.workflow.states[self.standing.state]

    @property
    def placed(self) -> Placed:
        """Where it stands, as the seat of an addressee is found."""
        holder, territory = self.state.holder, self.opened.territory
        path = None if holder is None else part_of(territory, ROLE_LEVELS[holder][0])
        return Placed(self.standing.state, territory, self.opened.office, holder, path)

    def facts(self, on: date) -> Facts:
        """The facts that stand, with the offices that confirm."""
        return Facts(self.told.stage, on, self.workflow.criteria, self.told.facts, self.confirming())

    def ask(self, act: Act, requirement: Holds | ShareOfCommunes) -> None:
        """Keep a requirement that only all dossiers together can answer."""
        where = self.opened.locality, self.opened.territory
        self.asked.append(Asked(act.stream, act.seq, act.at, act.on, *where, requirement))

    def escalations(self) -> dict[int, dict[str, Any]]:
        """The open escalations of the stage, by the entry that opened them."""
        return {
            seq: row
            for (seq,), row in self.told.rows["escalation"].items()
            if row["stage_seq"] == self.told.stage and row["closed_seq"] is None
        }


@lru_cache(4_096)
def asked_in(workflow: Workflow, state: str) -> dict[str, tuple[Requirement, tuple[str, ...]]]:
    """What a state asks for, by key, each with the roles that record it."""
    return dict(workflow.asked_in(state))
