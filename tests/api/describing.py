"""Requests made up from the OpenAPI document, and what every answer to one of them must be like."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode, Response, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dossier_engine.api.app import routes
from dossier_engine.catalogue import Catalogue, catalogue
from tests.api.serving import Served

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance, negative_data_rejection,
]  # fmt: skip
LANGUAGES: dict[str | None, Catalogue] = {None: catalogue("vi"), "en": catalogue("en")}


def document(served: Served) -> dict[str, Any]:
    """The OpenAPI document that the application tells."""
    return routes(served.engine).openapi()


def operations(served: Served) -> list[APIOperation]:
    """What can be asked. Who asks is not made up: test_every_route.py asks without tokens and with others'."""
    described = copy.deepcopy(document(served))
    for path in described["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    return [found.ok() for found in openapi.from_dict(described).get_all_operations()]


def _kinds(operation: APIOperation, places: dict[str, Any]) -> Iterator[st.SearchStrategy[Case]]:
    """Requests as described and otherwise, with addresses made up and, where there are such, at known `places`."""
    has_more = bool(operation.query or operation.headers or operation.body)
    yield operation.as_strategy()
    if places:
        yield operation.as_strategy(path_parameters=places)
    if places or has_more:
        yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    if places and has_more:
        yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, path_parameters=places)


class Asking:
    """People who each ask what is made up; `faults` is what was wrong with the answers, `answered` counts by status."""

    def __init__(self, served: Served, handles: list[str], known: dict[str, Any]) -> None:
        self.served, self.known = served, known
        self.faults: list[str] = []
        self.answered: dict[int, int] = {}
        self._session = requests.Session()
        self._tokens = [f"Bearer {served.token(handle)}" for handle in handles]

    def ask(self, operation: APIOperation, *, examples: int) -> None:
        """So many requests of each kind, each by everybody: to make one up takes longer than to answer it."""
        places = {parameter.name: self.known[parameter.name] for parameter in operation.path_parameters}
        for number, cases in enumerate(_kinds(operation, places)):
            self._some(cases, f"{operation.label} {number}", examples)

    def _some(self, cases: st.SearchStrategy[Case], name: str, examples: int) -> None:
        @seed(name)
        @settings(
            max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=cases)
        def asked(case: Case) -> None:
            for number, token in enumerate(self._tokens):
                self._one(case, token, "en" if number % 2 else None)

        with suppress(Unsatisfiable):  # where nothing in such a request can be wrong
            asked()

    def _one(self, case: Case, token: str, language: str | None) -> None:
        headers = {"Authorization": token} | ({"Accept-Language": language} if language else {})
        answer = case.call(base_url=self.served.url, session=self._session, headers=headers, timeout=60)
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        found = [*_unlike_described(case, answer), *_unlike_a_problem(answer, LANGUAGES[language])]
        if found:
            self.faults.append(f"{case.as_curl_command()}\n{answer.status_code} {answer.text[:300]}\n{found}")


def _unlike_described(case: Case, answer: Response) -> Iterator[str]:
    checks = CHECKS if _says_each_once(case, answer) else CHECKS[:-1]
    try:
        case.validate_response(answer, checks=checks)
    except FailureGroup as failures:
        yield from (f"{type(one).__name__}: {one}" for one in failures.exceptions)


def _says_each_once(case: Case, answer: Response) -> bool:
    """Whether each part of the query is described and, unless it is a list, said once: of several the last counts."""
    said = [name for name, _ in parse_qsl(urlsplit(str(answer.request.url)).query, keep_blank_values=True)]
    lists = {p.name for p in case.operation.query if p.definition["schema"].get("type") == "array"}
    alone = [name for name in said if name not in lists]
    return len(set(alone)) == len(alone) and set(said) <= {p.name for p in case.operation.query}


def _unlike_a_problem(answer: Response, words: Catalogue) -> Iterator[str]:
    if answer.status_code < 400:
        return
    kind, language = answer.headers["content-type"], answer.headers["content-language"]
    if kind != ["application/problem+json"]:
        yield f"a refusal of the kind {kind}"
    elif (told := answer.json())["title"] != words.say(f"title.{told['status']}") or language != [words.language]:
        yield f"not in {words.language}: {told['title']} ({language})"
