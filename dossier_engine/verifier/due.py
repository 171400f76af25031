"""Whether the due dates an entry states are those that the law gives, by the calendar it names."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.deadlines import Deadline, when
from dossier_engine.rules.limits import Extension, Pause
from dossier_engine.rules.told import Told
from dossier_engine.rules.workflow import Workflow
from dossier_engine.verifier.act import Act, Flaw, day
from dossier_engine.verifier.registers import Registers


class Open(NamedTuple):
    """A deadline of the present stage that nothing has met."""

    key: str
    rule: str
    start_on: date
    due_on: date
    due_version: int
    set_at: Any
    extension: Extension | None


def open_deadlines(told: Told) -> dict[str, Open]:
    """The open deadlines of the stage the dossier stands in, by key."""
    return {
        key: Open(
            key, row["rule"], row["start_on"], row["due_on"], row["due_version"], row["set_at"],
            Extension(row["extended_on"], row["extended_until"]) if row["extended_on"] else None,
        )
        for (stage, key), row in told.rows["deadline"].items()
        if stage == told.stage and row["met_on"] is None
    }  # fmt: skip


def pauses(told: Told, until: date | None = None) -> list[Pause]:
    """The pauses of the stage that are over; one that is not ends on `until`, if that is given."""
    found = [(row["from_on"], row["to_on"] or until) for row in told.rows["pause"].values()
             if row["stage_seq"] == told.stage]  # fmt: skip
    return [Pause(begun, ended) for begun, ended in found if ended is not None]


def stated(body: Mapping[str, Any]) -> dict[str, date]:
    """The due dates of a body, by deadline. Raises ValueError when one is stated twice, or anything beside them."""
    found = {item["deadline"]: day(item["on"]) for item in body["due"]}
    if len(found) != len(body["due"]) or any(len(item) != 2 for item in body["due"]):
        raise ValueError("due")
    return found


def named(registers: Registers, act: Act) -> Calendar | None:
    """The calendar that an entry names, if it was in use by then."""
    return registers.calendar(act.body["calendar"], act.at)


def opened(registers: Registers, act: Act, by_law: Iterable[Deadline]) -> Iterator[Flaw]:
    """What is wrong with the deadlines an entry opens; `by_law` is counted only when the calendar is one in use."""
    if named(registers, act) is None:
        yield "calendar_not_in_use", str(act.body["calendar"])
        return
    yield from differing(act, {d.key: d.due_on for d in by_law})


def differing(act: Act, by_law: Mapping[str, date]) -> Iterator[Flaw]:
    """Deadlines that are not stated as the law has them."""
    found = stated(act.body)
    for key in sorted(found.keys() | by_law.keys()):
        if found.get(key) != by_law.get(key):
            yield "due_differs", f"{key}: {found.get(key)}, {by_law.get(key)}"


def recounted(
    workflow: Workflow, told: Told, calendar: Calendar, *, year: int, resumed_on: date | None = None
) -> dict[str, date]:
    """Every open deadline of the stage with its date after all pauses; one that runs still ends on `resumed_on`."""
    stood = pauses(told, resumed_on)
    return {
        d.key: when(
            workflow, d.rule, d.start_on, year=year, calendar=calendar, pauses=stood, extension=d.extension
        )
        for d in open_deadlines(told).values()
    }  # fmt: skip
