"""The words of pages: everything a template says is in the catalogue, and nothing else is."""

import re
from pathlib import Path

from dossier_engine.catalogue import catalogue
from tests.cli.sources import texts

TEMPLATES = Path(__file__).parents[2] / "dossier_engine/web/templates"
ASKED = {
    key for page in TEMPLATES.rglob("*.html") for key in re.findall(r"""['"](page\.[a-z_.]+)['"]""", page.read_text())
}
KEYS = {key for key in catalogue("vi").words if key.startswith("page.")}


def test_every_key_that_a_template_names_has_words():
    unfinished = {key for key in ASKED if key.endswith((".", "_"))}  # the beginning of a computed key

    assert len(ASKED) > 20
    assert ASKED - unfinished <= KEYS
    assert {begun for begun in unfinished if not any(key.startswith(begun) for key in KEYS)} == set()


def test_nothing_stands_in_the_words_of_pages_that_no_page_says():
    asked = ASKED | {text for text in texts() if text.startswith("page.")}
    begun = tuple(text for text in asked if text.endswith((".", "_")))

    assert {key for key in KEYS if key not in asked and not key.startswith(begun or ("\0",))} == set()
