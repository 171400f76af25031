"""What only all dossiers together can show: one open dossier a subject, numbers without a gap, links, recognitions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from dossier_engine.rules.requirements import Facts, unmet
from dossier_engine.rules.workflow import NO_CRITERIA
from dossier_engine.verifier.act import is_later
from dossier_engine.verifier.case import Asked, Case, Moved, Opened
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.registers import Registers


@dataclass(frozen=True, slots=True)
class Life:
    """What other dossiers have to do with this one."""

    code: str
    workflow: str
    level: str
    opened: Opened
    closed_at: str | None
    recognised_at: str | None
    revoked_at: str | None
    carried: Moved | None
    succeeded: Moved | None
    asked: tuple[Asked, ...]


class _Brought(NamedTuple):
    """A recognition, from when to when."""

    level: str
    at: str
    until: str | None


def life(case: Case) -> Life:
    """The life that a judged case had."""
    workflow, moves = case.workflow, case.moves
    goal = None if workflow.subject == "office" else workflow.goal
    recognised = next((n for n, m in enumerate(moves) if m.to == goal), None)
    transitions = workflow.transitions
    return Life(
        code=case.stream.partition("/")[2],
        workflow=workflow.name,
        level=workflow.level,
        opened=case.opened,
        closed_at=next((m.at for m in moves if workflow.states[m.to].final), None),
        recognised_at=None if recognised is None else moves[recognised].at,
        revoked_at=None if recognised is None else next((m.at for m in moves[recognised + 1 :]), None),
        carried=next((m for m in moves if transitions[m.transition].opens_next_year), None),
        succeeded=next((m for m in moves if m.successor is not None), None),
        asked=tuple(case.asked),
    )


def judge(registers: Registers, lives: Iterable[Life]) -> Iterator[Finding]:
    """What is wrong between these dossiers, which are all there are."""
    by_code = {one.code: one for one in lives}
    yield from _second_open(registers, by_code.values())
    yield from _numbered(by_code)
    yield from _linked(by_code)
    yield from _answered(registers, by_code.values())


def _second_open(registers: Registers, lives: Iterable[Life]) -> Iterator[Finding]:
    """One open dossier for a workflow, subject and year."""
    same: dict[tuple[object, ...], list[Life]] = defaultdict(list)
    for one in lives:
        about = one.opened
        seat = registers.unit(about.locality, about.territory, about.on, about.at)
        since = seat.valid_from if seat is not None else None  # a code is reused: the unit is meant
        same[one.workflow, about.locality, since, about.office, about.year].append(one)
    for of_subject in same.values():
        in_order = sorted(of_subject, key=lambda one: (one.opened.at, one.code))
        for before, after in pairwise(in_order):
            if before.closed_at is None or is_later(before.closed_at, after.opened.at):
                yield Finding(f"dossier/{after.code}", 1, "second_open", before.code)


def _numbered(lives: Mapping[str, Life]) -> Iterator[Finding]:
    """Numbers of a series are given out one after another, and none is given back."""
    given: dict[str, list[int]] = defaultdict(list)
    for code in lives:
        series, _, number = code.rpartition("-")
        given[series].append(int(number))
    for series, numbers in sorted(given.items()):
        missing = next((n for n, given_out in enumerate(sorted(numbers), 1) if n != given_out), None)
        if missing is not None:
            yield Finding("", 0, "number_missing", f"{series}-{missing:04d}")


def _linked(lives: Mapping[str, Life]) -> Iterator[Finding]:
    """Who continues another was opened with its carrying over, for the next year; who succeeds one was open."""
    continued = {one.opened.continues: one for one in lives.values() if one.opened.continues is not None}
    for code, one in continued.items():
        before = lives.get(str(code))
        if before is None or not _continues(before, one):
            yield Finding(f"dossier/{one.code}", 1, "link_wrong", str(code))
    for one in lives.values():
        if one.carried is not None and one.code not in continued:
            yield Finding(f"dossier/{one.code}", one.carried.seq, "link_wrong", one.carried.transition)
        if one.succeeded is not None:
            heir = lives.get(str(one.succeeded.successor))
            closed = heir is not None and heir.closed_at is not None and is_later(one.succeeded.at, heir.closed_at)
            if heir is None or closed or is_later(heir.opened.at, one.succeeded.at):
                yield Finding(f"dossier/{one.code}", one.succeeded.seq, "link_wrong", str(one.succeeded.successor))


def _continues(before: Life, after: Life) -> bool:
    old, new, carried = before.opened, after.opened, before.carried
    if carried is None or (before.workflow, old.locality, old.office) != (after.workflow, new.locality, new.office):
        return False
    return (new.at, new.on, new.person, new.year) == (carried.at, carried.on, carried.person, old.year + 1)


def _answered(registers: Registers, lives: Iterable[Life]) -> Iterator[Finding]:
    """The requirements that looked at other dossiers, asked again of the recognitions there were by then."""
    brought: dict[str, list[_Brought]] = defaultdict(list)
    for at, locality, level in registers.recognised:
        brought[locality].append(_Brought(level, at, None))
    asked: list[Asked] = []
    for one in lives:
        asked += one.asked
        if one.recognised_at is not None:
            brought[one.opened.locality].append(_Brought(one.level, one.recognised_at, one.revoked_at))
    for question in asked:
        lack = unmet(question.requirement, _known(registers, brought, question))
        if lack is not None:
            yield Finding(question.stream, question.seq, "requirement_unmet", f"{lack.key}: {lack.why}")


def _known(registers: Registers, brought: Mapping[str, list[_Brought]], question: Asked) -> Facts:
    held = _levels(brought.get(question.locality, ()), question.at)
    communes = registers.communes(question.territory, question.on, question.at)
    counted: dict[str, int] = defaultdict(int)
    for code in communes:
        for level in _levels(brought.get(code, ()), question.at):
            counted[level] += 1
    return Facts(0, question.on, NO_CRITERIA, held=held, communes=len(communes), recognised=counted)


def _levels(brought: Iterable[_Brought], at: str) -> frozenset[str]:
    return frozenset(b.level for b in brought if b.at <= at and (b.until is None or at < b.until))
