"""Which localities take part in the invented programme, and what they must have been recognised as before it.

The plan says how many, the definitions say on what conditions, the seed says which. Where the recognitions that
public sources name are too few for a condition, earlier ones are invented and marked so.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.provinces import LocalityRow, PlanRow, RecognitionRow, TargetRow
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Holds, ShareOfCommunes, Workflow


@dataclass(frozen=True, slots=True)
class Candidate:
    """One locality or office, by its code, that shall reach `milestone` under `workflow`."""

    workflow: Workflow
    milestone: str
    code: str
    territory: str


@dataclass(frozen=True, slots=True)
class Programme:
    """Who takes part, and the invented earlier recognitions as (level, code)."""

    candidates: tuple[Candidate, ...]
    invented: tuple[tuple[str, str], ...]


def pursued(plan: PlanRow, law: Law) -> tuple[tuple[TargetRow, Workflow], ...]:
    """The targets of the plan that an active definition serves, each with it."""
    active = [law.workflows[sha256] for sha256 in law.active.values()]
    return tuple((t, w) for t in plan.targets for w in active if (t.subject, t.level) == (w.subject, w.level))


def paths(localities: Sequence[LocalityRow]) -> dict[str, str]:
    """The territory of each code; parents stand before children."""
    found: dict[str, str] = {}
    for row in localities:
        found[row.code] = f"{found[row.parent] if row.parent else ''}{row.code}/"
    return found


def exists(locality: LocalityRow, on: date) -> bool:
    """Whether the unit is there under this row on that day."""
    return (locality.valid_from or on) <= on <= (locality.valid_to or on)


def choose(
    law: Law,
    plan: PlanRow,
    localities: Sequence[LocalityRow],
    recognitions: Sequence[RecognitionRow],
    *,
    opening: date,
    rng: random.Random,
) -> Programme:
    """Draw the programme of the plan's year, which opens on `opening`."""
    draw = _Draw(localities, recognitions, opening, rng)
    # Districts first: what is invented for them widens the choice of communes that must be recognised already.
    for target, workflow in sorted(pursued(plan, law), key=lambda p: (p[1].subject != "district", not _held_by(p[1]))):
        draw.take(target, workflow)
    return Programme(tuple(draw.candidates), tuple(draw.invented))


def _held_by(workflow: Workflow) -> tuple[str, ...]:
    return tuple(r.level for r in workflow.register.requires if isinstance(r, Holds))


class _Draw:
    """The localities still to be had and the recognitions so far, while the programme is drawn."""

    def __init__(
        self,
        localities: Sequence[LocalityRow],
        recognitions: Sequence[RecognitionRow],
        opening: date,
        rng: random.Random,
    ) -> None:
        there = [row for row in localities if exists(row, opening)]
        # A unit that is merged away before the year ends would need a successor; that is a story of its own.
        self.lasting = [row for row in there if exists(row, date(opening.year, 12, 31))]
        self.communes = [row for row in there if row.kind == "commune"]
        self.paths = paths(localities)
        self.held: dict[str, set[str]] = {}
        for recognition in recognitions:
            self.held.setdefault(recognition.level, set()).add(recognition.code)
        self.rng = rng
        self.candidates: list[Candidate] = []
        self.invented: list[tuple[str, str]] = []

    def take(self, target: TargetRow, workflow: Workflow) -> None:
        """Choose the target's number of localities, inventing what the definition asks them to be already."""
        required = _held_by(workflow)
        able = self._able(workflow, required)
        if workflow.subject == "district" or len(able) >= target.count:
            chosen = self.rng.sample(able, target.count)
        else:
            fresh = [code for code in self._able(workflow, ()) if code not in able]
            chosen = able + self.rng.sample(fresh, target.count - len(able))
        for code in sorted(chosen):
            for level in required:
                self._invent(level, code)
            self._share(workflow, code)
            self.candidates.append(Candidate(workflow, target.milestone, code, self.paths[code]))

    def _able(self, workflow: Workflow, required: Sequence[str]) -> list[str]:
        """Lasting units of the right kind; communes only with the levels `required`, or with none where none is."""
        taken = {c.code for c in self.candidates}
        units = [row.code for row in self.lasting if row.kind in workflow.kinds and row.code not in taken]
        if workflow.subject == "district":
            return units
        if not required:
            return [code for code in units if not any(code in codes for codes in self.held.values())]
        own = self.held.get(workflow.level, set())
        return [c for c in units if c not in own and all(c in self.held.get(level, set()) for level in required)]

    def _share(self, workflow: Workflow, district: str) -> None:
        """Recognise as many of the district's communes as an aggregate over them asks."""
        asked = [r for t in workflow.transitions.values() for r in t.requires if isinstance(r, ShareOfCommunes)]
        inside = [row.code for row in self.communes if row.parent == district]
        for requirement in asked:
            held = self.held.get(requirement.level, set())
            others = [code for code in inside if code not in held]
            enough = -(-requirement.share.numerator * len(inside) // requirement.share.denominator)
            for code in sorted(self.rng.sample(others, max(0, enough - (len(inside) - len(others))))):
                self._invent(requirement.level, code)

    def _invent(self, level: str, code: str) -> None:
        held = self.held.setdefault(level, set())
        if code not in held:
            held.add(code)
            self.invented.append((level, code))
