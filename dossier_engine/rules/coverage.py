"""Who could act on a dossier: by appointment and separation of duties, whatever its requirements still lack."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dossier_engine.errors import AppointmentExpired, NotAllowed, SeparationOfDuties
from dossier_engine.rules.authority import Appointment, check_separation, standing
from dossier_engine.rules.workflow import Transition, Workflow

Performed = tuple[str, str, str]
"""Separation set, person, transition."""


def able(
    workflow: Workflow, state: str, *, territory: str, office: str, appointments: Iterable[Appointment],
    performed: Sequence[Performed], on: date,
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """The persons who may take each transition out of `state` that day, by its name.

    `office` is the one that the dossier is about, or empty; appointments that do not reach `territory` are passed over.
    """
    held: dict[str, list[Appointment]] = defaultdict(list)
    for appointment in appointments:
        if appointment.covers(territory) and appointment.concerns(office):
            held[appointment.person].append(appointment)

    def may(person: str, transition: Transition) -> bool:
        try:
            under = standing(
                held[person], person=person, act=transition.name, roles=transition.by, territory=territory, on=on,
                level=transition.at,
            )  # fmt: skip
            check_separation(
                workflow.separation.items(), performed, persons=under.accountable, transition=transition.name
            )
        except (NotAllowed, AppointmentExpired, SeparationOfDuties):
            return False
        return True

    return {t.name: tuple(p for p in sorted(held) if may(p, t)) for t in workflow.leaving(state)}


def for_the_holder(workflow: Workflow, state: str, persons: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Of `persons`, by transition, those who could move the dossier on for the office that its state waits for.

    Whoever can only give it back, reject or withdraw it does not count.
    """
    return tuple(sorted({person for t in ways_on(workflow, state) for person in persons[t.name]}))


def ways_on(workflow: Workflow, state: str) -> list[Transition]:
    """The transitions towards the goal that the holder of the state takes."""
    holder = workflow.states[state].holder
    return [
        t
        for t in workflow.leaving(state)
        if holder in t.by and not t.returns and (t.target == workflow.goal or not workflow.states[t.target].final)
    ]
