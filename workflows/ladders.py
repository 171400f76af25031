"""Ladders: who hears when, in working days around a due date.

A line of a ladder may name several days; each becomes a rung of its own. Rungs are put in the order of time, the
weekly ones, which go on until the stage ends, last.
"""

import re
from typing import Literal, get_args

from dossier_engine.rules.workflow import Rung
from workflows.section import Section
from workflows.terms import ACTING_ROLES

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
"""Days on which a weekly rung may fall; numbered from 0 as `date.weekday` does."""

_AT = re.compile(r"([+-]?[0-9]{1,2})wd")
_KINDS: tuple[Literal["remind", "escalate"], ...] = ("escalate", "remind")
_Mandate = Literal["inform", "must_answer"]
_MANDATES: tuple[_Mandate, ...] = get_args(_Mandate)


def ladders(root: Section) -> dict[str, tuple[Rung, ...]]:
    """The named ladders of a definition."""
    owner = root.section("ladders")
    return {name: _ladder(owner, name) for name in owner.own_names()}


def escalation(section: Section, working_days: int) -> Rung:
    """The rung of something that is brought before somebody outside any ladder."""
    to, mandate, answer_days = _addressed(section)
    return Rung(working_days, None, to, "escalate", mandate, answer_days)


def _ladder(owner: Section, name: str) -> tuple[Rung, ...]:
    rungs = [rung for line in owner.listed(name) for rung in _rungs(line)]
    if not rungs:
        owner.fault("bad_ladder", name, "has no rung")
    if len({(rung.name, rung.to) for rung in rungs}) < len(rungs):  # the ledger tells rungs apart by these
        owner.fault("bad_ladder", name, "has a rung twice")
    return tuple(sorted(rungs, key=_when))


def _when(rung: Rung) -> tuple[bool, int]:
    return rung.working_days is None, rung.working_days or rung.weekday or 0


def _rungs(line: Section) -> list[Rung]:
    to, mandate, answer_days = _addressed(line)
    kind = line.choice("kind", _KINDS, "bad_ladder")
    if mandate == "must_answer" and kind == "remind":
        line.fault("bad_ladder", "mandate", "only an escalation can ask for an answer")
    if "weekly" in line:
        weekday = WEEKDAYS.index(line.choice("weekly", WEEKDAYS, "bad_ladder"))
        return [Rung(None, weekday, to, kind, mandate, answer_days)]
    return [Rung(days, None, to, kind, mandate, answer_days) for days in _days(line)]


def _addressed(line: Section) -> tuple[str, _Mandate, int | None]:
    to = line.choice("to", ("holder", "head", *ACTING_ROLES), "unknown_role")
    mandate = line.choice("mandate", _MANDATES, "bad_ladder")
    return to, mandate, line.whole("answer_days", "bad_ladder") if mandate == "must_answer" else None


def _days(line: Section) -> list[int]:
    days = []
    for text in line.texts("at"):
        match = _AT.fullmatch(text)
        if match:
            days.append(int(match[1]))
        else:
            line.fault("bad_ladder", "at", f"{text} is no distance such as -5wd or +1wd")
    return days
