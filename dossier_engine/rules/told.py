"""What one dossier's entries add up to beside its state: the columns of its row, and the rows beside it.

Facts, duties performed, pauses, deadlines and escalations, as the engine stores them and as whoever verifies a history
without the engine needs them to judge the next entry.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dossier_engine.rules.authority import ROLE_LEVELS, part_of
from dossier_engine.rules.entry import Json, Standing
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.requirements import Fact, Facts, unmet
from dossier_engine.rules.workflow import SectorConfirmations, Workflow

Entry = Mapping[str, Json]
Offices = Mapping[str, tuple[str, ...]]
Beside = dict[str, dict[tuple[Any, ...], dict[str, Any]]]  # by table, by key, by column

# The tables that belong to one dossier: what identifies a row there, and every other column.
BESIDE = {
    "fact": (("requirement", "item", "seq"), ("stage_seq", "value", "void_seq")),
    "performed": (("separation", "person"), ("transition",)),
    "pause": (("seq",), ("stage_seq", "from_on", "to_on")),
    "deadline": (
        ("stage_seq", "key"),
        ("rule", "start_on", "due_on", "due_version", "set_at", "extended_on", "extended_until", "met_on"),
    ),
    "escalation": (
        ("seq",),
        (
            "stage_seq",
            "cause",
            "addressee",
            "mandate",
            "opened_at",
            "addressed_at",
            "answer_by",
            "climbed_seq",
            "closed_seq",
        ),
    ),
}


def columns(entries: Sequence[Entry], standing: Standing, workflow: Workflow) -> dict[str, Any]:
    """What the dossier's row must say, with the code and path of its locality in place of the key."""
    first, *later = [_body(entry) for entry in entries]
    state, territory = workflow.states[standing.state], str(first["territory"])
    due = None if state.final else standing.due.get(state.key)
    linked = [body["successor"] for body in later if "successor" in body]
    return {
        **{name: getattr(standing, name) for name in ("definition", "version", "state", "round", "stage_seq")},
        **{name: getattr(standing, name) for name in ("stage_on", "paused_on", "effective_on")},
        "workflow": str(first["workflow"]).partition("@")[0],
        "locality_code": first["locality"],
        "locality_path": territory,
        "territory": territory,
        "level": first["level"],
        "target_year": first["target_year"],
        "is_open": not state.final,
        "holder_role": state.holder,
        "holder_path": None if state.holder is None else part_of(territory, ROLE_LEVELS[state.holder][0]),
        "due_on": None if due is None else date.fromisoformat(due),
        "linked": linked[-1] if linked else first["continues"],
        "office": first.get("office") or "",
        "acted_on": _acted_on(entries),
    }


def _acted_on(entries: Sequence[Entry]) -> date:
    """The legal day of the last act by a person."""
    acts = (entry for entry in reversed(entries) if not str(_actor(entry)["person"]).startswith("system:"))
    return legal_day(_at(next(acts)))


def recognition(entries: Iterable[Entry], code: str, workflow: Workflow) -> tuple[Any, ...] | None:
    """The recognition this dossier brought: locality, level, year, dossier, and since when it is revoked; or None."""
    if workflow.subject == "office":
        return None
    found: tuple[Any, ...] | None = None
    for entry in entries:
        body = _body(entry)
        if entry["kind"] == "registered":
            about = (body["locality"], body["level"], body["target_year"], code)
        elif entry["kind"] == "moved" and body["to"] == workflow.goal:
            found = (*about, None)
        elif entry["kind"] == "moved" and body["from"] == workflow.goal:
            found = (*about, _on(entry))
    return found


def rows(entries: Iterable[Entry], workflow: Workflow, offices: Callable[[], Offices]) -> Beside:
    """What the tables beside the dossier must hold; `offices` says who confirms which criterion, if that matters."""
    told = Told(workflow, offices)
    for entry in entries:
        told.read(entry)
    return told.rows


@dataclass(slots=True)
class Told:
    """The rows that the entries read so far add up to; `stage` is the entry that opened the present stage."""

    workflow: Workflow
    offices: Callable[[], Offices]
    stage: int = 0
    state: str = ""
    via: str | None = None
    at: datetime | None = None
    facts: dict[tuple[str, str], Fact] = field(default_factory=dict)  # those that stand
    rows: Beside = field(default_factory=lambda: {table: {} for table in BESIDE})

    def read(self, entry: Entry) -> None:
        """Take in the next entry."""
        body, seq, on = _body(entry), _number(entry["seq"]), _on(entry)
        self.at = _at(entry)
        match entry["kind"]:
            case "registered" | "moved":
                self.stage, self.state = seq, str(body["to"])
                self.via = str(body["transition"]) if "transition" in body else None
                listed = _list(body.get("supplements"))
                self._void(seq, [fact for fact in self.facts if fact[0] in listed])
                self._perform(entry)
                self._begin(body, on)
            case "recorded":
                self._record(body, seq, on)
            case "paused":
                self.rows["pause"][seq,] = {"stage_seq": self.stage, "from_on": on, "to_on": None}
            case "resumed":
                for pause in self.rows["pause"].values():
                    pause["to_on"] = pause["to_on"] or on
                self._move(body)
                for waiting in _list(body.get("escalations")):
                    self._address(seq, waiting if isinstance(waiting, dict) else {})
            case "recomputed":
                self._move(body)
            case "extended":
                self._extend(body, on)
            case "escalated" | "climbed":
                self._address(seq, body)
            case "answered":
                self.rows["escalation"][_number(body["escalation"]),]["closed_seq"] = seq
                self._extend(body, on)

    def _void(self, seq: int, facts: Iterable[tuple[str, str]]) -> None:
        for requirement, item in facts:
            stood = self.facts.pop((requirement, item), None)
            if stood is not None:
                self.rows["fact"][requirement, item, stood.seq]["void_seq"] = seq

    def _perform(self, entry: Entry) -> None:
        actor = _actor(entry)
        persons = [actor["person"], actor["on_behalf_of"]]
        for separation, members in self.workflow.separation.items():
            for person in persons if self.via in members else ():
                if person is not None:
                    self.rows["performed"].setdefault((separation, person), {"transition": self.via})

    def _record(self, body: Mapping[str, Json], seq: int, on: date) -> None:
        requirement = str(body["requirement"])
        items = {str(item["item"]): item for item in _list(body["items"]) if isinstance(item, dict)}
        self._void(seq, [(requirement, name) for name in items])
        for name, item in items.items():
            value: dict[str, Any] = {k: v for k, v in item.items() if k != "item"}
            self.facts[requirement, name] = Fact(seq, self.stage, value)
            self.rows["fact"][requirement, name, seq] = {"stage_seq": self.stage, "value": value, "void_seq": None}
        due = _due(body)
        if due:
            self._begin(body, date.fromisoformat(str(items["receipt"]["on"])))
        for key in (requirement, *due):
            self._meet(key, on)

    def _begin(self, body: Mapping[str, Json], start: date) -> None:
        for key, due in _due(body).items():
            self.rows["deadline"][self.stage, key] = {
                "rule": self._rule(key),
                "start_on": start,
                "due_on": due,
                "due_version": 1,
                "set_at": self.at,
                "extended_on": None,
                "extended_until": None,
                "met_on": None,
            }

    def _rule(self, key: str) -> str:
        if key != self.state:
            return f"requirement:{key}"
        via = self.workflow.transitions[self.via] if self.via else None
        return f"transition:{via.name}" if via is not None and via.limit is not None else f"state:{key}"

    def _move(self, body: Mapping[str, Json]) -> tuple[str, ...]:
        """Deadlines that stand get another date; returns which."""
        moved = _due(body)
        for key, due in moved.items():
            deadline = self.rows["deadline"][self.stage, key]
            deadline |= {"due_on": due, "due_version": deadline["due_version"] + 1, "set_at": self.at}
        return tuple(moved)

    def _extend(self, body: Mapping[str, Json], on: date) -> None:
        for key in self._move(body):
            deadline = self.rows["deadline"][self.stage, key]
            deadline |= {"extended_on": on, "extended_until": deadline["due_on"]}

    def _address(self, seq: int, body: Mapping[str, Json]) -> None:
        """An escalation is brought before somebody: by the entry that opens it, or by one of its climbs."""
        by = None if body["answer_by"] is None else date.fromisoformat(str(body["answer_by"]))
        addressed: dict[str, Any] = {"addressed_at": self.at, "answer_by": by}
        if "addressee" in body:
            addressed["addressee"] = body["addressee"]
        if "escalation" in body:
            climbed = {"climbed_seq": seq} if "addressee" in body else {}
            self.rows["escalation"][_number(body["escalation"]),] |= {**addressed, **climbed}
            return
        opened = {"stage_seq": self.stage, "cause": body["cause"], "mandate": body["mandate"], "opened_at": self.at}
        self.rows["escalation"][seq,] = {**opened, **addressed, "climbed_seq": None, "closed_seq": None}

    def _meet(self, key: str, on: date) -> None:
        """A deadline of a requirement is met on the day of the record that met it, whatever was put right since."""
        requirement, deadline = self.workflow.requirements[key], self.rows["deadline"].get((self.stage, key))
        if deadline is None or deadline["met_on"] is not None:
            return
        offices = self.offices() if isinstance(requirement, SectorConfirmations) else {}
        facts = Facts(self.stage, on, self.workflow.criteria, self.facts, offices)
        if unmet(requirement, facts) is None:
            deadline["met_on"] = on


def _due(body: Mapping[str, Json]) -> dict[str, date]:
    due = [d for d in _list(body.get("due")) if isinstance(d, dict)]
    return {str(d["deadline"]): date.fromisoformat(str(d["on"])) for d in due}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _body(entry: Entry) -> Mapping[str, Json]:
    body = entry["body"]
    if not isinstance(body, dict):
        raise TypeError(f"{entry['seq']}: no body")
    return body


def _actor(entry: Entry) -> Mapping[str, Json]:
    actor = entry["actor"]
    if not isinstance(actor, dict):
        raise TypeError(f"{entry['seq']}: no actor")
    return actor


def _at(entry: Entry) -> datetime:
    return datetime.fromisoformat(str(entry["at"]))


def _number(value: Json) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a number")
    return value


def _on(entry: Entry) -> date:
    return date.fromisoformat(str(entry["effective_on"]))
