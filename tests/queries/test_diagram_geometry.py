"""The picture of a definition can be read: nothing hides or crosses out anything else, and everything stands out."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from dossier_engine.queries.diagram import svg
from tests.queries.drawings import (
    ADVANCED,
    DRAWINGS,
    LANGUAGES,
    PACKAGED,
    SVG,
    WORDS,
    Area,
    area,
    boxes,
    definitions,
    parsed,
    stretches,
    taken,
    texts,
    ways,
)

# Geometry


@DRAWINGS
@LANGUAGES
def test_boxes_stand_apart(workflow, lang):
    tree = parsed(svg(workflow, WORDS[lang], lang=lang, current=workflow.initial))

    found = boxes(tree)

    assert set(found) == set(workflow.states)
    assert not [pair for pair in combinations(found.values(), 2) if pair[0].overlaps(pair[1])]


@DRAWINGS
@LANGUAGES
def test_no_line_passes_behind_a_box(workflow, lang):
    tree = parsed(svg(workflow, WORDS[lang], lang=lang))

    hidden = [(line, box) for line in stretches(tree) for box in boxes(tree).values() if box.overlaps(line)]

    assert hidden == []


@DRAWINGS
@LANGUAGES
def test_words_at_lines_keep_clear_of_boxes_and_of_each_other(workflow, lang):
    tree = parsed(svg(workflow, WORDS[lang], lang=lang))
    words = [taken(text) for text in texts(tree, "way-label")]

    covered = [(word, box) for word in words for box in boxes(tree).values() if word.overlaps(box)]
    mixed = [pair for pair in combinations(words, 2) if pair[0].overlaps(pair[1])]

    assert covered == []
    assert mixed == []


@DRAWINGS
@LANGUAGES
def test_words_in_boxes_and_at_the_head_of_lanes_have_room(workflow, lang):
    tree = parsed(svg(workflow, WORDS[lang], lang=lang, current=workflow.initial))
    frames = [area(rect) for rect in tree.iter(f"{SVG}rect") if rect.attrib["class"] != "lane"][1:]

    inside = [taken(text) for name in ("state-label", "mark", "lane-title") for text in texts(tree, name)]

    assert [words for words in inside if not any(_within(words, frame) for frame in frames)] == []


def _within(inner: Area, outer: Area) -> bool:
    return outer.holds(inner.left, inner.top) and outer.holds(inner.right, inner.bottom)


@given(definitions())
@settings(max_examples=60, deadline=None)
def test_whatever_leads_where_no_line_passes_behind_a_box_or_along_another(workflow):
    tree = parsed(svg(workflow, WORDS["vi"], lang="vi"))
    drawn, lines = boxes(tree), ways(tree)

    hidden = [(line, box) for line in stretches(tree) for box in drawn.values() if box.overlaps(line)]
    covered = [text.text for text in texts(tree, "way-label") for box in drawn.values() if box.overlaps(taken(text))]
    shared = [pair for pair in combinations(lines, 2) if _run_together(*pair)]

    assert hidden == []
    assert covered == []
    assert shared == []


def _run_together(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    """Whether two lines have more than single points in common."""
    return any(
        (a[0] == b[0] == c[0] == d[0] and max(min(a[1], b[1]), min(c[1], d[1])) < min(max(a[1], b[1]), max(c[1], d[1])))
        or (
            a[1] == b[1] == c[1] == d[1]
            and max(min(a[0], b[0]), min(c[0], d[0])) < min(max(a[0], b[0]), max(c[0], d[0]))
        )
        for a, b in pairwise(one)
        for c, d in pairwise(other)
    )


@given(definitions())
@settings(max_examples=30, deadline=None)
def test_every_move_is_a_line_from_its_state_to_its_state(workflow):
    tree = parsed(svg(workflow, WORDS["vi"], lang="vi"))
    drawn = boxes(tree)

    joined = {(_at(drawn, way[0]), _at(drawn, way[-1])) for way in ways(tree)}

    moves = {(o, t.target) for t in workflow.transitions.values() for o in t.origins if t.target.startswith("s")}
    assert moves <= joined


def _at(drawn: dict[str, Area], point: tuple[int, int]) -> str | None:
    return next((state for state, box in drawn.items() if box.holds(*point)), None)


@DRAWINGS
def test_every_way_to_an_end_is_a_dot_on_the_trunk_of_its_state_and_the_line_of_its_end(workflow):
    tree = parsed(svg(workflow, WORDS["vi"], lang="vi"))
    drawn, dots = boxes(tree), [(int(c.attrib["cx"]), int(c.attrib["cy"])) for c in tree.iter(f"{SVG}circle")]
    trunks = {way[0][0]: _at(drawn, way[0]) for way in ways(tree) if _at(drawn, way[0]) and not _at(drawn, way[-1])}
    rows = {way[-1][1]: _at(drawn, way[-1]) for way in ways(tree) if _at(drawn, way[-1]) and not _at(drawn, way[0])}

    joined = sorted((trunks[x], rows[y]) for x, y in dots)

    path = {s.key for s in workflow.states.values() if not s.final} | {workflow.goal}
    leaving = {(o, t.target) for t in workflow.transitions.values() for o in t.origins if t.target not in path}
    assert joined == sorted(leaving)


def test_returns_are_dashed_and_steps_are_not():
    tree = parsed(svg(ADVANCED, WORDS["vi"], lang="vi"))

    dashed = [p.attrib["class"] for p in tree.iter(f"{SVG}path") if "stroke-dasharray" in p.attrib]

    assert dashed == ["way back"] * 3


def test_a_longer_definition_makes_a_wider_picture():
    longer = next(workflow for workflow in PACKAGED if workflow.name == "district-advanced")

    across = [int(parsed(svg(w, WORDS["vi"], lang="vi")).attrib["width"]) for w in (ADVANCED, longer)]

    assert across[0] < across[1]


# Colours


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def behind(tree: ET.Element, x: int, y: int, within: ET.Element | None = None) -> str:
    """The colour of the uppermost filled rectangle at a point, apart from `within` itself."""
    rects = [r for r in tree.iter(f"{SVG}rect") if r is not within and r.attrib["fill"] != "none"]
    return [r.attrib["fill"] for r in rects if area(r).holds(x, y)][-1]


def seen(tree: ET.Element) -> Iterator[tuple[str, float, float]]:
    """Every text and shape with its contrast to what is behind it, and the least it needs (WCAG 1.4.3 and 1.4.11)."""
    for text in tree.iter(f"{SVG}text"):
        backdrop = behind(tree, int(text.attrib["x"]), int(text.attrib["y"]))
        yield text.attrib["class"], contrast(text.attrib["fill"], backdrop), 4.5
    for rect in tree.iter(f"{SVG}rect"):
        if "stroke" in rect.attrib:
            backdrop = behind(tree, int(rect.attrib["x"]), int(rect.attrib["y"]), within=rect)
            yield rect.attrib["class"], contrast(rect.attrib["stroke"], backdrop), 3
    for path in tree.iter(f"{SVG}path"):
        x, y = path.attrib["d"].removeprefix("M").replace("m", " ").split()[:2]
        backdrop = behind(tree, int(x), int(y)) if path.attrib["class"] == "icon" else "#ffffff"
        yield path.attrib["class"], contrast(path.attrib.get("stroke", path.attrib["fill"]), backdrop), 3
    for dot in tree.iter(f"{SVG}circle"):
        yield dot.attrib["class"], contrast(dot.attrib["fill"], "#ffffff"), 3


@pytest.mark.parametrize("current", [None, "registered", "recognized", "not_met"])
def test_text_and_shapes_stand_out_from_what_is_behind_them(current):
    tree = parsed(svg(ADVANCED, WORDS["vi"], lang="vi", current=current))

    faint = [(name, round(ratio, 2), least) for name, ratio, least in seen(tree) if ratio < least]

    assert faint == []
