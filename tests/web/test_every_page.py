"""What holds of every page, whoever looks at it: found by walking along links, so that new pages are looked at too."""

import re
from urllib.parse import urldefrag

import pytest

from dossier_engine.catalogue import catalogue
from dossier_engine.rules.authority import ROLES
from tests.web.crawling import ENTRANCE, HANDLES, Populated, Seen, is_ours, page_routes, somebody
from tests.web.test_rendering import ENGLISH

# Links that lead to a refusal, by role and route, and why they are shown all the same.
EXPLAINED: dict[tuple[str, str], str] = {}
# What only a link of a mail leads to, and what is no page; the papers that are kept have tests of their own.
ELSEWHERE = {ENTRANCE, "/moi", "/tuan/{link}", "/static/{name}", "/ho-so/{code}/tep/{sha256}"}
# What an incident is about is kept as the sweep wrote it, with the key of a role; still to be put in words.
# What is said does not depend on the database.
on_sqlite = pytest.mark.parametrize("populated", ["sqlite"], indirect=True)
MACHINE = re.compile(
    r"\b(?:page|column|say|role|act|state|level|error|title|field)\.[a-z_]+"  # a key of the catalogue
    r"|\b(?:null|undefined|NaN|Undefined)\b|\bNone\b(?! )|\{[a-z_]*\}|\[[a-z_]+\]"
    r"|\b[a-z]+(?:_[a-z]+)+\b"  # a key of a definition
    r"|object at 0x|&(?:lt|gt|amp|#\d+);"
)
PHRASE = re.compile(r"\{[^}]*\}|[.;:]\s")


def told(seen: Seen, *more: object) -> str:
    """Where something is wrong."""
    return " ".join([f"{seen.came_from} -> {seen.path} ({seen.status}):", *map(str, more)])


def pages(populated: Populated, handle: str, language: str = "vi") -> list[Seen]:
    """What was answered with a page."""
    return [seen for seen in populated.walk(handle, language) if seen.page is not None and seen.status == 200]


def is_anothers(seen: Seen) -> bool:
    """Whether it is about a dossier that is another's, and was asked for without a link."""
    return seen.status == 404 and not seen.came_from


def test_everybody_looks():
    assert {somebody(handle).role for handle in HANDLES} == set(ROLES)


@pytest.mark.parametrize("handle", HANDLES)
def test_every_link_leads_somewhere(populated, handle):
    walked = populated.walk(handle)

    role = somebody(handle).role
    lost = [seen for seen in walked if seen.status != 200 and not is_anothers(seen)]
    assert [told(seen) for seen in lost if (role, seen.route) not in EXPLAINED] == []
    assert len(walked) > 10


@on_sqlite
@pytest.mark.parametrize("handle", HANDLES)
def test_a_link_into_a_page_leads_to_a_place_that_is_there(populated, handle):
    walked = {seen.path: seen for seen in populated.walk(handle)}
    lost = set()

    for seen in walked.values():
        for link in seen.page.links if seen.page else []:
            path, place = urldefrag(link)
            target = walked.get(path) if path else seen
            if place and target and target.status == 200 and target.page and place not in target.page.ids:
                lost.add(told(seen, link))

    assert lost == set()


@on_sqlite
@pytest.mark.parametrize("handle", HANDLES)
def test_what_is_not_ours_is_not_linked(populated, handle):
    foreign = [
        told(seen, link)
        for seen in pages(populated, handle)
        for link in seen.page.links
        if not is_ours(link) and not link.startswith(("#", "tel:", "mailto:"))
    ]

    assert foreign == []


@on_sqlite
def test_every_page_is_found_by_somebody(populated):
    found = {seen.route for handle in HANDLES for seen in populated.walk(handle)}

    there = {route.path for route in page_routes(populated.site, "GET")}
    assert there - found - ELSEWHERE == set()


@on_sqlite
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("handle", HANDLES)
def test_a_page_has_a_title_one_heading_its_language_and_no_place_twice(populated, handle, language):
    product = catalogue(language).say("page.frame.product")
    wrong = []

    for seen in pages(populated, handle, language):
        page = seen.page
        title, _, end = page.title.rpartition(" - ")
        if (end, page.language) != (product, language) or len(page.headings) != 1 or not page.headings[0]:
            wrong.append(told(seen, page.title, page.language, page.headings))
        elif not title.strip() or any(times > 1 for times in page.ids.values()):
            wrong.append(told(seen, title, [name for name, times in page.ids.items() if times > 1]))

    assert wrong == []


@on_sqlite
def test_pages_are_told_apart_by_their_titles(populated):
    titles: dict[str, set[str]] = {}
    for handle in HANDLES:
        for seen in pages(populated, handle):
            titles.setdefault(seen.page.title, set()).add(seen.route)

    newest = [{"/tien-do", "/tien-do/{year}"}, {"/tien-do/tuan", "/tien-do/tuan/{week}"}]  # lead to the newest of them
    assert {title: routes for title, routes in titles.items() if len(routes) > 1 and routes not in newest} == {}


@pytest.mark.parametrize("handle", HANDLES)
def test_nothing_of_another_territory_is_shown(populated, handle):
    who = somebody(handle)
    codes, communes = populated.foreign_codes(who), populated.foreign_communes(who)
    shown = []

    for seen in pages(populated, handle):
        said = " ".join([seen.page.said, *seen.page.links])
        shown += [told(seen, code) for code in codes if code in said]
        shown += [told(seen, name) for name in communes.findall(said)]

    assert codes
    assert shown == []


@pytest.mark.parametrize("handle", HANDLES)
def test_what_lies_elsewhere_is_not_there(populated, handle):
    paths = {seen.path for other in HANDLES for seen in populated.walk(other)}
    codes = populated.foreign_codes(somebody(handle))
    visitor = populated.visitor(handle)

    answers = {
        path: visitor.client.get(path).status_code
        for path in [f"/ho-so/{code}" for code in codes] + sorted(p for p in paths if any(code in p for code in codes))
    }

    assert {path: status for path, status in answers.items() if status != 404} == {}


def test_nobody_is_told_anything(populated):
    paths = {seen.path for handle in HANDLES for seen in populated.walk(handle) if seen.status == 200}
    visitor = populated.site.visitor()

    told_something = [path for path in sorted(paths) if visitor.client.get(path).url.path != ENTRANCE]

    assert told_something == []


@on_sqlite
@pytest.mark.parametrize("handle", HANDLES)
def test_a_page_in_vietnamese_has_no_word_that_a_component_brought(populated, handle):
    assert [told(s, found) for s in pages(populated, handle) if (found := ENGLISH.findall(s.page.said))] == []


@on_sqlite
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("handle", HANDLES)
def test_no_page_speaks_as_machines_do(populated, handle, language):
    wrong = {
        told(seen, found) for seen in pages(populated, handle, language) if (found := MACHINE.findall(seen.page.said))
    }

    assert wrong == set()


@on_sqlite
@pytest.mark.parametrize("handle", HANDLES)
def test_a_page_in_english_has_no_sentence_in_vietnamese(populated, handle):
    phrases = vietnamese_phrases()
    wrong = []

    for seen in pages(populated, handle, "en"):
        said = seen.page.said
        wrong += [told(seen, phrase) for phrase in phrases if phrase in said]

    assert len(phrases) > 100
    assert wrong == []


def vietnamese_phrases() -> set[str]:
    """What of the pages' own words cannot be English: three words or more, between what is filled in.

    What a plan or a definition is called is data, which may be Vietnamese alone.
    """
    english = " ".join(catalogue("en").words.values())
    words = catalogue("vi").words
    parts = {part.strip() for key in words if key.startswith("page.") for part in PHRASE.split(words[key])}
    return {part for part in parts if part.count(" ") >= 2 and not part.isascii() and part not in english}
