"""Whether the appointment an entry says was acted under existed, was valid that day, and allowed the act."""

from collections.abc import Iterator, Sequence

from dossier_engine.errors import DossierError
from dossier_engine.rules.authority import Appointment, level_of, standing
from dossier_engine.verifier.act import SYSTEM, Act, Flaw
from dossier_engine.verifier.registers import Registers


def by_person(
    registers: Registers,
    act: Act,
    roles: Sequence[str],
    *,
    territory: str,
    about: str = "",
    level: int | None = None,
    levels: Sequence[int] | None = None,
    office: str | None = None,
) -> Iterator[Flaw]:
    """What is wrong with who acted; `about` is the office the dossier is about, the rest is as `standing` takes it.

    Any appointment that allowed the act will do, though the engine prefers one's own to a delegated one: an entry that
    was recorded at the same moment may have added another.
    """
    if act.is_by_machine:
        yield "machine_acts", act.person
        return
    actor = act.actor
    stated = actor["office"], actor["role"], actor["territory"], actor["on_behalf_of"]
    held = [
        a
        for a in registers.held_by(act.person, act.at)
        if (a.office, a.role, a.office_path, a.on_behalf_of) == stated
        and a.concerns(about)
        and (levels is None or level_of(a.office_path) in levels)
        and (a.on_behalf_of is None or _is_lent(registers, act, a))
    ]
    try:
        standing(
            held, person=act.person, act=act.kind, roles=roles, territory=territory, on=act.today, level=level,
            office=office,
        )  # fmt: skip
    except DossierError as refusal:
        yield "not_authorised", refusal.code


def _is_lent(registers: Registers, act: Act, delegation: Appointment) -> bool:
    """Whether the person stood in for holds the appointment that day: a delegation ends with what it stands on."""
    kept = registers.held_by(str(delegation.on_behalf_of), act.at)
    same = delegation.role, delegation.office, None
    return any((a.role, a.office, a.on_behalf_of) == same and a.is_valid(act.today) for a in kept)


def by_machine(act: Act, name: str) -> Iterator[Flaw]:
    """What is wrong with an entry that only this named part of the system writes."""
    if act.person != f"{SYSTEM}{name}" or any(value is not None for key, value in act.actor.items() if key != "person"):
        yield "machine_acts", act.person


def accountable(act: Act) -> tuple[str, ...]:
    """The persons an act counts for: the actor, and whoever was stood in for."""
    other = act.actor["on_behalf_of"]
    return (act.person,) if other is None else (act.person, str(other))
