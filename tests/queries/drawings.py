"""Definitions to draw, and drawings read as their readers get them: from the SVG, by its coordinates and words.

`python -m tests.queries.drawings` writes the golden files anew; look at them in a browser before keeping them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import strategies as st

from dossier_engine.queries.diagram import Captions, mermaid, svg
from dossier_engine.queries.diagram.lettering import width
from dossier_engine.rules.workflow import State, Text, Transition, Workflow
from tests.workflows.small import SMALL
from workflows.loader import load, packaged

GOLDEN = Path(__file__).parent / "golden"
PACKAGED = [load(content, name) for name, content in packaged()]
ADVANCED = next(workflow for workflow in PACKAGED if workflow.name == "commune-advanced")
DRAWN = [*PACKAGED, load(SMALL.encode(), "small.yaml")]
WORDS = {
    "vi": Captions(
        roles={
            "commune_officer": "cán bộ xã",
            "district_officer": "cán bộ huyện lập hồ sơ",
            "district_reviewer": "người thẩm tra cấp huyện",
            "dard_appraiser": "người thẩm định của Sở",
            "sector_confirmer": "người xác nhận của sở, ngành",
            "decision_clerk": "văn thư UBND tỉnh",
        },
        ends="rẽ nhánh",
        here="Đang ở đây",
        passed="Đã qua",
        leads="{transition} → {state}",
    ),
    "en": Captions(
        roles={
            "commune_officer": "commune officer",
            "district_officer": "district officer",
            "district_reviewer": "district reviewer",
            "dard_appraiser": "DARD appraiser",
            "sector_confirmer": "sector department",
            "decision_clerk": "decision clerk",
        },
        ends="other ends",
        here="Now here",
        passed="Passed",
        leads="{transition} → {state}",
    ),
}
SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = pytest.mark.parametrize("workflow", DRAWN, ids=lambda workflow: workflow.name)
LANGUAGES = pytest.mark.parametrize("lang", ["vi", "en"])


@dataclass(frozen=True)
class Area:
    """A rectangle: a box, or what words take at most."""

    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: "Area") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, x: int, y: int) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 -- our own drawing


def area(rect: ET.Element) -> Area:
    x, y, across, down = (int(rect.attrib[name]) for name in ("x", "y", "width", "height"))
    return Area(x, y, x + across, y + down)


def boxes(tree: ET.Element) -> dict[str, Area]:
    return {r.attrib["data-state"]: area(r) for r in tree.iter(f"{SVG}rect") if "data-state" in r.attrib}


def ways(tree: ET.Element) -> list[list[tuple[int, int]]]:
    """The corners of every line."""
    found = []
    for path in tree.iter(f"{SVG}path"):
        if path.attrib["class"].startswith("way "):
            corners = [corner.split() for corner in path.attrib["d"].removeprefix("M").split(" L")]
            found.append([(int(x), int(y)) for x, y in corners])
    return found


def stretches(tree: ET.Element) -> list[Area]:
    """Every straight piece of every line, as a rectangle of no width or no height."""
    pieces = [piece for way in ways(tree) for piece in pairwise(way)]
    return [Area(min(x, u), min(y, v), max(x, u), max(y, v)) for (x, y), (u, v) in pieces]


def texts(tree: ET.Element, name: str) -> list[ET.Element]:
    return [text for text in tree.iter(f"{SVG}text") if text.attrib["class"] == name]


def wording(tree: ET.Element, name: str) -> str:
    """All the words of one kind, the lines of a label one after the other."""
    return " ".join(text.text or "" for text in texts(tree, name))


def taken(text: ET.Element) -> Area:
    """What a line of text takes at most."""
    x, y, size = (int(text.attrib[name]) for name in ("x", "y", "font-size"))
    across = width(text.text or "", size)
    start = x - across // 2 if text.attrib["text-anchor"] == "middle" else x
    return Area(start, y - size, start + across, y + size // 4)


def a_definition(
    holders: Sequence[str], moves: Sequence[tuple[int, int]], ends: Sequence[Sequence[int]], label: str = "Bước tiếp"
) -> Workflow:
    """States s0, s1, … held by `holders` with a goal after them; moves between them; origins of the ends e0, e1, …."""
    text = Text(label, label)
    path = [State(f"s{n}", f"s{n}", text, False, holder, None, (), None) for n, holder in enumerate(holders)]
    goal = State(f"s{len(path)}", f"s{len(path)}", text, True, None, None, (), None)
    last = [State(f"e{n}", None, text, True, None, None, (), None) for n, _ in enumerate(ends)]
    arrows = [((f"s{a}",), f"s{b}") for a, b in moves]
    arrows += [(tuple(f"s{a}" for a in origins), f"e{n}") for n, origins in enumerate(ends)]
    steps = [
        Transition(f"t{n}", text, origins, target, (holders[0],), 3, (), False, False, False, False, False, None)
        for n, (origins, target) in enumerate(arrows)
    ]
    states = [*path, goal, *last]
    return replace(
        ADVANCED,
        goal=goal.key,
        milestones=tuple(state.key for state in (*path, goal)),
        initial="s0",
        states={state.key: state for state in states},
        transitions={step.name: step for step in steps},
    )


@st.composite
def definitions(draw: st.DrawFn) -> Workflow:
    """A definition of up to seven states with moves in any direction, also to themselves."""
    count = draw(st.integers(1, 6))
    holders = draw(st.lists(st.sampled_from(sorted(WORDS["vi"].roles)), min_size=count, max_size=count))
    state = st.integers(0, count)
    moves = draw(st.lists(st.tuples(state, state), max_size=10, unique=True))
    ends = draw(st.lists(st.lists(state, min_size=1, max_size=4, unique=True), max_size=4))
    label = draw(
        st.sampled_from(["Trả", "Trả hồ sơ bổ sung", "Ghi quyết định công nhận của Chủ tịch Uỷ ban", "w" * 70])
    )
    return a_definition(holders, moves, ends, label)


if __name__ == "__main__":
    for written in ("vi", "en"):
        (GOLDEN / f"commune-advanced.{written}.svg").write_text(svg(ADVANCED, WORDS[written], lang=written), "utf-8")
        (GOLDEN / f"commune-advanced.{written}.mmd").write_text(mermaid(ADVANCED, lang=written), "utf-8")
