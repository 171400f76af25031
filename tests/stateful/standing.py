"""Where one dossier stands in the model, and by when what is due; the dates come from counting days in a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dossier_engine.rules.limits import Extension, Pause
from tests.rules.test_limits_by_the_letter import by_the_letter, extended_by_the_letter
from tests.stateful.asks import Kept, lacking
from tests.stateful.book import Book, Limit, Unit, the_book


class BeyondError(Exception):
    """The calendar files do not reach so far."""


@dataclass
class Deadline:
    """One obligation of the present stage."""

    limit: Limit
    start: date
    due: date
    met: bool = False
    extension: Extension | None = None


@dataclass
class Dossier:
    """One dossier. `stage` is the number of the entry with which it came to its state.

    `filed` is how many entries the machine has written to it, and `raised` how many difficulties people have: they
    change nothing that orders depend on. `escalations` wait for their answer: the entry, and whose answer it is.
    """

    code: str
    unit: Unit
    year: int
    stage_on: date
    last_on: date
    linked: str | None
    state: str = "registered"
    version: int = 1
    filed: int = 0
    raised: int = 0
    round: int = 1
    stage: int = 1
    paused_on: date | None = None
    facts: dict[tuple[str, str], Kept] = field(default_factory=dict)
    performed: dict[str, str] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    pauses: list[Pause] = field(default_factory=list)
    escalations: dict[int, str] = field(default_factory=dict)
    book: Book = field(default_factory=the_book)

    @property
    def seq(self) -> int:
        """The number of its last entry."""
        return self.version + self.filed + self.raised

    @property
    def is_open(self) -> bool:
        """Whether somebody still holds it."""
        return "final" not in self.book.states[self.state]

    @property
    def holder(self) -> str | None:
        """The role that must act next."""
        return self.book.states[self.state].get("holder")

    @property
    def due_on(self) -> date | None:
        """The due date shown with an open dossier."""
        return self.deadlines[self.state].due if self.is_open else None

    def lacks(self, key: str) -> bool:
        """Whether a requirement of the present state is unmet."""
        return lacking(self.book.asked[self.state][key], self.facts, self.stage, self.book)

    def meet(self, keys: Sequence[str]) -> None:
        """Whatever of these is complete now is done with."""
        for key in keys:
            if key in self.deadlines and not self.lacks(key):
                self.deadlines[key].met = True

    def on_entry(self, state: str, own: Limit | None, on: date) -> dict[str, Deadline]:
        """The deadlines that begin on coming to `state`; `own` is the transition's instead of the state's."""
        limit = own or self.book.states[state].get("limit")
        first = {state: Deadline(limit, on, due(limit, on, self.year))} if limit else {}
        return {**first, **self._begun(state, "entered", on, ())}

    def on_receipt(self, received: date) -> dict[str, Deadline]:
        """The deadlines that begin on the day of full receipt; the clock may have stood still since."""
        return self._begun(self.state, "received", received, self.pauses)

    def after(self, pauses: Sequence[Pause]) -> dict[str, date]:
        """The dates of what is still due, after these pauses."""
        return {
            key: due(d.limit, d.start, self.year, pauses, d.extension) for key, d in self.deadlines.items() if not d.met
        }

    def _begun(self, state: str, start: str, on: date, pauses: Sequence[Pause]) -> dict[str, Deadline]:
        limits: Mapping[str, Limit] = {
            key: ask["limit"]
            for key, ask in self.book.asked[state].items()
            if ask.get("limit", {}).get("from") == start
        }
        return {key: Deadline(limit, on, due(limit, on, self.year, pauses)) for key, limit in limits.items()}


def due(limit: Limit, start: date, year: int, pauses: Sequence[Pause] = (), extension: Extension | None = None) -> date:
    """The last day on time. Raises BeyondError."""
    if "before" in limit:
        day_after = limit["before"] if len(limit["before"]) > len("08-01") else f"{year}-{limit['before']}"
        return extension.until if extension else date.fromisoformat(day_after) - timedelta(days=1)
    if extension:
        found = extended_by_the_letter(limit["unit"], pauses, extension)
    else:
        found = by_the_letter(int(limit["days"]), limit["unit"], start, pauses)
    if found is None:
        raise BeyondError
    return found
