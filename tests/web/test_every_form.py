"""Every form takes only what its own session's page sends: not another's word, not another site's page."""

import random

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext

from dossier_engine.api.caller import COOKIE, form_token
from dossier_engine.web.packing import masked
from dossier_engine.web.typed import TOKEN, from_our_form
from tests.api.browsers import Browsers
from tests.api.test_cross_site import ELSEWHERE, counts
from tests.web.crawling import Populated, page_routes

WHO = "quantri"  # who may most, so that nothing else refuses them first
# Where somebody comes in, or chooses a language: there is no session yet whose word a form could hold.
WITHOUT_A_WORD = {"/dang-nhap", "/dang-nhap/minh-hoa", "/ngon-ngu", "/moi", "/moi/ma"}
WITH_FILES = {"/ho-so/{code}/yeu-cau/{key}/{kind}", "/nhap"}  # it looks at the word as the fields before a file come in
SAYING_WHERE = {place: headers for place, headers in ELSEWHERE.items() if place != "silent"}
FIELDS = {"handle": "xa", "password": "x", "language": "en", "back": "/", "secret": "x", "code": "1", "reason": "x"}


def forms(populated: Populated) -> list[RouteContext]:
    """Everything that pages send to."""
    return page_routes(populated.site, "POST")


def asks_for_a_word(dependant: Dependant) -> bool:
    """Whether the route, or what it depends on, looks at the form's word."""
    return any(d.call is from_our_form or asks_for_a_word(d) for d in dependant.dependencies)


def addresses(populated: Populated) -> dict[str, str]:
    """By route, one address that it answers at."""
    dossier = populated.dossiers[0]
    places = {"code": dossier.code, "sha256": "ab" * 32, "transition": "self_assess", "seq": 1, "key": "none", "n": 1,
              "handle": "xa", "year": 2024, "name": "commune-advanced", "version": 1}  # fmt: skip

    class Places(dict[str, object]):
        def __missing__(self, name: str) -> object:
            return 1

    return {str(route.path): str(route.path_format).format_map(Places(places)) for route in forms(populated)}


def test_every_form_is_of_a_session_or_known_to_be_of_none(populated):
    without = {str(route.path) for route in forms(populated) if not asks_for_a_word(route.dependant)}

    assert without <= WITHOUT_A_WORD | WITH_FILES


@pytest.mark.asvs("V3.5.1")
@pytest.mark.parametrize("word", ["none", "empty", "another session's", "the session's secret", "not masked"])
def test_a_form_without_the_word_of_its_session_is_refused_and_does_nothing(populated, word):
    visitor, other = populated.site.visitor(WHO), populated.site.secret("xa")
    secret = visitor.client.cookies[COOKIE]
    sent = {
        "none": {},
        "empty": {TOKEN: ""},
        "another session's": {TOKEN: masked(form_token(other), random.Random(1))},
        "the session's secret": {TOKEN: secret},
        "not masked": {TOKEN: form_token(secret)},
    }[word]
    asked = {path: address for path, address in addresses(populated).items() if path not in WITHOUT_A_WORD}
    before = counts(Browsers(populated.site.api))

    answers = {path: visitor.send(address, FIELDS | sent).status_code for path, address in asked.items()}

    assert {path: status for path, status in answers.items() if status != 403} == {}
    assert counts(Browsers(populated.site.api)) == before
    assert visitor.see("/").title.startswith("Việc của tôi")


@pytest.mark.asvs("V3.5.1")
@pytest.mark.parametrize("place", SAYING_WHERE)
def test_a_form_on_another_site_is_refused_and_does_nothing(populated, place):
    visitor = populated.site.visitor(WHO)
    word = masked(form_token(visitor.client.cookies[COOKIE]), random.Random(1))
    host = populated.site.api.url.partition("//")[2]
    headers = {name: value.format(host=host) for name, value in SAYING_WHERE[place].items()}
    before = counts(Browsers(populated.site.api))

    answers = {
        path: visitor.client.post(address, data=FIELDS | {TOKEN: word}, headers=headers)
        for path, address in addresses(populated).items()
    }

    assert {path: a.status_code for path, a in answers.items() if a.status_code != 403} == {}
    assert all("set-cookie" not in answer.headers for answer in answers.values())
    assert counts(Browsers(populated.site.api)) == before


@pytest.mark.parametrize("place", SAYING_WHERE)
def test_nobody_comes_in_by_a_form_on_another_site(populated, place):
    visitor = populated.site.visitor()
    host = populated.site.api.url.partition("//")[2]
    headers = {name: value.format(host=host) for name, value in SAYING_WHERE[place].items()}
    open_to_all = [address for path, address in addresses(populated).items() if path in WITHOUT_A_WORD]

    answers = [visitor.client.post(address, data=FIELDS, headers=headers) for address in open_to_all]

    assert len(answers) >= 3
    assert {answer.status_code for answer in answers} == {403}


def test_what_is_typed_without_a_session_is_kept_and_does_nothing(populated):
    visitor = populated.site.visitor()
    asked = {path: address for path, address in addresses(populated).items() if path not in WITHOUT_A_WORD}
    before = counts(Browsers(populated.site.api))

    answers = {path: visitor.send(address, FIELDS) for path, address in asked.items()}

    assert {path: a.status_code for path, a in answers.items() if a.status_code != 401} == {}
    assert all('name="kept"' in answer.text and "reason=x" in answer.text for answer in answers.values())
    assert counts(Browsers(populated.site.api)) == before
