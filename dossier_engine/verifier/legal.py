"""Judges the entries of one dossier: whether each could be written where it stands, by whom, and with what it says.

Nothing here is law of its own: it asks the rules what the engine asked them. After the first entry that could not be
written, the rest of the dossier is not judged, for it stands on that one.
"""

from collections.abc import Callable, Iterator, Mapping

from dossier_engine.rules.entry import Json, MalformedEntryError, follow
from dossier_engine.rules.told import Told
from dossier_engine.verifier import clock, facts, machines, moves
from dossier_engine.verifier.act import UNREADABLE, Act, Flaw
from dossier_engine.verifier.case import Case, Confirming
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.opening import opened, registered
from dossier_engine.verifier.registers import Registers

Judge = Callable[[Case, Act], Iterator[Flaw]]


class Dossier:
    """A dossier whose entries are judged one after the other; `case` is None before its registration."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self.case: Case | None = None
        self.is_over = False

    def judge(self, act: Act, entry: Mapping[str, Json]) -> list[Finding]:
        """What is wrong with the next entry."""
        if self.is_over:
            return []
        flaws: list[Flaw]
        try:
            flaws = self._first(act, entry) if self.case is None else self._next(self.case, act, entry)
        except MalformedEntryError as error:
            flaws = [("does_not_follow", str(error))]
        except UNREADABLE as error:
            flaws = [("body_wrong", f"{type(error).__name__}: {error}")]
        self.is_over = bool(flaws)
        return [Finding(act.stream, act.seq, *flaw) for flaw in flaws]

    def _first(self, act: Act, entry: Mapping[str, Json]) -> list[Flaw]:
        standing = follow(None, entry)
        _check_names(act)
        workflow = self._registers.workflow(act.body["definition"], act.at)
        if workflow is None:
            return [("definition_not_active", str(act.body["definition"]))]
        about = opened(act)
        confirming = Confirming(self._registers, about.territory, act.at)
        told = Told(workflow, confirming)
        case = Case(act.stream, self._registers, workflow, about, told, standing, confirming, act.today)
        flaws = list(registered(case, act))
        if not flaws:
            case.told.read(entry)
            self.case = case
        return flaws

    def _next(self, case: Case, act: Act, entry: Mapping[str, Json]) -> list[Flaw]:
        standing = follow(case.standing, entry)
        if act.kind not in _JUDGES:
            return [("kind_unknown", act.kind)]
        _check_names(act)
        case.confirming.at = act.at
        flaws = list(_days(case, act))
        flaws += _JUDGES[act.kind](case, act)
        if not flaws:
            case.told.read(entry)
            case.standing = standing
            case.acted_on = case.acted_on if act.is_by_machine else act.today
        return flaws


def _check_names(act: Act) -> None:
    """Refuse a body with other names than a command gives it."""
    needed, allowed = _NAMES[act.kind]
    if not needed <= act.body.keys() <= allowed:
        raise ValueError(f"names {sorted((needed - act.body.keys()) | (act.body.keys() - allowed))}")


def _days(case: Case, act: Act) -> Iterator[Flaw]:
    """An act takes effect no later than it is recorded; one of a machine does not move the legal clock."""
    if act.on > act.today or (act.is_by_machine and act.on != case.standing.effective_on):
        yield "dates_wrong", act.on.isoformat()


_JUDGES: Mapping[str, Judge] = {
    "moved": moves.moved,
    "recorded": facts.recorded,
    "paused": clock.paused,
    "resumed": clock.resumed,
    "extended": clock.extended,
    "escalated": clock.escalated,
    "answered": clock.answered,
    "climbed": machines.climbed,
    "recomputed": machines.recomputed,
}


def _named(needed: str, besides: str = "") -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(needed.split()), frozenset(f"{needed} {besides}".split())


# The names that each kind's body has, and those it may have.
_NAMES = {
    "registered": _named(
        "workflow definition calendar locality territory level target_year to continues met due", "office"
    ),
    "moved": _named("transition from to round definition calendar met files due", "supplements successor"),
    "recorded": _named("requirement items definition", "due calendar"),
    "paused": _named("state"),
    "resumed": _named("state paused_from due calendar", "escalations"),
    "recomputed": _named("state due calendar order ordered_by"),
    "extended": _named("deadline number date due"),
    "escalated": _named("cause addressee mandate answer_by", "deadline due_version rung occurrence"),
    "climbed": _named("escalation addressee answer_by"),
    "answered": _named("escalation number date", "due"),
}
