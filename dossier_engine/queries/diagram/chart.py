"""What a picture of a definition shows, before anything has a place: columns, lanes, ends and lines between them.

Columns are the states a dossier can wait in, and the goal, in the order of their milestones. Every other state is
an end of its own. Lanes are the roles that hold a dossier, in the order in which it meets them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dossier_engine.rules.workflow import State, Text, Workflow

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Link:
    """All the transitions from one state to another, drawn as one line with their labels one below the other."""

    origin: str
    target: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The parts of a picture; `column` counts the states of the path, `lane` says in which of `lanes` each stands."""

    labels: Mapping[str, str]
    path: tuple[str, ...]
    ends: tuple[str, ...]
    lanes: tuple[str, ...]
    column: Mapping[str, int]
    lane: Mapping[str, int]
    links: tuple[Link, ...]

    @property
    def moves(self) -> tuple[Link, ...]:
        """The lines between two states of the path."""
        return tuple(link for link in self.links if link.target in self.column)

    def arriving(self, end: str) -> tuple[Link, ...]:
        """The lines to an end, from the first column to the last."""
        found = (link for link in self.links if link.target == end)
        return tuple(sorted(found, key=lambda link: self.column[link.origin]))


def chart(workflow: Workflow, lang: Language) -> Chart:
    """The parts of the picture of a checked definition, labelled in one language."""
    path = sorted((s for s in workflow.states.values() if _is_on_path(workflow, s)), key=_place(workflow))
    holders = _holders(path)
    lanes = tuple(dict.fromkeys(holders.values()))
    column = {key: n for n, key in enumerate(holders)}
    ends = (key for key in workflow.states if key not in holders)
    return Chart(
        labels={key: said(state.label, lang) for key, state in workflow.states.items()},
        path=tuple(holders),
        ends=tuple(sorted(ends, key=lambda end: _span(workflow, end, column))),
        lanes=lanes,
        column=column,
        lane={key: lanes.index(holder) for key, holder in holders.items()},
        links=_links(workflow, lang),
    )


def said(text: Text, lang: Language) -> str:
    """A label in one language."""
    return text.vi if lang == "vi" else text.en


def _is_on_path(workflow: Workflow, state: State) -> bool:
    return not state.final or state.key == workflow.goal


def _place(workflow: Workflow) -> Callable[[State], tuple[int, bool]]:
    """The order of columns: by milestone, then as in the file; the goal closes its milestone."""
    rank = {milestone: n for n, milestone in enumerate(workflow.milestones)}
    return lambda state: (rank[state.milestone or ""], state.key == workflow.goal)


def _holders(path: Iterable[State]) -> dict[str, str]:
    """Who holds each state; nobody holds the goal any more, so it stays with whoever brought the dossier there."""
    holders: dict[str, str] = {}
    holder = ""
    for state in path:
        holder = state.holder or holder
        holders[state.key] = holder
    return holders


def _span(workflow: Workflow, end: str, column: Mapping[str, int]) -> tuple[int, int]:
    """An order of ends in which the ways down to the later ones cross those to the earlier ones least."""
    columns = [column[origin] for t in workflow.transitions.values() if t.target == end for origin in t.origins]
    return -max(columns), -min(columns)


def _links(workflow: Workflow, lang: Language) -> tuple[Link, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for transition in workflow.transitions.values():
        for origin in transition.origins:
            found.setdefault((origin, transition.target), []).append(said(transition.label, lang))
    return tuple(Link(origin, target, tuple(labels)) for (origin, target), labels in found.items())
