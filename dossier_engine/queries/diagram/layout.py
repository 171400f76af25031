"""Where everything in the picture of a definition stands: its lanes one below the other, each as high as it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier_engine.queries.diagram import ends, routes
from dossier_engine.queries.diagram.chart import Chart, Link
from dossier_engine.queries.diagram.lettering import wrap
from dossier_engine.queries.diagram.picture import (
    ASIDE,
    BOX,
    BOX_LINE,
    BOX_TEXT,
    GUTTER,
    HEADER,
    LABEL_LINE,
    LANE_LINE,
    LANE_TEXT,
    LIFT,
    MARK,
    PAD,
    Box,
    Lane,
    Lines,
    Picture,
    left,
    lettered,
)


@dataclass(frozen=True, slots=True)
class _Strips:
    """The lanes of the path, how far down the middle of their boxes is, and the level stretch of every line."""

    lanes: list[Lane]
    middles: list[int]
    levels: dict[Link, int]


def layout(chart: Chart, titles: Sequence[str], *, here: str | None) -> Picture:
    """The picture of a chart; `titles` name its lanes and then the lane of ends, `here` is the state to be marked."""
    heads = [wrap(title, LANE_TEXT, HEADER - 2 * ASIDE) for title in titles]
    texts = {state: wrap(label, BOX_TEXT, BOX - 2 * ASIDE) for state, label in chart.labels.items()}
    tall = _tall(texts, chart.path, here)
    words = {link: lettered(link.labels, _room(chart, link)) for link in chart.moves}

    strips = _strips(chart, heads, words, tall)
    levels, lanes = strips.levels, strips.lanes
    steps = {
        state: Box(state, left(column), strips.middles[chart.lane[state]] - tall // 2, tall, texts[state])
        for state, column in chart.column.items()
    }
    at = routes.ports(chart, steps, levels)
    below = ends.ends(chart, at.trunk, texts, tall=_tall(texts, chart.ends, here), top=lanes[-1].bottom)
    if chart.ends:
        lanes.append(Lane(lanes[-1].bottom, below.bottom - lanes[-1].bottom, heads[-1]))
    return Picture(
        lanes=tuple(lanes),
        boxes=(*steps.values(), *below.boxes),
        paths=(
            *ends.paths(chart, at.trunk, steps, below),
            *(routes.path(chart, link, steps, at, levels[link]) for link in chart.moves),
        ),
        dots=tuple(ends.dots(chart, at.trunk, below)),
        labels=(
            *(routes.label(chart, link, steps, at, levels[link], lines) for link, lines in words.items()),
            *below.labels,
        ),
    )


def _tall(texts: Mapping[str, Lines], states: Sequence[str], here: str | None) -> int:
    """How high the boxes of these states are; those among which one is marked are all a line higher."""
    most = max((len(texts[state]) for state in states), default=0)
    return most * BOX_LINE + (MARK if here in states else 0) + 2 * ASIDE


def _room(chart: Chart, link: Link) -> int:
    """How long the words of a line may be: no further than where other lines come down to the next box."""
    beyond = 0 if routes.way(chart, link) == "straight" else BOX // 3
    return GUTTER + beyond - 2 * ASIDE


def _strips(chart: Chart, heads: Sequence[Lines], words: Mapping[Link, Lines], tall: int) -> _Strips:
    strips = _Strips([], [], {})
    y = 0
    for lane in range(len(chart.lanes)):
        top, head = y, heads[lane]
        highs = {link: len(w) * LABEL_LINE + LIFT for link, w in words.items() if chart.lane[link.origin] == lane}
        over = [link for link in highs if routes.way(chart, link) == "over"]
        for link in over:
            y += highs[link] + ASIDE
            strips.levels[link] = y
        beside = [link for link in highs if link not in over]
        middle = y + PAD + max([tall // 2, *(highs[link] for link in beside)])
        strips.levels.update(dict.fromkeys(beside, middle))
        strips.middles.append(middle)
        y = max(middle + tall // 2 + PAD, top + len(head) * LANE_LINE + 2 * PAD)
        strips.lanes.append(Lane(top, y - top, head))
    return strips
