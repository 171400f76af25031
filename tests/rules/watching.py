"""A dossier as the sweep sees it, built for a case, and a life in which sweeps are carried out on it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from config.calendars import load_calendar
from dossier_engine.rules.due import Escalation, Line, Pending, Plan, Raised, Watched, plan, wake
from dossier_engine.rules.ladder import fallen
from dossier_engine.rules.workflow import Rung, Workflow
from tests.makers import at, the_law

CALENDAR = load_calendar()
ADVANCED = the_law().named("commune-advanced")


def a_pending(due_on: str, *, key: str = "registered", set_at: str = "2024-01-05", version: int = 1,
              met_on: str | None = None) -> Pending:  # fmt: skip
    met = date.fromisoformat(met_on) if met_on else None
    return Pending(key, date.fromisoformat(due_on), version, at(set_at), met)


def a_watched(
    *deadlines: Pending, workflow: Workflow = ADVANCED, acted_on: str = "2027-12-31", **more: object
) -> Watched:
    """A dossier in the first state; it counts as acted on so late that it has not stalled, unless the case says so."""
    facts = {"is_open": True, "is_paused": False, "state": "registered", **more}
    return Watched(workflow=workflow, acted_on=date.fromisoformat(acted_on), deadlines=deadlines, **facts)  # type: ignore[arg-type]


def an_escalation(to: str, answer_by: str | None, *, since: str, seq: int = 7, cause: str = "rung",
                  mandate: str = "must_answer") -> Escalation:  # fmt: skip
    by = date.fromisoformat(answer_by) if answer_by else None
    return Escalation(seq, cause, to, mandate, at(since, 7), by, None)


def with_ladder(*rungs: Rung, workflow: Workflow = ADVANCED, **more: object) -> Workflow:
    """The definition with another ladder for its first state."""
    state = replace(workflow.states["registered"], ladder=rungs)
    return replace(workflow, states={**workflow.states, "registered": state}, **more)  # type: ignore[arg-type]


def lines(found: Plan) -> list[str]:
    return [
        f"{n.key} {n.rung} {n.addressee} {n.occurrence} {n.outcome}{f' {n.why}' if n.why else ''}" for n in found.lines
    ]


@dataclass
class Life:
    """What a sweep would have kept: the ledger, open escalations, and when to look next."""

    watched: Watched
    wake_at: datetime | None
    ledger: list[tuple[datetime, Line]] = field(default_factory=list)
    seq: int = 100

    @classmethod
    def of(cls, watched: Watched, *, since: datetime) -> "Life":
        return cls(watched, wake(watched, CALENDAR, after=fallen(since)))

    def sweep(self, now: datetime) -> Plan | None:
        """What a sweep at `now` finds on the dossier; None when its hour has not come."""
        if self.wake_at is None or self.wake_at > now:
            return None
        found = plan(self.watched, CALENDAR, now=now)
        told = self.watched.told | {(n.key, n.due_version, n.rung, n.addressee, n.occurrence) for n in found.lines}
        assert len(told) == len(self.watched.told) + len(found.lines), "something was told twice"
        escalations = [self._climbed(e, found, now) for e in self.watched.escalations]
        if found.raised is not None:
            escalations.append(self._raised(found.raised, now))
        self.watched = replace(self.watched, told=told, escalations=tuple(escalations))
        self.ledger += [(now, line) for line in found.lines]
        self.wake_at = found.wake_at
        return found

    def change(self, now: datetime, **facts: object) -> None:
        """An act that changes the dossier; what fell due before is settled first, as the commands do."""
        self.sweep(now)
        self.watched = replace(self.watched, **facts)  # type: ignore[arg-type]
        self.wake_at = wake(self.watched, CALENDAR, after=fallen(now))

    def _raised(self, raised: Raised, now: datetime) -> Escalation:
        self.seq += 1
        return Escalation(self.seq, raised.cause, raised.line.addressee, raised.mandate, now, raised.answer_by, None)

    def _climbed(self, escalation: Escalation, found: Plan, now: datetime) -> Escalation:
        for climbed in found.climbed:
            if climbed.seq == escalation.seq:
                self.seq += 1
                return replace(escalation, addressee=climbed.addressee, answer_by=climbed.answer_by,
                               addressed_at=now, climbed_seq=self.seq)  # fmt: skip
        return escalation
