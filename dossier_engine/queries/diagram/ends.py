"""The lane of ends at the bottom of a picture: where a dossier goes that leaves the path, or its goal.

Each state has one trunk down to here, and each end one level line to its box; where a transition leads from the one to
the other, a dot joins them. What leads to an end from several states is so one line, with its words once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dossier_engine.queries.diagram.chart import Chart
from dossier_engine.queries.diagram.picture import (
    ASIDE,
    LABEL_LINE,
    LIFT,
    PAD,
    Box,
    Label,
    Lines,
    Path,
    Point,
    left,
    lettered,
)


@dataclass(frozen=True, slots=True)
class Ends:
    """What stands in the lane of ends, and how far down it reaches."""

    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    bottom: int


def ends(chart: Chart, trunks: Mapping[str, int], texts: Mapping[str, Lines], *, tall: int, top: int) -> Ends:
    """One end below the other in the last column, beginning `top` pixels down; `trunks` say where states leave."""
    boxes: list[Box] = []
    labels: list[Label] = []
    x, y = left(len(chart.path)), top + PAD
    for end in chart.ends:
        words = dict(_words(chart, end, trunks))
        high = max(len(lines) for lines in words.values()) * LABEL_LINE + LIFT
        middle = y + max(tall // 2, high)
        boxes.append(Box(end, x, middle - tall // 2, tall, texts[end]))
        labels += [Label(at + ASIDE, middle - LIFT, centred=False, lines=lines) for at, lines in words.items()]
        y = middle + tall // 2 + PAD
    return Ends(tuple(boxes), tuple(labels), y)


def _words(chart: Chart, end: str, trunks: Mapping[str, int]) -> Iterator[tuple[int, Lines]]:
    """The words on the way to `end`, each from where it holds; the same words are not repeated along the line."""
    said: tuple[str, ...] = ()
    for link in chart.arriving(end):
        at = trunks[link.origin]
        bound = min((x for x in trunks.values() if x > at), default=left(len(chart.path)))
        if link.labels != said:
            yield at, lettered(link.labels, bound - at - 2 * ASIDE)
        said = link.labels


def paths(chart: Chart, trunks: Mapping[str, int], steps: Mapping[str, Box], drawn: Ends) -> Iterator[Path]:
    """The trunks, then the level lines."""
    for state, x in trunks.items():
        lowest = max(box.middle for box in drawn.boxes if any(ln.origin == state for ln in chart.arriving(box.state)))
        yield Path("end", ((x, steps[state].bottom), (x, lowest)), pointed=False)
    for box in drawn.boxes:
        first = trunks[chart.arriving(box.state)[0].origin]
        yield Path("end", ((first, box.middle), (box.x, box.middle)), pointed=True)


def dots(chart: Chart, trunks: Mapping[str, int], drawn: Ends) -> Iterator[Point]:
    """Where a trunk and a level line are joined, and do not merely cross."""
    for box in drawn.boxes:
        yield from ((trunks[link.origin], box.middle) for link in chart.arriving(box.state))
