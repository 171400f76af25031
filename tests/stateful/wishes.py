"""What somebody may wish of a dossier, in one flat form, so that a wish is spoilt by changing one of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.commands.desk import Act, Receipt
from dossier_engine.commands.escalations import Answer, Difficulty, answer, raise_difficulty
from dossier_engine.commands.extend import Extend, extend
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.commands.record import Record, record
from dossier_engine.commands.register import Register, register
from tests.makers import Province

Fields = Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """`verb` says which of the other parts matter; `who` is a person's handle."""

    verb: str
    who: str
    dossier: str = ""
    name: str = ""  # of the workflow, transition, requirement or deadline
    locality: str = ""
    year: int = 0
    items: Mapping[str, Fields] = field(default_factory=dict)
    supplements: tuple[tuple[str, str], ...] = ()
    successor: str | None = None
    until: date = date.max
    number: str = ""
    dated: date = date.min
    reason: str | None = None
    effective_on: date | None = None
    version: int | None = None
    escalation: int | None = None
    key: str | None = None


def carry_out(province: Province, wish: Wish, now: datetime) -> Receipt:
    """Ask the engine, in a transaction of its own."""
    act = Act(
        person=province.people.get(wish.who, wish.who), channel="test", reason=wish.reason, key=wish.key,
        effective_on=wish.effective_on, expected_version=wish.version,
    )  # fmt: skip
    with province.writing() as session:
        known: dict[str, Any] = {"now": now, "rng": province.rng}
        match wish.verb:
            case "register":
                opening = Register(workflow=wish.name, subject=wish.locality, target_year=wish.year, act=act)
                return register(session, province.law, opening, **known)
            case "advance":
                lists = tuple(Supplement(*line) for line in wish.supplements)
                move = Advance(
                    dossier=wish.dossier, transition=wish.name, supplements=lists, successor=wish.successor, act=act
                )
                return advance(session, province.law, move, **known)
            case "record":
                papers = Record(dossier=wish.dossier, requirement=wish.name, items=wish.items, act=act)
                return record(session, province.law, papers, **known)
            case "extend":
                time = Extend(
                    dossier=wish.dossier, key=wish.name or None, until=wish.until, number=wish.number,
                    dated=wish.dated, act=act,
                )  # fmt: skip
                return extend(session, province.law, time, **known)
            case "raise":
                return raise_difficulty(session, province.law, Difficulty(dossier=wish.dossier, act=act), **known)
            case "answer":
                words = Answer(
                    dossier=wish.dossier, seq=wish.escalation, number=wish.number, dated=wish.dated,
                    until=None if wish.until == date.max else wish.until, act=act,
                )  # fmt: skip
                return answer(session, province.law, words, **known)
            case verb:
                command = {"pause": pause, "resume": resume}[verb]
                return command(session, province.law, Clock(dossier=wish.dossier, act=act), **known)
