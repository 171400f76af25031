"""What a transition asks for: the shape of each recorded fact, and what is still unmet.

A fact is one item of one requirement (`criteria` item "7", `documents` item "minutes", …). `check_shape` refuses a
fact that could never count; `unmet` asks one requirement and answers with the first thing that is missing, `None`
when it is met. Shares are compared as integers: 17 of 19 is below 9/10, 18 of 20 is not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from dossier_engine.errors import BadInput, DateInFuture, Unmet
from dossier_engine.rules.workflow import (
    Broadcast,
    Confirmation,
    Criteria,
    CriteriaSet,
    Display,
    Documents,
    Holds,
    Receipt,
    Requirement,
    SectorConfirmations,
    ShareOfCommunes,
    Survey,
    Vote,
)

Value = Mapping[str, str | int]

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_DATES = frozenset({"date", "on", "from", "to"})
_MOST = 10**9  # more than anybody counts here, and far below what an entry can hold


class Fact(NamedTuple):  # a hundred are made for one transition: a frozen dataclass takes three times as long
    """One current item of a requirement: the entry that recorded it, and in which stage."""

    seq: int
    stage_seq: int
    value: Value


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything requirements look at, gathered before they are asked.

    `recorded` is keyed by (requirement key, item); `offices` gives for each criterion the offices that confirm it;
    `held` are the levels the subject is recognised at; `communes` counts a district's communes, and `recognised`
    how many of them are recognised at each level.
    """

    stage_seq: int
    on: date
    criteria: CriteriaSet
    recorded: Mapping[tuple[str, str], Fact] = field(default_factory=dict)
    offices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    communes: int = 0
    recognised: Mapping[str, int] = field(default_factory=dict)

    def items(self, key: str) -> dict[str, Fact]:
        """The current items of one requirement."""
        return {item: fact for (owner, item), fact in self.recorded.items() if owner == key}


# --- shapes ---


def check_shape(requirement: Requirement, item: str, value: Value, *, criteria: CriteriaSet, today: date) -> None:
    """Refuse a fact that could never count for `requirement`. Raises BadInput or DateInFuture."""
    match requirement:
        case Documents(documents=documents):
            wanted = {d.kind: d.fields for d in documents}
            _item(item, wanted)
            known = _fields(item, value, wanted[item])
        case Criteria():
            _item(item, [c.number for c in criteria.criteria])
            known = _choice(value, "result", ("met", "not_met"))
        case Broadcast():
            _day("on", item, today)
            known = _counts(value, ("times",), least=1)
        case Display():
            _item(item, ["period"])
            known = _fields(item, value, ("from", "to"))
        case Vote(quorum=quorum):
            _item(item, ["vote"])
            # A meeting without a quorum may still say how many members it has.
            asked = quorum is not None or "members" in value
            known = _counts(value, ("agree", "present", "members") if asked else ("agree", "present"))
        case Survey():
            _item(item, ["survey"])
            known = _counts(value, ("satisfied", "answered", "asked"))
        case SectorConfirmations() | Confirmation():
            if isinstance(requirement, Confirmation):
                _item(item, [requirement.office])
            known = (*_choice(value, "result", ("agree", "disagree")), *_fields(item, value, ("number", "date")))
        case Receipt():
            _item(item, ["receipt"])
            known = _fields(item, value, ("on",))
        case _:
            raise BadInput("requirement", requirement.key, "not_recorded")
    for name, content in value.items():
        if name not in known:
            raise BadInput(f"{item}.{name}", str(content), "unknown_item")
        if name in _DATES:
            _day(name, str(content), today)
    if isinstance(requirement, Display) and str(value["to"]) < str(value["from"]):
        raise BadInput("to", str(value["to"]), "before_from")


def check_text(name: str, text: str) -> None:
    """Refuse text that could not stand in a history entry: one printable line of NFC text. Raises BadInput."""
    if not text.isprintable() or not unicodedata.is_normalized("NFC", text):
        raise BadInput(name, ascii(text), "not_plain_text")


def _item(item: str, known: Iterable[str]) -> None:
    if item not in known:
        raise BadInput("item", item, "unknown_item")


def _fields(item: str, value: Value, wanted: tuple[str, ...]) -> tuple[str, ...]:
    for name in wanted:
        content = str(value.get(name, ""))
        if not content.strip():
            raise BadInput(f"{item}.{name}", "", "missing")
        check_text(f"{item}.{name}", content)
        if name == "sha256" and _SHA256.match(content) is None:
            raise BadInput(f"{item}.sha256", content, "not_sha256")
    return wanted


def _choice(value: Value, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    if value.get(name) not in allowed:
        raise BadInput(name, str(value.get(name, "")), "not_a_choice")
    return (name,)


def _counts(value: Value, ascending: tuple[str, ...], least: int = 0) -> tuple[str, ...]:
    """Whole numbers, each at most the next: agreed ≤ present ≤ members."""
    below = least
    for name in ascending:
        count = value.get(name)
        if not isinstance(count, int) or isinstance(count, bool) or count > _MOST:
            raise BadInput(name, str(value.get(name, "")), "not_a_count")
        if count < below:
            raise BadInput(name, str(count), "count_too_small")
        below = count
    return ascending


def _day(name: str, text: str, today: date) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(name, text, "not_a_date") from None
    if day.isoformat() != text:  # Python reads `20240715` too; two forms of a day would count twice
        raise BadInput(name, text, "not_a_date")
    if day > today:
        raise DateInFuture(day, today)


# --- unmet ---


def unmet(requirement: Requirement, facts: Facts) -> Unmet | None:
    """What `requirement` still lacks, or None. Pure: `facts` holds all that is looked at."""
    match requirement:
        case Documents():
            found = _documents(requirement, facts)
        case Criteria():
            found = _criteria(requirement, facts)
        case Broadcast():
            found = _broadcast(requirement, facts)
        case Display():
            found = _display(requirement, facts)
        case Vote():
            found = _vote(requirement, facts)
        case Survey():
            found = _survey(requirement, facts)
        case SectorConfirmations():
            found = _sectors(requirement, facts)
        case Confirmation():
            found = _confirmed(facts, requirement.key, [requirement.office])
        case Receipt():
            fact = facts.recorded.get((requirement.key, "receipt"))
            found = None if fact and fact.stage_seq == facts.stage_seq else _lack("receipt_missing")
        case Holds():
            found = None if requirement.level in facts.held else _lack("not_recognised", level=requirement.level)
        case ShareOfCommunes():
            found = _share(requirement, facts)
        case _:
            raise TypeError(requirement)
    return None if found is None else found(requirement.key)


_Lack = Callable[[str], Unmet]


def _lack(why: str, **facts: str | int | tuple[str, ...]) -> _Lack:
    return lambda key: Unmet(key, why, tuple(facts.items()))


def _documents(requirement: Documents, facts: Facts) -> _Lack | None:
    missing = tuple(d.kind for d in requirement.documents if (requirement.key, d.kind) not in facts.recorded)
    return _lack("documents_missing", documents=missing) if missing else None


def _criteria(requirement: Criteria, facts: Facts) -> _Lack | None:
    results = {item: fact.value["result"] for item, fact in facts.items(requirement.key).items()}
    numbers = [c.number for c in facts.criteria.criteria]
    missing = tuple(n for n in numbers if n not in results)
    failed = tuple(n for n in numbers if results.get(n) == "not_met")
    if missing or failed:
        return _lack("criteria_not_met", missing=missing, not_met=failed, of=len(numbers))
    return None


def _broadcast(requirement: Broadcast, facts: Facts) -> _Lack | None:
    days = sorted((date.fromisoformat(i), int(f.value["times"])) for i, f in facts.items(requirement.key).items())
    width = timedelta(days=requirement.within_days)
    best = max((sum(n for day, n in days if first <= day < first + width) for first, _ in days), default=0)
    if best < requirement.times:
        return _lack("posted_too_seldom", times=best, wanted=requirement.times, days=requirement.within_days)
    return None


def _display(requirement: Display, facts: Facts) -> _Lack | None:
    fact = facts.recorded.get((requirement.key, "period"))
    if fact is None:
        return _lack("posting_missing", days=requirement.lasts_days)
    begun, ended = date.fromisoformat(str(fact.value["from"])), date.fromisoformat(str(fact.value["to"]))
    after = facts.items(requirement.after) if requirement.after else {}
    dated = [date.fromisoformat(str(f.value["date"])) for f in after.values() if "date" in f.value]
    if dated and begun < max(dated):
        return _lack("posted_too_early", posted=begun.isoformat(), report=max(dated).isoformat())
    lasted = (ended - begun).days
    if lasted < requirement.lasts_days:
        return _lack("posted_too_short", days=lasted, wanted=requirement.lasts_days)
    return None


def _below(part: int, whole: int, share: Fraction) -> bool:
    return whole == 0 or part * share.denominator < whole * share.numerator


def _vote(requirement: Vote, facts: Facts) -> _Lack | None:
    fact = facts.recorded.get((requirement.key, "vote"))
    if fact is None:
        return _lack("vote_missing")
    present, agree = int(fact.value["present"]), int(fact.value["agree"])
    if requirement.quorum is not None:
        members = int(fact.value["members"])
        if _below(present, members, requirement.quorum):
            return _lack("no_quorum", present=present, members=members, wanted=str(requirement.quorum))
    if _below(agree, present, requirement.assent):
        return _lack("no_assent", agree=agree, present=present, wanted=str(requirement.assent))
    return None


def _survey(requirement: Survey, facts: Facts) -> _Lack | None:
    fact = facts.recorded.get((requirement.key, "survey"))
    if fact is None:
        return _lack("survey_missing")
    satisfied, answered = int(fact.value["satisfied"]), int(fact.value["answered"])
    if _below(satisfied, answered, requirement.threshold):
        return _lack("not_satisfied", satisfied=satisfied, answered=answered, wanted=str(requirement.threshold))
    return None


def _sectors(requirement: SectorConfirmations, facts: Facts) -> _Lack | None:
    offices = {c.number: c.offices or facts.offices.get(c.number, ()) for c in facts.criteria.criteria}
    orphans = tuple(number for number, confirming in offices.items() if not confirming)
    if orphans:
        return _lack("no_office_confirms", criteria=orphans)
    return _confirmed(facts, requirement.key, sorted({o for confirming in offices.values() for o in confirming}))


def _confirmed(facts: Facts, key: str, offices: Iterable[str]) -> _Lack | None:
    results = {item: fact.value["result"] for item, fact in facts.items(key).items()}
    missing = tuple(o for o in offices if o not in results)
    against = tuple(o for o in offices if results.get(o) == "disagree")
    return _lack("not_confirmed", missing=missing, against=against) if missing or against else None


def _share(requirement: ShareOfCommunes, facts: Facts) -> _Lack | None:
    have = facts.recognised.get(requirement.level, 0)
    if _below(have, facts.communes, requirement.share):
        return _lack("too_few_communes", have=have, of=facts.communes, wanted=str(requirement.share))
    return None
