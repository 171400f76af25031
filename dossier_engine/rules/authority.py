"""Who may do what, where and when: roles, territories, appointments, separation of duties.

A territory is a path of locality codes from the province down, closed by a slash: `30/294/10894/`. An office's
scope is the subtree below its path, so one prefix comparison answers every question of place.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from posixpath import commonpath

from dossier_engine.errors import AppointmentExpired, BadInput, NotAllowed, SeparationOfDuties

ROLES = (
    "commune_officer",
    "district_officer",
    "district_reviewer",
    "dard_appraiser",
    "sector_confirmer",
    "front_surveyor",
    "decision_clerk",
    "steering_committee",
    "auditor",
    "administrator",
)

# The kinds of office in which a role is exercised. Who "holds" a dossier is the office of the first kind on its path.
OFFICE_KINDS = {
    "commune_officer": ("commune_committee",),
    "district_officer": ("district_committee",),
    "district_reviewer": ("district_committee",),
    "dard_appraiser": ("dard",),
    "sector_confirmer": ("sector", "dard"),  # the department confirms criteria of its own too
    "front_surveyor": ("front",),
    "decision_clerk": ("provincial_committee",),
    "steering_committee": ("steering_committee",),
    "auditor": ("inspectorate",),
    "administrator": ("it",),
}

# Whoever decides, or lets others in, proves more than that they know a password.
SECOND_FACTOR = ("dard_appraiser", "decision_clerk", "administrator")
# Who sees everything within reach without having a part in it: what they look at is noted.
OVERSEEING = ("auditor", "administrator")
TAKING_PART = tuple(role for role in ROLES if role not in OVERSEEING)

# Departments all sit at the province's path: of the dossiers about an office, each has a part in its own alone.
OF_ONE_OFFICE = ("sector_confirmer",)

ROLE_LEVELS = {
    "commune_officer": (3,),
    "district_officer": (2,),
    "district_reviewer": (2,),
    "dard_appraiser": (1,),
    "sector_confirmer": (1,),
    "front_surveyor": (1, 2),
    "decision_clerk": (1,),
    "steering_committee": (1,),
    "auditor": (1,),
    "administrator": (1,),
}

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person's role in an office for a period, both days included; `on_behalf_of` makes it a delegation.

    One that was ended before its first day was over has its last day before its first, and is valid on none.
    """

    person: str
    role: str
    office: str
    office_path: str
    valid_from: date
    valid_to: date | None
    on_behalf_of: str | None = None

    def is_valid(self, on: date) -> bool:
        """Both the first and the last day count."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def lends(self, delegation: "Appointment") -> bool:
        """Whether `delegation` stands in for this one, held in the person's own right, through all of its period."""
        same = (self.role, self.office, self.on_behalf_of) == (delegation.role, delegation.office, None)
        if not same or delegation.valid_to is None:
            return False
        ends_within = self.valid_to is None or delegation.valid_to <= self.valid_to
        return self.valid_from <= delegation.valid_from and ends_within

    def ended(self, last_day: date | None, on: date) -> "Appointment":
        """The same, ended on the day `on` after `last_day`, or at once (None): then that day counts no more either."""
        return replace(self, valid_to=max(on, self.valid_from) - _A_DAY if last_day is None else last_day)

    def is_over(self, on: date) -> bool:
        """Whether it is valid neither that day nor on any later one."""
        return self.valid_to is not None and self.valid_to < max(on, self.valid_from)

    def check_end(self, last_day: date | None, on: date) -> None:
        """Raises BadInput if it cannot be ended so on the day `on`: no end lies in the past, or later than another."""
        if self.is_over(on):
            raise BadInput("last_day", str(self.valid_to), "is_over")
        if last_day is None:
            return
        if last_day < on:
            raise BadInput("last_day", last_day.isoformat(), "in_the_past")
        if last_day < self.valid_from:
            raise BadInput("last_day", last_day.isoformat(), "before_from")
        if self.valid_to is not None and self.valid_to <= last_day:
            raise BadInput("last_day", last_day.isoformat(), "no_earlier_end")

    def covers(self, territory: str) -> bool:
        """Whether `territory` lies in the subtree of the office."""
        return territory.startswith(self.office_path)

    def concerns(self, office: str) -> bool:
        """Whether a dossier about `office` (empty: about the locality itself) is any business of who is appointed."""
        return office in ("", self.office) or self.role not in OF_ONE_OFFICE

    @property
    def accountable(self) -> tuple[str, ...]:
        """The persons an act under this appointment counts for: the actor, and whoever was stood in for."""
        return (self.person,) if self.on_behalf_of is None else (self.person, self.on_behalf_of)


def level_of(path: str) -> int:
    """1 for a province's path, 2 for a district's, 3 for a commune's."""
    return path.count("/")


def part_of(path: str, level: int) -> str:
    """The ancestor of `path` at `level`: where the office that holds a dossier has its seat."""
    return "/".join(path.split("/")[:level]) + "/"


def common_part(paths: Collection[str]) -> str:
    """The smallest territory that holds all of `paths`; empty if not even a province does, where nobody has a seat."""
    shared = commonpath(paths)
    return f"{shared}/" if shared else ""


def standing(
    appointments: Sequence[Appointment],
    *,
    person: str,
    act: str,
    roles: Sequence[str],
    territory: str,
    on: date,
    level: int | None = None,
    office: str | None = None,
) -> Appointment:
    """The appointment under which `person` may perform `act` on `territory` that day.

    `level` and `office` narrow where the appointment must be held. Raises NotAllowed, or AppointmentExpired when
    a fitting appointment exists but is not valid on that day.
    """
    fitting = [
        a
        for a in appointments
        if a.role in roles
        and a.covers(territory)
        and (level is None or level_of(a.office_path) == level)
        and (office is None or a.office == office)
    ]
    valid = [a for a in fitting if a.is_valid(on)]
    if valid:
        # One's own appointment before a delegated one: an act counts for as few people as it must.
        return min(valid, key=lambda a: (a.on_behalf_of is not None, roles.index(a.role), a.office, a.on_behalf_of))
    if fitting:
        nearest = max(fitting, key=lambda a: a.valid_from)
        raise AppointmentExpired(person, act, nearest.valid_from, nearest.valid_to)
    raise NotAllowed(person, act, roles)


def notes_reads(appointments: Iterable[Appointment], on: date) -> bool:
    """Whether what the holder of these appointments reads that day has to be noted."""
    return any(a.role in OVERSEEING and a.is_valid(on) for a in appointments)


def knows_of(appointments: Iterable[Appointment], territory: str) -> bool:
    """Whether any of these appointments, be it over, has the territory in its scope.

    Somebody who once worked there is told why an act is refused; for everybody else there is nothing there.
    """
    return any(a.covers(territory) for a in appointments)


def check_separation(
    sets: Iterable[tuple[str, Sequence[str]]],
    performed: Iterable[tuple[str, str, str]],
    *,
    persons: Sequence[str],
    transition: str,
) -> tuple[str, ...]:
    """The separation sets that `transition` belongs to, when none of `persons` has performed another of the set.

    `performed` holds (set, person, transition) of the dossier's whole path. Repeating the same transition is
    allowed: a returned dossier comes back to the same desk. Raises SeparationOfDuties.
    """
    touched = tuple(name for name, members in sets if transition in members)
    for name, person, done in performed:
        if name in touched and person in persons and done != transition:
            raise SeparationOfDuties(person, transition, done)
    return touched
