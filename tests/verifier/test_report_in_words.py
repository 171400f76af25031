"""What people read of a report: the terminal's lines, the page, and the words behind them."""

from html.parser import HTMLParser
from string import Formatter

import pytest

from dossier_engine.verifier.check import Report
from dossier_engine.verifier.finding import CLASSES, CODES, Finding, decisive
from dossier_engine.verifier.page import page
from dossier_engine.verifier.telling import MOST, Told, as_json, as_text
from dossier_engine.verifier.words import LANGUAGES, words

SOUND = Report(
    origin="nhat-ky.example", size=146, root="ab" * 32, witnesses=(("thanh-tra", 1734919260),), earlier=2,
    exported_at="2024-12-23T02:00:00.000000Z", exported_size=144, streams=10, entries=144, dossiers=6,
)  # fmt: skip
WRONG = [Finding("dossier/HD-2024-NC-0001", 7, "not_authorised", "<b>not_allowed</b>")]


def told(report: Report, language: str = "vi") -> Told:
    return Told(words(language), report, "goi.zip", "cd" * 32)


def broken(*findings: Finding) -> Report:
    return Report(origin="nhat-ky.example", findings=list(findings))


class Reader(HTMLParser):
    """Every tag must be closed in turn; text is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def read(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return "\n".join(reader.text)


def test_both_languages_have_the_same_words_in_the_same_order():
    vi, en = (words(language).tables for language in LANGUAGES)

    assert [*vi] == [*en]
    assert {table: [*of] for table, of in vi.items()} == {table: [*of] for table, of in en.items()}
    fields = [[placeholders(text) for of in tables.values() for text in of.values()] for tables in (vi, en)]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_and_class_has_words_and_no_word_is_left_over(language):
    tables = words(language).tables

    assert {*tables["finding"]} == {*CODES}
    assert {*tables["class"]} == {*CLASSES}
    assert words(language).language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sound_bundle_is_told_with_what_is_proven_and_what_is_not(language):
    html = page(told(SOUND, language))

    text = read(html)
    spoken = words(language)
    assert spoken.say("report.sound") in text
    assert all(sentence in text for sentence in spoken.every("proven", "times_alone"))
    assert all(sentence in text for sentence in spoken.every("not_proven", "another"))
    assert "ab" * 32 in text
    assert "23/12/2024 09:00" in text
    assert "@page { size: A4" in html
    assert spoken.say("report.findings") not in text


def test_a_broken_bundle_proves_nothing_and_lists_what_was_found():
    text = read(page(told(broken(*WRONG))))

    vi = words("vi")
    assert vi.say("report.broken") in text
    assert vi.say("report.not_shown") in text
    assert not any(sentence in text for sentence in vi.every("proven"))
    assert vi.say("finding.not_authorised") in text


def test_nothing_from_a_bundle_becomes_a_tag():
    html = page(told(broken(*WRONG)))

    assert "<b>" not in html
    assert "&lt;b&gt;not_allowed&lt;/b&gt;" in html


def test_of_many_findings_the_first_are_read_and_all_are_in_json():
    many = [Finding("dossier/HD-2024-NC-0001", n, "chain_broken") for n in range(1, MOST + 4)]

    text, plain = as_text(told(broken(*many), "en")), as_json(told(broken(*many)))

    assert text.count("does not continue") == MOST
    assert text.endswith("and 3 more; --json lists them all\n")
    assert plain.count('"chain_broken"') == MOST + 3


def test_a_finding_about_the_bundle_names_no_stream():
    text = as_text(told(broken(Finding("", 0, "archive_malformed", "header")), "en"))

    assert "- the archive is not of the one form allowed: header\n" in text


def test_a_bundle_of_dossiers_names_them_and_one_without_witnesses_says_so():
    report = Report(origin="x", scope=("HD-2024-NC-0001",), exported_at=SOUND.exported_at)

    text = as_text(told(report, "en"))

    assert "Scope: the dossiers HD-2024-NC-0001\n" in text
    assert "Witnesses: none\n" in text


def test_the_first_class_of_findings_decides():
    found = [Finding("a", 1, "not_authorised"), Finding("b", 2, "chain_broken"), Finding("c", 3, "entry_missing")]

    assert decisive(found) == found[1:]
    assert decisive([]) == []


@pytest.mark.parametrize(("witnesses", "says"), [((("a", 1_700_000_000),), {"times", "collusion"}),
                                                 ((), {"times_alone", "another"})])  # fmt: skip
def test_without_witnesses_less_is_said_to_be_proven(witnesses, says):
    spoken = words("vi")
    told = Told(spoken, Report(witnesses=witnesses), "b.zip", "0" * 64)

    shown = {*told.proven, *told.not_proven}

    depends = {"times", "times_alone", "collusion", "another"}
    sentences = {key: text for table in ("proven", "not_proven") for key, text in spoken.tables[table].items()}
    assert {key for key in depends if sentences[key] in shown} == says
