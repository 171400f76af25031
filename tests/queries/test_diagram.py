"""The picture of a definition says in words and marks what the definition says, whatever the words are."""

from dataclasses import replace

import pytest

from dossier_engine.queries.diagram import mermaid, svg
from dossier_engine.queries.diagram.lettering import width, wrap
from dossier_engine.rules.workflow import Text
from tests.queries.drawings import (
    ADVANCED,
    DRAWINGS,
    GOLDEN,
    LANGUAGES,
    SVG,
    WORDS,
    a_definition,
    parsed,
    ways,
    wording,
)
from workflows.loader import load, packaged

# Golden files


@LANGUAGES
def test_the_drawing_of_the_advanced_commune_is_the_one_that_was_looked_at(lang):
    kept = (GOLDEN / f"commune-advanced.{lang}.svg").read_text("utf-8")

    drawing = svg(ADVANCED, WORDS[lang], lang=lang)

    assert drawing == kept


@LANGUAGES
def test_the_mermaid_text_of_the_advanced_commune_is_the_one_that_was_looked_at(lang):
    kept = (GOLDEN / f"commune-advanced.{lang}.mmd").read_text("utf-8")

    text = mermaid(ADVANCED, lang=lang)

    assert text == kept


# Words


@DRAWINGS
@LANGUAGES
def test_every_state_every_transition_and_every_holder_is_named(workflow, lang):
    tree = parsed(svg(workflow, WORDS[lang], lang=lang))
    states, moves, lanes = (wording(tree, name) for name in ("state-label", "way-label", "lane-title"))

    unnamed = [s.key for s in workflow.states.values() if getattr(s.label, lang) not in states]
    unnamed += [t.name for t in workflow.transitions.values() if getattr(t.label, lang) not in moves]
    unnamed += [s.holder for s in workflow.states.values() if s.holder and WORDS[lang].roles[s.holder][1:] not in lanes]

    assert unnamed == []


@DRAWINGS
@LANGUAGES
def test_the_drawing_says_in_sentences_what_it_shows(workflow, lang):
    tree = parsed(svg(workflow, WORDS[lang], lang=lang))

    title, description = tree.findtext(f"{SVG}title"), tree.findtext(f"{SVG}desc") or ""

    assert title == getattr(workflow.title, lang)
    for transition in workflow.transitions.values():
        target = workflow.states[transition.target].label
        assert f"{getattr(transition.label, lang)} → {getattr(target, lang)}" in description
    assert tree.attrib["aria-labelledby"] == tree.find(f"{SVG}title").attrib["id"]
    assert tree.attrib["aria-describedby"] == tree.find(f"{SVG}desc").attrib["id"]


def test_two_transitions_between_the_same_states_share_a_line_with_both_their_names():
    twice = a_definition(["commune_officer"], [(0, 1), (0, 1)], [])
    second = replace(twice.transitions["t1"], label=Text("Đường khác", "Another way"))
    workflow = replace(twice, transitions={**twice.transitions, "t1": second})

    tree = parsed(svg(workflow, WORDS["vi"], lang="vi"))

    assert len(ways(tree)) == 1
    assert wording(tree, "way-label") == "Bước tiếp / Đường khác"


def test_words_that_hold_along_a_line_to_an_end_stand_there_once():
    tree = parsed(svg(ADVANCED, WORDS["vi"], lang="vi"))

    moves = wording(tree, "way-label")

    assert moves.count("Rút đăng ký") == 1
    assert moves.count("kết luận không đạt") == 3


# Marks


def test_the_state_of_a_dossier_is_marked_and_so_are_those_it_has_passed():
    tree = parsed(svg(ADVANCED, WORDS["vi"], lang="vi", current="district_reviewed"))

    marked = {r.attrib["data-state"]: r.attrib["class"] for r in tree.iter(f"{SVG}rect") if "data-state" in r.attrib}

    assert marked["district_reviewed"] == "state here"
    assert [state for state, name in marked.items() if name == "state passed"] == ["registered", "self_assessed"]
    assert wording(tree, "mark") == "Đã qua Đã qua Đang ở đây"
    assert (tree.findtext(f"{SVG}desc") or "").startswith("Đang ở đây: Huyện đã thẩm tra. ")


def test_of_a_dossier_at_an_end_only_the_end_is_marked():
    tree = parsed(svg(ADVANCED, WORDS["vi"], lang="vi", current="withdrawn"))

    marks = wording(tree, "mark")

    assert marks == "Đang ở đây"


def test_an_unknown_state_is_a_defect_of_the_caller():
    with pytest.raises(KeyError, match="nowhere"):
        svg(ADVANCED, WORDS["vi"], lang="vi", current="nowhere")


# Hostile words


HOSTILE = [
    "</text><script>alert(1)</script>",
    "\"' onload='x' &amp; & <!-- ]]>",
    "\x00\x0b\ud800￾ dấu",
    "{0} {transition} %s",
    "a" * 300,
    "",
]


@pytest.mark.parametrize("words", HOSTILE, ids=ascii)
def test_hostile_words_stay_words(words):
    captions = replace(WORDS["vi"], roles={"commune_officer": words}, ends=words, here=words, passed=words)
    workflow = replace(a_definition(["commune_officer"] * 2, [(0, 1), (1, 0), (1, 2)], [[0]], words), name=words)

    tree = parsed(svg(workflow, captions, lang="vi", current="s1"))

    kinds = {element.tag.removeprefix(SVG) for element in tree.iter()}
    assert kinds <= {"svg", "title", "desc", "rect", "path", "circle", "text"}
    assert {name for element in tree.iter() for name in element.attrib if name.startswith("on")} == set()


@pytest.mark.parametrize("words", HOSTILE, ids=ascii)
def test_hostile_words_cannot_leave_their_place_in_the_mermaid_text(words):
    workflow = a_definition(["commune_officer"], [(0, 1)], [[0]], words)

    lines = mermaid(workflow, lang="vi").splitlines()

    assert len(lines) == len(mermaid(a_definition(["commune_officer"], [(0, 1)], [[0]]), lang="vi").splitlines())
    assert all(line.count('"') == (2 if line.startswith("    state ") else 0) for line in lines)
    assert all(line.count(":") <= 1 for line in lines)


def test_a_state_named_like_a_keyword_of_mermaid_is_not_written_as_one():
    plain = a_definition(["commune_officer"], [], [])
    workflow = replace(plain, initial="note", states={"note": replace(plain.states["s0"], key="note")})

    text = mermaid(workflow, lang="vi")

    assert "    [*] --> at_note\n" in text


def test_nothing_in_the_drawing_needs_a_style_a_script_or_another_file():
    drawing = svg(ADVANCED, WORDS["vi"], lang="vi", current="registered")

    tree = parsed(drawing)

    assert not [e.tag for e in tree.iter() if e.tag in (f"{SVG}style", f"{SVG}script", f"{SVG}image")]
    assert not [e.attrib for e in tree.iter() if {"style", "href"} & set(e.attrib)]
    assert "url(" not in drawing


def test_the_same_definition_is_drawn_the_same():
    again = load(next(content for name, content in packaged() if name == "commune-advanced.yaml"), "again.yaml")

    drawings = {svg(workflow, WORDS["vi"], lang="vi") for workflow in (ADVANCED, again)}

    assert len(drawings) == 1


# Lettering


@pytest.mark.parametrize("room", [40, 90, 200])
def test_wrapped_words_fit_and_none_is_lost(room):
    words = "Thẩm định đạt nghiêng nghiêng " + "w" * 40

    lines = wrap(words, 12, room)

    assert all(width(line, 12) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())


def test_marks_above_and_below_letters_take_no_width():
    assert width("Huyện đã thẩm tra", 14) == width("Huyen đa tham tra", 14)
