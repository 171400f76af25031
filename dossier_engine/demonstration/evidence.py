"""Invented papers: items that would meet a requirement, dated so that the rules accept them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from dossier_engine.demonstration.words import words
from dossier_engine.rules.requirements import Value
from dossier_engine.rules.workflow import (
    Broadcast,
    Confirmation,
    Criteria,
    CriteriaSet,
    Display,
    Documents,
    Receipt,
    Requirement,
    SectorConfirmations,
    Survey,
    Vote,
)

Items = Mapping[str, Value]


def papers(
    requirement: Requirement, *, on: date, since: date, criteria: CriteriaSet, offices: Mapping[str, tuple[str, ...]]
) -> Sequence[Items]:
    """What meets `requirement`, as one or more records made on day `on` in a stage entered on `since`.

    A posting ends on `on`, so it is met only if `since` (or the report it follows) lies far enough back. Nothing is
    invented for a precondition: no record can meet it.
    """
    match requirement:
        case Documents(documents=documents):
            return [{d.kind: {f: _field(f, d.kind, on) for f in d.fields} for d in documents}]
        case Criteria():
            return [{c.number: {"result": "met"} for c in criteria.criteria}]
        case Broadcast(times=times, within_days=within):
            first = max(since, on - timedelta(days=within - 1))
            return [{first.isoformat(): {"times": 1}, on.isoformat(): {"times": times}}]
        case Display():
            return [{"period": {"from": since.isoformat(), "to": on.isoformat()}}]
        case Vote():
            return [{"vote": {"agree": 18, "present": 19, "members": 20}}]
        case Survey():
            return [{"survey": {"satisfied": 196, "answered": 200, "asked": 210}}]
        case SectorConfirmations():
            confirming = {o for c in criteria.criteria for o in c.offices or offices.get(c.number, ())}
            return [_agreed(office, on) for office in sorted(confirming)]
        case Confirmation(office=office):
            return [_agreed(office, on)]
        case Receipt():
            return [{"receipt": {"on": on.isoformat()}}]
        case _:
            return []


def _agreed(office: str, on: date) -> Items:
    return {office: {"result": "agree", "number": _number(office, on), "date": on.isoformat()}}


def _field(name: str, kind: str, on: date) -> str:
    if name == "sha256":
        return hashlib.sha256(f"{kind} {on}".encode()).hexdigest()
    if name == "date":
        return on.isoformat()
    return words().fields.get(name) or _number(f"{name} {kind}", on)


def _number(of: str, on: date) -> str:
    return f"{int.from_bytes(hashlib.sha256(f'{of} {on}'.encode()).digest()[:2]) % 900 + 1}/MH-{on.year}"
