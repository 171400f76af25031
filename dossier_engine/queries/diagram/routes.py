"""The ways of lines between two states of the path.

One state to a column, so above and below a box its column is free: lines run upright in columns and level in gutters
or channels, and none ever passes behind a box. A step to the next column leaves to the right, a return to the column
before leaves to the left; whatever skips a column or stays in its lane goes over the boxes, through a channel at the
top of the lane it comes from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from dossier_engine.queries.diagram.chart import Chart, Link
from dossier_engine.queries.diagram.picture import ASIDE, BOX, GUTTER, LIFT, Box, Label, Path, Point


@dataclass(frozen=True, slots=True)
class Ports:
    """How far from the left each line meets the top or bottom of a box, and each trunk to the ends leaves its box."""

    leaving: Mapping[Link, int]
    arriving: Mapping[Link, int]
    trunk: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Claim:
    """One line at the top or bottom of a box: it turns left (-1), right (1) or goes straight (0), `far` away."""

    state: str
    above: bool
    turns: int
    far: int
    link: Link | None
    leaves: bool

    @property
    def side(self) -> tuple[str, bool]:
        """What its port must share."""
        return self.state, self.above

    @property
    def place(self) -> tuple[str, bool, int, int]:
        """An order of ports from left to right in which lines that turn the same way do not cross each other."""
        return self.state, self.above, self.turns, -self.turns * self.far


def way(chart: Chart, link: Link) -> Literal["straight", "elbow", "over"]:
    """How a line between two states of the path runs."""
    columns = chart.column[link.target] - chart.column[link.origin]
    if chart.lane[link.origin] == chart.lane[link.target]:
        return "straight" if columns == 1 else "over"
    return "elbow" if abs(columns) == 1 else "over"


def ports(chart: Chart, steps: Mapping[str, Box], levels: Mapping[Link, int]) -> Ports:
    """A port for every line that meets a box from above or below, spread evenly over that side."""
    placed: list[tuple[_Claim, int]] = []
    claims = sorted(_claims(chart, steps, levels), key=lambda claim: claim.place)
    for (state, _), group in groupby(claims, key=lambda claim: claim.side):
        sharing = list(group)
        placed += [(c, steps[state].x + BOX * n // (len(sharing) + 1)) for n, c in enumerate(sharing, start=1)]
    return Ports(
        leaving={claim.link: x for claim, x in placed if claim.link and claim.leaves},
        arriving={claim.link: x for claim, x in placed if claim.link and not claim.leaves},
        trunk={claim.state: x for claim, x in placed if claim.link is None},
    )


def _claims(chart: Chart, steps: Mapping[str, Box], levels: Mapping[Link, int]) -> Iterator[_Claim]:
    for link in chart.moves:
        onward = 1 if chart.column[link.target] >= chart.column[link.origin] else -1
        level, form = levels[link], way(chart, link)
        if form == "over":
            yield _Claim(link.origin, True, onward, steps[link.origin].y - level, link, leaves=True)
        if form != "straight":
            box = steps[link.target]
            yield _Claim(link.target, level < box.y, -onward, abs(box.middle - level), link, leaves=False)
    for state in {link.origin for end in chart.ends for link in chart.arriving(end)}:
        yield _Claim(state, False, 0, 0, None, leaves=True)


def path(chart: Chart, link: Link, steps: Mapping[str, Box], at: Ports, level: int) -> Path:
    """The line of `link`, its level stretch `level` pixels down."""
    origin, target = steps[link.origin], steps[link.target]
    form, back = way(chart, link), is_back(chart, link)
    points: list[Point] = []
    if form == "over":
        points += [(at.leaving[link], origin.y), (at.leaving[link], level)]
    else:
        points += [(origin.x if back else origin.x + BOX, level)]
    if form == "straight":
        points += [(target.x, level)]
    else:
        arrival = target.y if level < target.y else target.y + target.height
        points += [(at.arriving[link], level), (at.arriving[link], arrival)]
    return Path("back" if back else "forward", tuple(points), pointed=True)


def label(chart: Chart, link: Link, steps: Mapping[str, Box], at: Ports, level: int, lines: tuple[str, ...]) -> Label:
    """The words of `link`, just above its level stretch: where a step sets out, or where a return arrives."""
    if way(chart, link) == "straight":
        return Label(steps[link.origin].x + BOX + GUTTER // 2, level - LIFT, centred=True, lines=lines)
    if not is_back(chart, link):
        return Label(steps[link.origin].x + BOX + ASIDE, level - LIFT, centred=False, lines=lines)
    corner = min(at.arriving[link], steps[link.target].x + BOX * 2 // 3)  # further right it would reach the next box
    return Label(corner + ASIDE, level - LIFT, centred=False, lines=lines)


def is_back(chart: Chart, link: Link) -> bool:
    """Whether a line leads to an earlier column, or to where it came from."""
    return chart.column[link.target] <= chart.column[link.origin]
