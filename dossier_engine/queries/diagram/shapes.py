"""Each part of a picture as SVG elements.

No style element or attribute, which a strict content policy forbids: shapes carry presentation attributes, and class
names for a page's own style sheet. Text keeps a contrast of 4.5 and shapes of 3 against what is behind them; a test
measures that in the drawing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from dossier_engine.queries.diagram.lettering import width
from dossier_engine.queries.diagram.picture import (
    BOX,
    BOX_LINE,
    BOX_TEXT,
    HEADER,
    LABEL_LINE,
    LABEL_TEXT,
    LANE_LINE,
    LANE_TEXT,
    MARK,
    Box,
    Label,
    Lane,
    Path,
    Point,
)

INK, PAPER = "#0b0c0c", "#ffffff"
_SHADE, _RULE, _BLUE, _BROWN, _GREY, _GREEN = "#eef1f4", "#7f878c", "#1d4e89", "#8f3f00", "#626a6e", "#00602b"
_LINES = {"forward": _BLUE, "back": _BROWN, "end": _GREY}
_ICON = 16
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Look:
    """How a box is drawn; `icon` is the shape before its mark, drawn from where the mark begins."""

    name: str
    fill: str
    stroke: str
    text: str = INK
    thick: int = 2
    corner: int = 4
    icon: str = ""


STEP = Look("step", PAPER, _BLUE)
GOAL = Look("goal", "#e3f3e6", _GREEN, corner=20)
END = Look("end", _SHADE, _GREY, corner=20)
PASSED = Look("passed", "#dbe7f3", _BLUE, icon="m1 -4 l4 4 l7 -8")
HERE = Look("here", _BLUE, INK, text=PAPER, thick=4, icon="m2 -9 l8 5 l-8 5 Z")


def tag(name: str, content: str | None = None, **attributes: str | int) -> str:
    """One element; `content` is XML already. `text_anchor` stands for `text-anchor`, `class_` for `class`."""
    said = "".join(f" {key.rstrip('_').replace('_', '-')}={quoteattr(clean(v))}" for key, v in attributes.items())
    return f"<{name}{said}/>" if content is None else f"<{name}{said}>{content}</{name}>"


def clean(text: str | int) -> str:
    """Without the characters that XML cannot hold, however escaped."""
    return _NOT_XML.sub("\ufffd", str(text))


def written(text: str) -> str:
    """Text as the content of an element."""
    return escape(clean(text))


def lane(strip: Lane, across: int) -> Iterator[str]:
    """The strip and the name at its head."""
    yield tag("rect", class_="lane-head", x=0, y=strip.y, width=HEADER, height=strip.height, fill=_SHADE)
    yield tag("rect", class_="lane", x=0, y=strip.y, width=across, height=strip.height, fill="none", stroke=_RULE)
    first = strip.y + (strip.height - len(strip.lines) * LANE_LINE) // 2 + LANE_TEXT
    for n, line in enumerate(strip.lines):
        yield _line((HEADER // 2, first + n * LANE_LINE), line, LANE_TEXT, "lane-title", bold=True)


def path(line: Path) -> Iterator[str]:
    """The line, dashed when it leads back, and its arrowhead."""
    colour = _LINES[line.kind]
    dashes = {"stroke_dasharray": "6 4"} if line.kind == "back" else {}
    run = _run(line.points)
    yield tag("path", class_=f"way {line.kind}", d=run, fill="none", stroke=colour, stroke_width=2, **dashes)
    if line.pointed:
        yield tag("path", class_=f"arrow {line.kind}", d=f"{_run(_head(*line.points[-2:]))} Z", fill=colour)


def _run(points: tuple[Point, ...]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in points)


def _head(before: Point, tip: Point) -> tuple[Point, ...]:
    along, down = (_sign(to - of) for of, to in zip(before, tip, strict=True))
    x, y = tip[0] - 9 * along, tip[1] - 9 * down
    return tip, (x + 5 * down, y + 5 * along), (x - 5 * down, y - 5 * along)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def dot(place: Point) -> str:
    """Where two lines are joined."""
    return tag("circle", class_="joint", cx=place[0], cy=place[1], r=4, fill=_GREY)


def box(state: Box, look: Look, mark: str | None) -> Iterator[str]:
    """A state with its label, below the words that mark it."""
    yield tag("rect", class_=f"state {look.name}", data_state=state.state, x=state.x, y=state.y, width=BOX,
              height=state.height, rx=look.corner, fill=look.fill, stroke=look.stroke,
              stroke_width=look.thick)  # fmt: skip
    centre, high = state.x + BOX // 2, len(state.lines) * BOX_LINE + (MARK if mark else 0)
    y = state.y + (state.height - high) // 2 + BOX_TEXT
    if mark:
        start = centre - (width(mark, LABEL_TEXT) + _ICON) // 2
        fill = look.text if look is HERE else "none"
        yield tag("path", class_="icon", d=f"M{start} {y}{look.icon}", fill=fill, stroke=look.text, stroke_width=2)
        yield _line((start + _ICON, y), mark, LABEL_TEXT, "mark", colour=look.text, anchor="start")
        y += MARK
    for n, line in enumerate(state.lines):
        yield _line((centre, y + n * BOX_LINE), line, BOX_TEXT, "state-label", colour=look.text, bold=True)


def label(words: Label) -> Iterator[str]:
    """The words at a line, with a rim in the colour of the paper where another line passes behind them."""
    first = words.y - (len(words.lines) - 1) * LABEL_LINE
    anchor = "middle" if words.centred else "start"
    for n, line in enumerate(words.lines):
        yield _line((words.x, first + n * LABEL_LINE), line, LABEL_TEXT, "way-label", anchor=anchor, rim=True)


def _line(at: Point, text: str, size: int, name: str, *, colour: str = INK, anchor: str = "middle",
          bold: bool = False, rim: bool = False) -> str:  # fmt: skip
    rest: dict[str, str | int] = {"font_weight": "bold"} if bold else {}
    if rim:
        rest |= {"stroke": PAPER, "stroke_width": 4, "stroke_linejoin": "round", "paint_order": "stroke"}
    return tag("text", written(text), class_=name, x=at[0], y=at[1], font_size=size, text_anchor=anchor,
               fill=colour, **rest)  # fmt: skip
