"""Which deadlines a stage has, from which rule, and when they fall due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.limits import Extension, Limit, Pause, due_on
from dossier_engine.rules.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Deadline:
    """One obligation of a stage. `rule` says which limit of the definition it comes from."""

    key: str
    rule: str
    start_on: date
    due_on: date


def limit_of(workflow: Workflow, rule: str) -> Limit:
    """The limit that a stored `rule` (`state:…`, `transition:…`, `requirement:…`) names."""
    kind, _, name = rule.partition(":")
    if kind == "state":
        limit = workflow.states[name].limit
    elif kind == "transition":
        limit = workflow.transitions[name].limit
    else:
        limit = workflow.requirements[name].limit
    if limit is None:
        raise KeyError(rule)
    return limit


def opened_by_entry(
    workflow: Workflow, state: str, via: str | None, on: date, *, year: int, calendar: Calendar
) -> tuple[Deadline, ...]:
    """The deadlines that begin when a dossier enters `state` on day `on`, by the transition `via`.

    The state's own comes first. Limits that run from receipt begin later, with the receipt.
    """
    rules = [_stage_rule(workflow, state, via)]
    rules += [
        f"requirement:{r.key}" for r, _ in workflow.asked_in(state).values() if r.limit and r.limit.start != "received"
    ]
    return tuple(_deadline(workflow, rule, state, on, year, calendar) for rule in rules if rule is not None)


def opened_by_receipt(
    workflow: Workflow, state: str, on: date, *, year: int, calendar: Calendar, pauses: Sequence[Pause]
) -> tuple[Deadline, ...]:
    """The deadlines of the stage that run from the day the full dossier was received.

    The receipt may be recorded after a pause that began since, so the stage's `pauses` so far count.
    """
    rules = [
        f"requirement:{r.key}" for r, _ in workflow.asked_in(state).values() if r.limit and r.limit.start == "received"
    ]
    return tuple(_deadline(workflow, rule, state, on, year, calendar, pauses) for rule in rules)


def when(
    workflow: Workflow,
    rule: str,
    start_on: date,
    *,
    year: int,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
) -> date:
    """The due date of a deadline that began on `start_on`, after `pauses` and an extension."""
    limit = limit_of(workflow, rule)
    return due_on(limit, start=start_on, target_year=year, calendar=calendar, pauses=pauses, extension=extension)


def _stage_rule(workflow: Workflow, state: str, via: str | None) -> str | None:
    if via is not None and workflow.transitions[via].limit is not None:
        return f"transition:{via}"
    return f"state:{state}" if workflow.states[state].limit is not None else None


def _deadline(
    workflow: Workflow, rule: str, state: str, on: date, year: int, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> Deadline:
    name = rule.partition(":")[2]
    key = name if rule.startswith("requirement:") else state
    return Deadline(key, rule, on, when(workflow, rule, on, year=year, calendar=calendar, pauses=pauses))
