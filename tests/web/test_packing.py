"""Pages over a slow line: compressed for whoever takes it, and no word in them twice the same."""

import random
import re

import pytest

from dossier_engine.api.caller import form_token
from dossier_engine.web.packing import is_masked, masked

WORD, OTHER = form_token("of one session"), form_token("of another")


def test_a_masked_word_is_known_again_and_never_the_same():
    rng = random.Random(1)
    shown = {masked(WORD, rng) for _ in range(100)}

    assert len(shown) == 100
    assert all(is_masked(one, WORD) and not is_masked(one, OTHER) for one in shown)


@pytest.mark.parametrize("sent", ["", WORD, WORD + WORD, "đ", "\0" * 86, "A" * 85, "A" * 87, WORD + "=" * 43, "%" * 86])
def test_what_is_no_masked_word_is_none(sent):
    assert not is_masked(sent, WORD)


def test_no_two_pages_hold_the_same_letters_of_the_word_of_a_session(site):
    visitor = site.visitor("xa")

    words = {word for _ in range(5) for form in visitor.see("/").forms for word in form.fields.get("form_token", [])}

    assert len(words) == 5


@pytest.mark.parametrize(("takes", "encoding"), [("gzip, deflate, br", "gzip"), ("identity", None)])
def test_a_page_is_compressed_for_whoever_takes_it(site, takes, encoding):
    answer = site.visitor("xa").client.get("/", headers={"Accept-Encoding": takes})

    assert answer.headers.get("content-encoding") == encoding
    assert "Accept-Encoding" in answer.headers["vary"]
    assert re.search(r"<h1[^>]*>Việc của tôi</h1>", answer.text)
