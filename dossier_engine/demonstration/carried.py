"""One dossier in the hands of invented people: what they know of it, and each thing they may do with it as a step.

A step is carried out when its instant comes, and only then asks who acts: somebody may be away by that day.
"""

import random
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from sqlmodel import Session

from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.extend import Extend, extend
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.commands.people import Appoint, appoint
from dossier_engine.commands.record import Record, record
from dossier_engine.commands.register import Register, register
from dossier_engine.demonstration.cast import CHANNEL, Absence, Cast, Member
from dossier_engine.demonstration.evidence import Items
from dossier_engine.demonstration.hours import working_instant
from dossier_engine.demonstration.programme import Candidate
from dossier_engine.demonstration.words import Words
from dossier_engine.errors import DossierError, RequirementsUnmet
from dossier_engine.rules.authority import OF_ONE_OFFICE
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.limits import working_days_between
from dossier_engine.rules.workflow import Confirmation, Requirement, SectorConfirmations, Transition
from dossier_engine.rules.workflow import Receipt as ReceiptOf


@dataclass(frozen=True, slots=True)
class Scene:
    """What all dossiers of a programme have in common. `confirming` names the offices that confirm each criterion."""

    law: Law
    cast: Cast
    words: Words
    confirming: Mapping[str, tuple[str, ...]]
    opening: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done at `at`; `refusal` is what the actor will be told instead, where that is foreseen."""

    at: datetime
    carry_out: Callable[[Session, random.Random], Receipt | None]
    refusal: type[DossierError] | None = None


Steps = Generator[Step, Receipt | None, None]

_Order_contra = TypeVar("_Order_contra", contravariant=True)


class _Command(Protocol[_Order_contra]):
    def __call__(
        self, session: Session, law: Law, order: _Order_contra, *, now: datetime, rng: random.Random
    ) -> Receipt: ...


class Carried:
    """A dossier as those who work on it see it.

    `at` is the instant of the latest step, `due` the deadlines of the stage by their keys, `standing` the day on
    which each requirement that still stands was recorded.
    """

    def __init__(self, candidate: Candidate, scene: Scene, rng: random.Random) -> None:
        self.candidate, self.scene, self.rng = candidate, scene, rng
        self.workflow = candidate.workflow
        self.at = scene.opening
        self.code = ""
        self.state = self.workflow.initial
        self.stage_on = self.on
        self.due: dict[str, date] = {}
        self.standing: dict[str, date] = {}
        self._turn = rng.randrange(2)

    @property
    def on(self) -> date:
        """The legal day of `at`."""
        return legal_day(self.at)

    def wait(self, days: int) -> None:
        """Let `days` working days pass; 0 is later the same day."""
        self.at = working_instant(self.scene.law.calendar, self.at, days, self.rng)

    def days_to(self, day: date) -> int:
        """Working days until `day`, or until the first one after it; negative when it is over."""
        calendar = self.scene.law.calendar
        return working_days_between(self.on, day, calendar) + (day > self.on and not calendar.is_working(day))

    def register(self) -> Steps:
        """Open the dossier."""
        receipt = yield from self._do(
            register,
            lambda: Register(
                workflow=self.workflow.name,
                subject=self.candidate.code,
                target_year=legal_day(self.scene.opening).year,
                act=self._by(self.workflow.register.by[0]),
            ),
        )
        if receipt is not None:
            self.code, self.stage_on = receipt.dossier, self.on

    def record(self, requirement: Requirement, role: str, items: Items) -> Steps:
        """Record `items`: by their office where offices confirm, else by whoever holds `role`."""
        by_office = isinstance(requirement, SectorConfirmations | Confirmation)

        def act() -> Act:
            if by_office:
                return self._act(self.scene.cast.confirmer(next(iter(items))))
            return self._by(role, level=requirement.at)

        yield from self._do(
            record, lambda: Record(dossier=self.code, requirement=requirement.key, items=items, act=act())
        )
        self.standing[requirement.key] = self.on

    def move(self, transition: Transition, why: str, supplements: Sequence[Supplement] = ()) -> Steps:
        """Take `transition`; `why` is a key of the words' reasons. Receipts end with their stage."""
        self.due = {}
        yield from self._do(advance, self._advance(transition, why, supplements))
        self.state, self.stage_on = transition.target, self.on
        asked_again = {s.requirement for s in supplements}
        asked_again |= {r.key for r in self.workflow.requirements.values() if isinstance(r, ReceiptOf)}
        self.standing = {key: day for key, day in self.standing.items() if key not in asked_again}

    def attempt(self, transition: Transition) -> Steps:
        """Try `transition` too early, and be told what is missing."""
        yield from self._do(advance, self._advance(transition, "forward", ()), refusal=RequirementsUnmet)

    def pause(self) -> Steps:
        """Stop the clock."""
        yield from self._do(pause, self._clock("paused"))

    def resume(self) -> Steps:
        """Let the clock run again."""
        yield from self._do(resume, self._clock("resumed"))

    def extend(self, until: date) -> Steps:
        """Have the limit of the stage moved to `until`."""
        role, why = self.workflow.extend_by[self.state][0], self._why("extended")
        number = self.scene.words.approval.format(number=self.rng.randint(100, 999), year=self.on.year)
        yield from self._do(
            extend,
            lambda: Extend(dossier=self.code, until=until, number=number, dated=self.on, act=self._by(role, why)),
        )

    def hand_over(self, days: int) -> Steps:
        """The holder goes on leave for `days` days; an officer of the same committee is to act on their behalf."""
        cast, first, last = self.scene.cast, self.on, self.on + timedelta(days=days - 1)
        absent = self._holder(self.workflow.states[self.state].holder or "")
        stand_in = cast.holder("district_officer", self.candidate.territory)
        order = Appoint(
            person=stand_in.person,
            role=absent.seat.role,
            office=absent.seat.office,
            valid_from=first,
            valid_to=last,
            act=self._act(cast.holder("administrator", self.candidate.territory)),
            on_behalf_of=absent.person,
        )
        yield Step(self.at, lambda session, rng: appoint(session, order, now=self.at, rng=rng))
        cast.absences.append(Absence(absent, stand_in, first, last))

    def _do(
        self,
        command: _Command[_Order_contra],
        order: Callable[[], _Order_contra],
        *,
        refusal: type[DossierError] | None = None,
    ) -> Generator[Step, Receipt | None, Receipt | None]:
        law = self.scene.law
        receipt = yield Step(
            self.at, lambda session, rng: command(session, law, order(), now=self.at, rng=rng), refusal
        )
        stated = receipt.body.get("due") if receipt is not None else None
        for due in stated if isinstance(stated, list) else ():
            if isinstance(due, dict):
                self.due[str(due["deadline"])] = date.fromisoformat(str(due["on"]))
        return receipt

    def _advance(self, transition: Transition, why: str, supplements: Sequence[Supplement]) -> Callable[[], Advance]:
        reason = self._why(why) if transition.reason else None
        return lambda: Advance(
            dossier=self.code,
            transition=transition.name,
            act=self._by(transition.by[0], reason, level=transition.at),
            supplements=tuple(supplements),
        )

    def _clock(self, why: str) -> Callable[[], Clock]:
        holder, may = self.workflow.states[self.state].holder, self.workflow.pause_by
        role, reason = holder if holder in may else may[0], self._why(why)
        return lambda: Clock(dossier=self.code, act=self._by(role, reason))

    def _why(self, key: str) -> str:
        return self.rng.choice(self.scene.words.reasons[key])

    def _holder(self, role: str, level: int | None = None) -> Member:
        if role in OF_ONE_OFFICE and self.workflow.subject == "office":
            return self.scene.cast.confirmer(self.candidate.code)
        return self.scene.cast.holder(role, self.candidate.territory, level=level, turn=self._turn)

    def _by(self, role: str, reason: str | None = None, *, level: int | None = None) -> Act:
        return self._act(self.scene.cast.acting(self._holder(role, level), self.on), reason)

    def _act(self, member: Member, reason: str | None = None) -> Act:
        return Act(person=member.person, channel=CHANNEL, reason=reason)
