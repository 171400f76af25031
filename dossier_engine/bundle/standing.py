"""Where each dossier stands by its entries alone, and what of it is still open: `dossier.json`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dossier_engine.bundle.material import Dossier, Material
from dossier_engine.rules import told
from dossier_engine.rules.entry import Standing, canonical, fold, instant, leaf_hash
from dossier_engine.rules.workflow import Text

_OF_THE_ROW = (
    "definition", "state", "is_open", "holder_role", "due_on", "round", "version", "stage_on", "paused_on",
    "effective_on", "acted_on", "linked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stand:
    """What the entries of one dossier add up to: its standing, its columns, the rows beside it, and its last leaf."""

    standing: Standing
    columns: Mapping[str, Any]
    beside: told.Beside
    head: str

    @property
    def open_deadlines(self) -> list[tuple[str, date]]:
        """The deadlines of the present stage that are not met: key and due date."""
        deadlines = sorted(self.beside["deadline"].items())
        return [
            (key, row["due_on"])
            for (stage, key), row in deadlines
            if stage == self.standing.stage_seq and row["met_on"] is None
        ]

    @property
    def open_escalations(self) -> list[tuple[int, Mapping[str, Any]]]:
        """The escalations of the present stage that nobody has answered: the entry that opened each, and its row."""
        escalations = sorted(self.beside["escalation"].items())
        return [
            (seq, row)
            for (seq,), row in escalations
            if row["stage_seq"] == self.standing.stage_seq and row["closed_seq"] is None
        ]


def stand(material: Material, dossier: Dossier) -> Stand:
    """Where `dossier` stands after its last entry."""
    standing = fold(dossier.entries)
    return Stand(
        standing,
        told.columns(dossier.entries, standing, dossier.workflow),
        told.rows(dossier.entries, dossier.workflow, lambda: material.confirming(str(dossier.opening["territory"]))),
        leaf_hash(canonical(dossier.entries[-1])).hex(),
    )


def standings(material: Material) -> Iterator[bytes]:
    """The file, a line for each dossier."""
    about = {"made_at": instant(material.made_at), "size": material.size}
    yield b'{"about":' + _line(about) + b',"dossiers":['
    for n, dossier in enumerate(material.dossiers()):
        yield (b",\n" if n else b"\n") + _line(_dossier(material, dossier))
    yield b"\n]}\n"


def _dossier(material: Material, dossier: Dossier) -> dict[str, object]:
    found, workflow, opening = stand(material, dossier), dossier.workflow, dossier.opening
    locality = str(opening["locality"])
    place = material.localities.get(locality)
    deadlines = [
        {"key": key, "label": _both(_label(dossier, key)), "due_on": due_on} for key, due_on in found.open_deadlines
    ]
    escalations = [
        {"entry": seq, **{n: row[n] for n in ("cause", "addressee", "mandate", "opened_at", "answer_by")}}
        for seq, row in found.open_escalations
    ]
    return {
        "code": dossier.code,
        "workflow": workflow.reference,
        "title": _both(workflow.title),
        "locality": {"code": locality, "name": place.name if place else None},
        "office": opening.get("office"),
        "level": opening["level"] or None,
        "target_year": opening["target_year"],
        "state_label": _both(workflow.states[found.standing.state].label),
        **{name: found.columns[name] for name in _OF_THE_ROW},
        "entries": len(dossier.entries),
        "head": found.head,
        "open": {"deadlines": deadlines, "escalations": escalations},
    }


def _label(dossier: Dossier, key: str) -> Text:
    """A deadline is named for the state or the requirement that it is of."""
    workflow = dossier.workflow
    return workflow.states[key].label if key in workflow.states else workflow.requirements[key].label


def _both(label: Text) -> dict[str, str]:
    return {"vi": label.vi, "en": label.en}


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def _plain(value: date) -> str:
    return instant(value) if isinstance(value, datetime) else value.isoformat()
