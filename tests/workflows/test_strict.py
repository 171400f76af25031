import time

import pytest

from dossier_engine.errors import FileProblems
from tests.workflows.small import SMALL, STALLED, changed, faults, line_of, problems
from workflows import strict


def refused(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(FileProblems) as refusal:
        strict.read(data, "hồ-sơ.yaml")
    return [(problem.line, problem.code) for problem in refusal.value.problems]


def found(data: bytes) -> list[tuple[int, str]]:
    _, marks = strict.read(data, "hồ-sơ.yaml")
    return [(problem.line, problem.code) for problem in marks]


def test_every_word_stays_the_word_it_is() -> None:
    tree, marks = strict.read(b"a: no\nb: 010\nc: 2024-08-01\nd: ~\ne: 1_000\nf:\n", "words.yaml")

    assert marks == ()
    assert {key: node.text for key, node in tree.fields.items()} == {
        "a": "no", "b": "010", "c": "2024-08-01", "d": "~", "e": "1_000", "f": "",
    }  # fmt: skip
    assert tree.key_lines == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}


def test_lists_and_mappings_keep_their_lines_and_their_order() -> None:
    tree, marks = strict.read(b"z:\n  - {y: 1}\n  - x\n", "order.yaml")

    first, second = tree.fields["z"].items
    assert marks == ()
    assert (first.line, first.fields["y"].text) == (2, "1")
    assert (second.line, second.text) == (3, "x")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        pytest.param(b"", (1, "empty"), id="no bytes"),
        pytest.param(b"# nothing yet\n\n", (1, "empty"), id="comments only"),
        pytest.param(b"- a\n- b\n", (1, "not_a_mapping"), id="a list"),
        pytest.param(b"a: 1\n---\nb: 2\n", (2, "several_documents"), id="two documents"),
        pytest.param(b"a: [1,\nb: 2\n", (3, "broken_yaml"), id="an open bracket"),
        pytest.param(b"a: 1\n b: 2\n", (2, "broken_yaml"), id="a wrong indent"),
        pytest.param(b"a: 1\nb: \x07\n", (2, "broken_yaml"), id="a bell"),
        pytest.param(b'a: "\\ud800"\n', (1, "broken_yaml"), id="half a character"),
        pytest.param("a: 1\nb: xã".encode()[:-1], (2, "not_utf8"), id="a torn letter"),
        pytest.param("a: xã\n".encode("utf-16"), (1, "not_utf8"), id="UTF-16"),
    ],
)
def test_a_file_that_gives_no_tree_is_refused_with_the_line(data, fault) -> None:
    assert refused(data) == [fault]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        pytest.param(b"a: 1\nb: 2\na: 3\n", (3, "duplicate_key"), id="a key twice"),
        pytest.param(b"a: !!str 1\n", (1, "tag"), id="a tag"),
        pytest.param(
            b"a: 1\nb: !!python/object/apply:os.system [id]\n", (2, "tag"), id="a tag that would run a program"
        ),
        pytest.param(b"a: &x 1\n", (1, "anchor"), id="an anchor"),
        pytest.param(b"a: 1\n<<: {b: 2}\n", (2, "merge_key"), id="a merge key"),
        pytest.param(b"a: 1\n? [b, c]\n: 2\n", (2, "key_not_text"), id="a list for a key"),
        pytest.param(b"a: 1\n'': 2\n", (2, "key_not_text"), id="an empty key"),
        pytest.param(b"a: |\n  one\n  two\n", (1, "not_printable"), id="two lines in one text"),
        pytest.param(b'a: "\\e[31m"\n', (1, "not_printable"), id="a terminal colour"),
        pytest.param("a: x\u00e3\nb: xa\u0303\n".encode(), (2, "not_nfc"), id="a letter and its mark apart"),
    ],
)
def test_whatever_is_not_plain_is_named_and_reading_goes_on(data, fault) -> None:
    assert found(data) == [fault]


@pytest.mark.asvs("V1.5.2")
def test_aliases_are_refused_before_they_multiply() -> None:
    bomb = b"a: &a [x, x, x, x, x, x, x, x, x]\n"
    for n in range(8):
        name, before = bytes([ord("b") + n]), bytes([ord("a") + n])
        bomb += name + b": &" + name + b" [" + b", ".join([b"*" + before] * 9) + b"]\n"
    started = time.perf_counter()

    codes = {code for _, code in found(bomb)}

    assert codes == {"alias", "anchor"}
    assert time.perf_counter() - started < 1


@pytest.mark.asvs("V1.5.2")
@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"? "])
def test_deep_nesting_is_refused_and_not_followed(opening) -> None:
    assert refused(b"a: 1\nb: 2\nc:\n  " + opening * 20_000) == [(4, "too_deep")]


def test_the_largest_file_is_read_and_a_larger_one_is_not() -> None:
    filler = b"# " + b"x" * 77 + b"\n"
    largest = SMALL.encode() + filler * ((strict.LARGEST - len(SMALL.encode())) // len(filler))

    assert faults(largest) == []
    assert faults(largest + filler) == [(1, "too_large")]
    assert faults(SMALL.encode() + filler * 4_000) == [(1, "too_large")]  # some 300 KiB


def test_faults_of_form_and_of_meaning_come_together_in_the_order_of_lines() -> None:
    text = changed(
        ("version: 1", "version: &v 1"),
        ("holder: district_reviewer", "holder: district_reviewr"),
        (STALLED, f"{STALLED}\nstalled: {{working_days: 20}}\ncolour: red"),
    )

    assert faults(text) == [
        (line_of(text, "version"), "anchor"),
        (line_of(text, "district_reviewr"), "unknown_role"),
        (line_of(text, "working_days: 20"), "duplicate_key"),
        (line_of(text, "colour"), "unknown_key"),
    ]


def test_a_fault_reads_as_file_line_code_and_what() -> None:
    text = changed(("subject: commune", "subject: village"))

    [fault] = problems(text)

    assert str(fault) == "small.yaml:4: not_a_choice: subject: village is none of commune, district, office"
