"""Where a rung's addressee is to be found: which offices over a dossier's territory, and whether their heads."""

from dataclasses import dataclass
from typing import Protocol

from dossier_engine.rules.authority import OF_ONE_OFFICE, OFFICE_KINDS, ROLE_LEVELS, part_of
from dossier_engine.rules.workflow import Workflow


class Placed(Protocol):
    """What of a dossier decides who hears of it."""

    state: str
    territory: str
    office: str
    holder_role: str | None
    holder_path: str | None


@dataclass(frozen=True, slots=True)
class Seat:
    """The offices at `path` that exercise `role`, or their heads; the one called `office`, if that is not empty."""

    role: str
    path: str
    office: str
    head: bool

    def is_taken_by(self, *, role: str, office: str, kind: str, head: bool) -> bool:
        """Whether an appointment at the seat's path is one of those meant."""
        fits = head and kind in OFFICE_KINDS[self.role] if self.head else role == self.role
        return fits and self.office in ("", office)


def seat_of(workflow: Workflow, dossier: Placed, key: str, addressee: str) -> Seat:
    """The seat that `addressee` of a rung of deadline `key` means: `holder`, `head`, or a role over the territory.

    The holder is whoever must act: who records the requirement, or else who holds the dossier. Where the dossier is
    about an office, of the departments that one and no other is meant.
    """
    if addressee in ("holder", "head"):
        role, path = _responsible(workflow, dossier, key)
        return Seat(role, path, dossier.office if role in OF_ONE_OFFICE else "", head=addressee == "head")
    return Seat(addressee, part_of(dossier.territory, ROLE_LEVELS[addressee][0]), "", head=False)


def _responsible(workflow: Workflow, dossier: Placed, key: str) -> tuple[str, str]:
    requirement = workflow.requirements.get(key) or workflow.states[dossier.state].announce
    if requirement is not None and requirement.by is not None:
        level = requirement.at or ROLE_LEVELS[requirement.by][0]
        return requirement.by, part_of(dossier.territory, level)
    if dossier.holder_role is None or dossier.holder_path is None:  # at an end that nobody announces
        return "dard_appraiser", part_of(dossier.territory, 1)
    return dossier.holder_role, dossier.holder_path
