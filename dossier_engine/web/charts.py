"""Bars that a server draws: one line a thing, parts of it beside each other, and how long it was planned to be.

An SVG without a style of its own, which a strict content policy forbids: classes say what a part is, and the style
sheet which colour that has. The same numbers stand in a table beside it, so the words here only name and sum up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 640
_HEAD, _BAR, _GAP = 24, 36, 22
_FOOT = 28
_LETTER = 10
"""About how wide a digit is, with some room."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a bar; `kind` is one that the style sheet has a colour for."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture; `planned` is the length it was to have."""

    label: str
    parts: tuple[Part, ...]
    planned: int


def stacked(name: str, title: str, description: str, bars: Sequence[Bar]) -> str:
    """The bars below each other, from a common zero; `name` keeps its ids apart from those of others on the page."""
    longest = max((max(bar.planned, _sum(bar)) for bar in bars), default=0) or 1
    height = len(bars) * (_HEAD + _BAR + _GAP) + _FOOT
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {_WIDTH} {height}"',
        f' width="{_WIDTH}" height="{height}" aria-labelledby="{name}-title" aria-describedby="{name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
    ]
    for place, bar in enumerate(bars):
        drawn += _bar(bar, place * (_HEAD + _BAR + _GAP), longest)
    drawn += _axis(height - _FOOT, longest)
    return "\n".join((*drawn, "</svg>", ""))


def _sum(bar: Bar) -> int:
    return sum(part.count for part in bar.parts)


def _bar(bar: Bar, top: int, longest: int) -> list[str]:
    words, middle = top + _HEAD - 7, top + _HEAD + _BAR // 2 + 6
    drawn = [f'<text x="0" y="{words}">{escape(bar.label)}</text>']
    before = 0
    for part in bar.parts:
        left, right = _at(before, longest), _at(before + part.count, longest)
        before += part.count
        if part.count == 0:
            continue
        drawn.append(
            f'<rect class="bar bar--{part.kind}" x="{left}" y="{top + _HEAD}" width="{right - left}" height="{_BAR}">'
            f"<title>{escape(part.label)}: {part.count}</title></rect>"
        )
        if right - left >= _LETTER * len(str(part.count)) + _LETTER:
            centre = (left + right) // 2
            drawn.append(f'<text class="bar-text" x="{centre}" y="{middle}" text-anchor="middle">{part.count}</text>')
    drawn.append(
        f'<rect class="bar bar--planned" x="1" y="{top + _HEAD - 2}" width="{_at(bar.planned, longest)}" '
        f'height="{_BAR + 4}"/>'
    )
    return drawn


def _axis(top: int, longest: int) -> list[str]:
    return [
        f'<line class="axis" x1="0" y1="{top}" x2="{_WIDTH}" y2="{top}"/>',
        f'<text x="0" y="{top + 20}">0</text>',
        f'<text x="{_WIDTH}" y="{top + 20}" text-anchor="end">{longest}</text>',
    ]


def _at(count: int, longest: int) -> int:
    return round(count * (_WIDTH - 2) / longest)
