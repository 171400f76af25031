"""The life of one dossier: its way to the goal as the definition draws it, and what befalls it there."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dossier_engine.commands.advance import Supplement
from dossier_engine.demonstration.carried import Carried, Scene, Steps
from dossier_engine.demonstration.evidence import Items, papers
from dossier_engine.demonstration.fates import ENDS, Fate, Incident, doubtful, way
from dossier_engine.demonstration.programme import Candidate
from dossier_engine.rules.workflow import Criteria, Display, Receipt, Requirement, Transition, Vote

_Happens = frozenset[Incident]


@dataclass(frozen=True, slots=True)
class _Paper:
    """One record to be made: the `part`-th of those that `requirement` takes, by whoever holds `role`."""

    requirement: Requirement
    part: int
    role: str


def live(candidate: Candidate, fate: Fate, scene: Scene, rng: random.Random) -> Steps:
    """The steps of the dossier in order of time, without end of the year: the caller stops when it likes."""
    return _Life(candidate, fate, scene, rng).steps()


class _Life:
    def __init__(self, candidate: Candidate, fate: Fate, scene: Scene, rng: random.Random) -> None:
        self.dossier = Carried(candidate, scene, rng)
        self.scene, self.rng, self.workflow = scene, rng, candidate.workflow
        self.way = way(candidate.workflow, candidate.milestone)
        self.ahead = dict(fate)
        self.diligence = rng.uniform(0.3, 1.1)

    def steps(self) -> Steps:
        self.dossier.wait(self.rng.randint(1, 40))
        yield from self.dossier.register()
        while self.dossier.state in self.way:
            yield from self._stage(self.ahead.pop(self.dossier.state, frozenset()))
        announce = self.workflow.states[self.dossier.state].announce
        if announce is not None:
            self.dossier.wait(self.rng.randint(5, 30))
            yield from self._record(_Paper(announce, 0, announce.by or ""))

    def _stage(self, happens: _Happens) -> Steps:
        dossier, forward = self.dossier, self.way[self.dossier.state]
        wanted = self._papers(forward)
        intake = [p for p in wanted if isinstance(p.requirement, Receipt)]
        if "absence" in happens:
            dossier.wait(1)
            yield from dossier.hand_over(days=30)
        for number, paper in enumerate(intake):
            dossier.wait(self._pace(wanted[number:]))
            yield from self._record(paper)
        end = next((e for e in ENDS if e in happens), None)
        if end is not None:
            yield from self._end(end, forward)
        elif "returned" in happens:
            self.ahead[dossier.state] = happens - {"returned"}
            yield from self._return()
        else:
            yield from self._complete(forward, [p for p in wanted if p not in intake], happens)

    def _complete(self, forward: Transition, wanted: Sequence[_Paper], happens: _Happens) -> Steps:
        """Bring what is still wanted and move on, with whatever happens on the way."""
        for number, paper in enumerate(wanted):
            if number == len(wanted) // 2:
                yield from self._interlude(happens)
            self.dossier.wait(max(self._pace(wanted[number:]), self._shown_in(paper.requirement)))
            if "haste" in happens and number == len(wanted) - 1:
                yield from self.dossier.attempt(forward)
                self.dossier.wait(0)
            yield from self._record(paper)
        if "late" in happens:
            self.dossier.wait(
                max(0, self.dossier.days_to(self.dossier.due[self.dossier.state])) + self.rng.randint(3, 40)
            )
        else:
            self.dossier.wait(self._pace(()))
        yield from self.dossier.move(forward, "forward")

    def _interlude(self, happens: _Happens) -> Steps:
        if "paused" in happens:
            self.dossier.wait(self.rng.randint(1, 3))
            yield from self.dossier.pause()
            self.dossier.wait(self.rng.randint(15, 50))
            yield from self.dossier.resume()
        if "extended" in happens:
            self.dossier.wait(self.rng.randint(1, 3))
            yield from self.dossier.extend(self.dossier.due[self.dossier.state] + timedelta(days=14))

    def _return(self) -> Steps:
        """Send the dossier back for one or two things that brought it here."""
        state = self.dossier.state
        back = next(t for t in self.workflow.leaving(state) if t.returns and t.target in self.way)
        asked = doubtful(self.way[back.target])
        supplements = []
        for requirement in self.rng.sample(asked, min(len(asked), self.rng.randint(1, 2))):
            kind = "vote" if isinstance(requirement, Vote) else "documents"
            supplements.append(Supplement(requirement.key, self.rng.choice(self.scene.words.supplements[kind])))
        self.dossier.wait(self.rng.randint(1, 5))
        yield from self.dossier.move(back, "returned", supplements)

    def _end(self, end: str, forward: Transition) -> Steps:
        """Leave the way for good. What is carried over lies until December."""
        out = next(t for t in self.workflow.leaving(self.dossier.state) if t.target == end)
        if end == "not_met":
            yield from self._fail(forward)
        if end == "carried_over":
            december = date(self.dossier.on.year, 12, 1) + timedelta(days=self.rng.randint(8, 17))
            self.dossier.wait(max(0, self.dossier.days_to(december)))
        for paper in self._papers(out):
            self.dossier.wait(self.rng.randint(1, 5))
            yield from self._record(paper)
        self.dossier.wait(self.rng.randint(1, 5))
        yield from self.dossier.move(out, end)

    def _fail(self, forward: Transition) -> Steps:
        """Record that some criteria are not met, where the state asks for criteria."""
        for requirement in forward.requires:
            if isinstance(requirement, Criteria):
                numbers = [c.number for c in self.workflow.criteria.criteria]
                missed = self.rng.sample(numbers, self.rng.randint(1, 3))
                items: Items = {n: {"result": "not_met" if n in missed else "met"} for n in numbers}
                self.dossier.wait(self.rng.randint(2, 8))
                yield from self.dossier.record(requirement, requirement.by or forward.by[0], items)

    def _record(self, paper: _Paper) -> Steps:
        yield from self.dossier.record(paper.requirement, paper.role, self._items(paper.requirement)[paper.part])

    def _papers(self, transition: Transition) -> list[_Paper]:
        """The records still to be made for `transition`; postings last, since the rest can be done meanwhile."""
        found: list[_Paper] = []
        for requirement in sorted(transition.requires, key=lambda r: isinstance(r, Display)):
            if requirement.key not in self.dossier.standing:
                parts = list(range(len(self._items(requirement))))
                self.rng.shuffle(parts)
                found += [_Paper(requirement, part, requirement.by or transition.by[0]) for part in parts]
        return found

    def _items(self, requirement: Requirement) -> Sequence[Items]:
        return papers(
            requirement,
            on=self.dossier.on,
            since=self._since(requirement),
            criteria=self.workflow.criteria,
            offices=self.scene.confirming,
        )

    def _since(self, requirement: Requirement) -> date:
        """The day a posting may begin: with the stage, or with the report that it shows."""
        begins = requirement.after if isinstance(requirement, Display) else None
        return self.dossier.standing.get(begins or "", self.dossier.stage_on)

    def _shown_in(self, requirement: Requirement) -> int:
        """Working days until a posting has lasted long enough."""
        if not isinstance(requirement, Display):
            return 0
        return self.dossier.days_to(self._since(requirement) + timedelta(days=requirement.lasts_days))

    def _pace(self, wanted: Sequence[_Paper]) -> int:
        """Working days to the next of `wanted` (nothing wanted: to the move), so that none comes after its due date."""
        last = {p.requirement.key: number for number, p in enumerate(wanted, 1)}
        last[self.dossier.state] = len(wanted) + 1
        posted = max((p.requirement.lasts_days for p in wanted if isinstance(p.requirement, Display)), default=0)
        shares = [
            (self.dossier.days_to(due) - (posted if key == self.dossier.state else 0)) / last[key]
            for key, due in self.dossier.due.items()
            if key in last
        ]
        # Twice the share at most: on average each takes its own, the diligent less.
        most = 2 * self.diligence * min(shares, default=1.0)
        left = min((self.dossier.days_to(due) for key, due in self.dossier.due.items() if key in last), default=5)
        return max(0, min(int(self.rng.random() * most), left - 1))
