"""What a simulated year came to, read from the histories it left."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.provinces import PlanRow, TargetRow
from dossier_engine.demonstration.programme import pursued
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, parse
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow

_HISTORY = TABLES["history"]

_Entries = list[Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One target of the plan: how many dossiers were `wanted` at `milestone`, how many got there, and where all stand.

    `states` counts the dossiers of the plan's year by state, in the order of the definition.
    """

    target: str
    workflow: str
    level: str
    milestone: str
    wanted: int
    reached: int
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """A simulated year up to `until`.

    `acts` were carried out, `refusals` given to actors who had to expect them. A stage is late when it was left after
    its due date, or is still open after it; `transitions` include the `returns`. `histories_sha256` is the SHA-256
    (hex) over the last entry of every stream, and so over all histories.
    """

    year: int
    seed: int
    until: date
    outcomes: tuple[Outcome, ...]
    acts: int
    refusals: int
    transitions: int
    returns: int
    late_stages: int
    histories_sha256: str


def summarise(
    session: Session, law: Law, plan: PlanRow, *, seed: int, until: date, acts: int, refusals: int
) -> Summary:
    """Count what the histories in the database say at the end of `until`."""
    streams = _streams(session)
    dossiers = [entries for stream, entries in streams.items() if stream.startswith("dossier/")]
    moves = [_body(e) for entries in dossiers for e in entries if e["kind"] == "moved"]
    return Summary(
        year=plan.year,
        seed=seed,
        until=until,
        outcomes=tuple(_outcome(t, w, dossiers, plan.year) for t, w in pursued(plan, law)),
        acts=acts,
        refusals=refusals,
        transitions=len(moves),
        returns=sum("supplements" in body for body in moves),
        late_stages=sum(_late_stages(entries, until) for entries in dossiers),
        histories_sha256=histories_sha256(session),
    )


def histories_sha256(session: Session) -> str:
    """SHA-256 over one line "stream seq leaf" for the last entry of each stream, sorted."""
    last: dict[str, str] = {}
    query = select(_HISTORY.c.stream, _HISTORY.c.seq, _HISTORY.c.leaf).order_by(_HISTORY.c.seq)
    for stream, seq, leaf in session.connection().execute(query):
        last[stream] = f"{stream} {seq} {leaf.hex()}\n"
    return hashlib.sha256("".join(sorted(last.values())).encode()).hexdigest()


def _streams(session: Session) -> dict[str, _Entries]:
    found: dict[str, _Entries] = {}
    query = select(_HISTORY.c.stream, _HISTORY.c.entry).order_by(_HISTORY.c.stream, _HISTORY.c.seq)
    for stream, entry in session.connection().execute(query):
        found.setdefault(stream, []).append(parse(entry))
    return found


def _outcome(target: TargetRow, workflow: Workflow, dossiers: Iterable[_Entries], year: int) -> Outcome:
    opened = [(_body(entries[0]), entries) for entries in dossiers]
    states = [
        _state(entries)
        for body, entries in opened
        if (body["workflow"], body["target_year"]) == (workflow.reference, year)
    ]
    rank = workflow.milestones.index(target.milestone)
    there = {key for key, s in workflow.states.items() if s.milestone in workflow.milestones[rank:]}
    return Outcome(
        target=target.key,
        workflow=workflow.name,
        level=workflow.level,
        milestone=target.milestone,
        wanted=target.count,
        reached=sum(state in there for state in states),
        states={key: states.count(key) for key in workflow.states if key in states},
    )


def _state(entries: Sequence[Mapping[str, Json]]) -> str:
    return next(str(_body(e)["to"]) for e in reversed(entries) if "to" in _body(e))


def _late_stages(entries: Sequence[Mapping[str, Json]], until: date) -> int:
    """Stages left after their due date; and the last one, when its date is over, its clock runs and it is no end."""
    late, state, due, paused = 0, "", None, False
    for entry in entries:
        body = _body(entry)
        if entry["kind"] == "moved" and due is not None:
            late += str(entry["effective_on"]) > due
        if entry["kind"] in ("registered", "moved"):
            state, due = str(body["to"]), None
        paused = entry["kind"] == "paused" or (paused and entry["kind"] != "resumed" and entry["kind"] != "moved")
        due = _due(body, state) or due
    return late + (due is not None and not paused and until.isoformat() > due)


def _due(body: Mapping[str, Json], state: str) -> str | None:
    stated = body.get("due")
    dues = stated if isinstance(stated, list) else []
    return next((str(d["on"]) for d in dues if isinstance(d, dict) and d["deadline"] == state), None)


def _body(entry: Mapping[str, Json]) -> Mapping[str, Json]:
    body = entry["body"]
    return body if isinstance(body, dict) else {}
