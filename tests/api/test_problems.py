"""Problems: every refusal has a status, words in both languages that no terminal is needed for, and no secrets."""

import inspect
import re
from collections.abc import Iterator

import pytest

from dossier_engine.api.problems import STATUS, status_of
from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.cli.app import tree
from dossier_engine.errors import DatabaseUnavailable, DossierError
from dossier_engine.shown.refusals import in_words
from tests.api.serving import Served, served
from tests.cli.test_refusals import SAMPLES, subclasses
from tests.databases import Prepared

AT_A_TERMINAL = {"missing_person", "misused", "operator_not_mapped"}  # no program can be refused with these
OURS = 500

tree(catalogue("vi"))  # imports every command, and so every refusal
KINDS = sorted((kind for kind in subclasses(DossierError) if kind.code not in AT_A_TERMINAL), key=lambda k: k.code)


def test_every_code_has_one_status_and_every_status_a_code_that_is_there():
    mapped = [code for codes in STATUS.values() for code in codes]

    assert sorted(mapped) == sorted({kind.code for kind in KINDS})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_program_is_told_nothing_that_is_typed_at_a_terminal(kind, language):
    facts = {"failure": ["what"]}.get(kind.code, inspect.signature(kind).parameters)
    refusal = kind(**{name: SAMPLES[name] for name in facts})

    if status_of(refusal) < OURS:  # of what is ours, only that it is so is told
        sentence = in_words(refusal, catalogue(language))[0]
        assert re.search(r"`| --[a-z]|DOSSIER_|\{", sentence) is None
    assert catalogue(language).say(f"title.{status_of(refusal)}")


@pytest.fixture(scope="module")
def api(copies: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all: what a problem looks like does not depend on the database, and nothing is kept."""
    home = tmp_path_factory.mktemp("problems")
    database = copies.on_sqlite(home, inhabited=True)
    with served(copies.province(database), home) as found:
        yield found
    database.close()


@pytest.mark.parametrize(
    ("accepts", "language"),
    [("", "vi"), ("en", "en"), ("en-GB,en;q=0.8,vi;q=0.5", "en"), ("vi,en;q=0.9", "vi"), ("fr", "vi"),
     ("en;q=0", "vi"), ("en;q=x", "vi"), ("*", "vi"), ("en;q=0.5,vi;q=0.5", "vi"), (";;,=,en", "en")],
)  # fmt: skip
def test_the_language_is_the_one_preferred(api, accepts, language):
    answer = api.client(**{"Accept-Language": accepts}).get("/dossiers")

    assert (answer.status_code, answer.headers["Content-Language"]) == (401, language)
    assert answer.json()["title"] == catalogue(language).say("title.401")


def test_a_path_says_which_methods_it_takes(api):
    answer = api.client("so").delete("/dossiers")

    assert (answer.status_code, answer.json()["code"]) == (405, "no_such_method")
    assert {method.strip() for method in answer.headers["Allow"].split(",")} == {"GET", "POST"}


@pytest.mark.asvs("V16.5.1")
def test_what_fails_inside_is_told_by_a_number_and_nothing_else(api, monkeypatch):
    address = "postgresql://owner:hush@db"

    def breaks(*_: object) -> None:
        raise RuntimeError(address)

    monkeypatch.setattr(type(api.engine), "law", breaks)
    answer = api.client("so").get("/dossiers", headers={"X-Request-ID": "request-0001"})

    assert (answer.status_code, answer.json()["code"]) == (500, "failure")
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"] == "request-0001"
    assert "hush" not in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_is_gone_is_an_outage_that_may_end(api, monkeypatch):
    def gone(*_: object) -> None:
        raise DatabaseUnavailable(api.engine.database.name, "unreachable")

    monkeypatch.setattr(type(api.engine), "looking", gone)
    answer = api.client().get(f"{api.url}/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert api.engine.database.name not in answer.text


@pytest.mark.asvs("V2.2.1")
@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b"null", b'"x"', b'{"subject": {}}', b"[" * 10_000, b"{}"])
def test_a_body_that_is_no_such_thing_is_refused(api, body):
    headers = {"Idempotency-Key": "k" * 8, "Content-Type": "application/json"}

    answer = api.client("so").post("/dossiers", content=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed"), answer.text


@pytest.mark.asvs("V15.3.3")
def test_what_is_not_named_is_not_taken(api):
    order = {"subject": "10894", "year": 2024, "state": "recognized", "is_open": False}

    answer = api.client("huyen").post("/dossiers", json=order, headers={"Idempotency-Key": "k" * 8})

    assert answer.status_code == 422
    faults = {(e["pointer"], e["code"]) for e in answer.json()["errors"]}
    assert faults == {("/state", "unknown"), ("/is_open", "unknown")}
