"""Help: a page for each role, the words in both languages, and whom to call."""

from pathlib import Path

import pytest

from dossier_engine.rules.authority import ROLES
from dossier_engine.web.guide import STEPS
from dossier_engine.web.site import application
from tests.api.serving import served
from tests.makers import Province
from tests.web.site import Site

PHONE = "0220 3 850 850"


@pytest.fixture
def site(province: Province, tmp_path: Path):
    """A site whose settings name whom to call."""
    with served(province, tmp_path, app=application, support_phone=PHONE) as api:
        yield Site(api)


def test_ones_own_role_comes_first_and_the_words_are_in_both_languages(site: Site):
    page = site.visitor("xa").see("/huong-dan")

    roles = [link for link in page.links if link.startswith("/huong-dan/")]
    assert (roles[0], len(roles)) == ("/huong-dan/commune_officer", len(ROLES))
    for word in ("thẩm tra", "review", "thẩm định", "appraisal", "công nhận", "recognition", PHONE):
        assert word in page.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_role_is_told_what_to_do_where_and_whom_to_call(site: Site, language: str):
    visitor = site.visitor("xa", language=language)

    assert set(STEPS) == set(ROLES)
    for role, addresses in STEPS.items():
        page = visitor.see(f"/huong-dan/{role}")
        assert page.language == language
        assert set(addresses) <= set(page.links)
        assert PHONE in page.text
        assert ("sáu chữ số" in page.text or "six-digit" in page.text) == (
            role in {"dard_appraiser", "decision_clerk", "administrator"}
        )


def test_every_step_leads_to_a_page_that_is_there(site: Site):
    people = {"auditor": "thanhtra", "administrator": "quantri"}
    for role, handle in people.items():
        visitor = site.visitor(handle)
        for address in STEPS[role]:
            visitor.see(address)


def test_there_is_no_help_for_a_role_that_nobody_has(site: Site):
    site.visitor("xa").see("/huong-dan/emperor", 404)


def test_whoever_is_not_signed_in_is_asked_to(site: Site):
    assert site.visitor().see("/huong-dan").title.startswith("Đăng nhập")
