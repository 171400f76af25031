"""Every item of the standard that is said to be kept is proven by a test, and the page says by which."""

from tests.asvs.items import ITEMS
from tests.asvs.mutants import MUTANTS
from tests.asvs.table import ROOT, TABLE, marks, written


def test_every_item_that_is_kept_has_a_test_and_every_mark_an_item():
    marked = {requirement for requirement, _ in marks()}
    asked = {requirement for item in ITEMS for requirement in item.requirements}

    assert marked <= asked
    assert [item.asked for item in ITEMS if not item.open and marked.isdisjoint(item.requirements)] == []
    assert len(ITEMS) == 40


def test_the_page_is_what_the_marks_say():
    assert TABLE.read_text("utf-8") == written()


def test_every_mutant_still_finds_the_control_it_takes_away():
    assert len(MUTANTS) >= 10
    for mutant in MUTANTS:
        assert (ROOT / mutant.file).read_text("utf-8").count(mutant.control) == 1, mutant
        assert (ROOT / mutant.test.partition("::")[0]).exists(), mutant
