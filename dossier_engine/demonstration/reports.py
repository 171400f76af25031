"""The reports that departments owe by the plan's date: most come in its last weeks, some late, one not at all."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from config.provinces import OfficeRow, PlanRow
from dossier_engine.demonstration.carried import Carried, Scene, Steps
from dossier_engine.demonstration.evidence import papers
from dossier_engine.demonstration.fates import way
from dossier_engine.demonstration.programme import Candidate
from dossier_engine.rules.law import Law

Manner = Literal["early", "in_time", "late", "never"]

_LAST_WEEKS = 20
_FEW: tuple[Manner, ...] = ("never", "late", "late", "early", "early")


def owing(plan: PlanRow, law: Law, offices: Sequence[OfficeRow]) -> tuple[Candidate, ...]:
    """The offices that owe what the plan asks for by a date, where an active definition serves it."""
    found = []
    for obligation in plan.obligations:
        if obligation.workflow is not None and obligation.workflow in law.active:
            workflow = law.named(obligation.workflow)
            codes = sorted(o.code for o in offices if o.kind == obligation.actor and o.locality == plan.province)
            found += [Candidate(workflow, workflow.milestones[-1], code, f"{plan.province}/") for code in codes]
    return tuple(found)


def manners(number: int, rng: random.Random) -> Sequence[Manner]:
    """How each of so many offices reports."""
    most: Manner = "in_time"
    drawn = [*_FEW, *[most] * number][:number]
    rng.shuffle(drawn)
    return drawn


def report(candidate: Candidate, manner: Manner, scene: Scene, rng: random.Random) -> Steps:
    """The steps of one report: asked for as the programme opens, sent, and received a day or two later."""
    dossier = Carried(candidate, scene, rng)
    dossier.wait(1)
    yield from dossier.register()
    if manner == "never":
        return
    dossier.wait(max(0, dossier.days_to(_sent_on(dossier.due[dossier.state], manner, rng))))
    for transition in way(candidate.workflow, candidate.milestone).values():
        for requirement in transition.requires:
            for items in papers(requirement, on=dossier.on, since=dossier.stage_on,
                                criteria=candidate.workflow.criteria, offices={}):  # fmt: skip
                yield from dossier.record(requirement, transition.by[0], items)
        dossier.wait(0)
        yield from dossier.move(transition, "forward")
        dossier.wait(rng.randint(1, 2))


def _sent_on(due: date, manner: Manner, rng: random.Random) -> date:
    """The last day for those who come early lies in September: what a demonstration in October shows."""
    if manner == "late":
        return due + timedelta(days=rng.randint(3, 12))
    if manner == "early":
        return date(due.year, 9, rng.randint(3, 27))
    return due - timedelta(days=rng.randint(0, _LAST_WEEKS))
