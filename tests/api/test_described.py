"""The OpenAPI document is true: what is made up from it is answered as it says, and nothing brings the server down."""

import pytest

from config.rounds import integrate_round
from config.signing import Signing
from tests.api.describing import Asking, document, operations
from tests.api.serving import Served
from tests.makers import CAM_HUNG, CAST

ASKING = {**{role: handle for handle, (role, _) in CAST.items()}, "sector_confirmer": "so-y-te",
          "district_officer": "lap-ho-so"}  # fmt: skip
IN_ALL, PARTS = 20_000, 4


@pytest.fixture
def told(api: Served) -> tuple[Served, dict[str, object]]:
    """Cẩm Hưng's dossier with an open difficulty, and words that stand for something in addresses."""
    api.province.appoint("lap-ho-so", "district_officer", "ubnd-huyen-295")
    code = api.province.register(on="2024-04-15").dossier
    seq = api.province.difficulty(code, "xa", on="2024-04-18").seq
    known = {"code": code, "seq": seq, "number": "7", "deadline": "registered", "key": 1, "webhook": "wh-1",
             "name": "commune-advanced", "version": "1", "year": 2024, "handle": "xa", "sha256": "ab" * 32,
             "session": "a" * 16, "token": "a" * 16}  # fmt: skip
    integrate_round(api.engine)
    Signing.of(api.engine, lambda _: None).round()  # whoever asks for what is signed need not wait
    return api, known


def asked(told: tuple[Served, dict[str, object]], part: int, *, examples: int) -> Asking:
    """Every request of a part of what can be asked, in the name of every role."""
    served, known = told
    asking = Asking(served, list(ASKING.values()), known)
    for operation in operations(served)[part::PARTS]:
        by_code = operation.path.startswith(("/api/v1/localities", "/api/v1/templates"))
        asking.known = known | ({"code": CAM_HUNG, "name": "ahead"} if by_code else {})
        asking.ask(operation, examples=examples)
    return asking


def test_every_refusal_is_described_as_a_problem_and_who_asks_shows_a_token(api):
    described = document(api)

    found = {
        (f"{method} {path}", *(tuple(o["responses"][status]["content"]) for status in ("4XX", "5XX")))
        for path, ways in described["paths"].items() for method, o in ways.items()
    }  # fmt: skip

    assert {kinds for _, *kinds_of in found for kinds in kinds_of} == {("application/problem+json",)}
    unguarded = {path for path, ways in described["paths"].items() for o in ways.values() if "security" not in o}
    assert unguarded == {"/healthz", "/readyz", "/metrics"}


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what a request must look like is the same on both
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_made_up_is_answered_as_described(told, part):
    asking = asked(told, part, examples=16)

    assert asking.faults == []
    assert sum(asking.answered.values()) >= IN_ALL / PARTS
    assert {200, 403, 404, 422} <= asking.answered.keys()
