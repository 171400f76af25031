"""The parts of a picture, each in its place, in whole pixels from the upper left corner; and the sizes they keep to."""

from dataclasses import dataclass
from typing import Literal

from dossier_engine.queries.diagram.lettering import wrap

BOX_TEXT, LABEL_TEXT, LANE_TEXT = 14, 12, 13
"""Heights of the fonts."""
BOX_LINE, LABEL_LINE, LANE_LINE = 18, 15, 17
"""From one line of text to the next."""
MARK = 18
"""Height of the line in a box that says how far the dossier has come."""
BOX = 148
"""Width of a box."""
GUTTER = 92
"""Room between two columns of boxes."""
HEADER = 120
"""Width of the strip with the names of the lanes."""
PAD = 16
"""Free room around boxes in a lane."""
ASIDE = 8
"""Words keep this far from what stands beside them."""
LIFT = 7
"""Words stand this far above their line."""

Point = tuple[int, int]
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A state and the lines of its label."""

    state: str
    x: int
    y: int
    height: int
    lines: Lines

    @property
    def middle(self) -> int:
        """How far down lines to its sides arrive."""
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        """How far down it reaches."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a line; `x` is their left edge, or their middle, and `y` what the last of them stands on."""

    x: int
    y: int
    centred: bool
    lines: Lines


@dataclass(frozen=True, slots=True)
class Path:
    """A line from point to point, level or upright; `pointed` ends it in an arrowhead."""

    kind: Literal["forward", "back", "end"]
    points: tuple[Point, ...]
    pointed: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A strip across the picture and the words at its head."""

    y: int
    height: int
    lines: Lines

    @property
    def bottom(self) -> int:
        """How far down it reaches."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything there is to draw."""

    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...]
    dots: tuple[Point, ...]
    labels: tuple[Label, ...]

    @property
    def width(self) -> int:
        """How far the last box reaches, and some room."""
        return max(box.x for box in self.boxes) + BOX + PAD

    @property
    def height(self) -> int:
        """How far down the last lane reaches."""
        return self.lanes[-1].bottom


def left(column: int) -> int:
    """Where the boxes of a column begin; columns are counted from 0."""
    return HEADER + PAD + column * (BOX + GUTTER)


def lettered(labels: tuple[str, ...], room: int) -> Lines:
    """The words of one line in the picture, which may stand for several transitions."""
    return wrap(" / ".join(labels), LABEL_TEXT, room)
