"""Refusals: stable codes, facts, and a trip through pickle."""

import inspect
import pickle
from datetime import date

import pytest

from dossier_engine import errors
from dossier_engine.errors import DossierError, Problem, RequirementsUnmet, Unmet

KINDS = [
    c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, DossierError) and c is not DossierError
]
SAMPLES = {
    "since": date(2024, 5, 1), "valid_from": date(2024, 1, 1), "valid_to": date(2024, 6, 30), "day": date(2024, 7, 1),
    "today": date(2024, 6, 30), "previous": date(2024, 6, 1), "expected": 3, "current": 4, "year": 2024,
    "possible": ["review"], "roles": ["auditor"], "suggestions": ["a"], "candidates": ["a", "b"],
    "limit": 2**20, "open_keys": ["registered"], "clock": date(2024, 5, 31), "newest": date(2024, 5, 31),
    "findings": ["x"], "problems": [Problem("f.yaml", 3, "trap", "no way out")],
    "unmet": [Unmet("commune_vote", "no_assent", (("agree", 17), ("present", 19)))],
}  # fmt: skip


def a(kind: type[DossierError]) -> DossierError:
    wanted = inspect.signature(kind.__init__).parameters
    return kind(*(SAMPLES.get(name, name) for name in wanted if name != "self"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_survives_pickle_with_its_facts(kind):
    made = a(kind)

    again = pickle.loads(pickle.dumps(made))  # noqa: S301  # our own bytes

    assert (type(again), again.facts, again.args) == (kind, made.facts, made.args)
    assert kind.code in str(again)


def test_the_unmet_survive_pickle_as_they_are():
    made = RequirementsUnmet("review", SAMPLES["unmet"], "abc")  # type: ignore[arg-type]

    assert pickle.loads(pickle.dumps(made)).unmet == made.unmet  # noqa: S301  # our own bytes


def test_codes_are_unique_and_exit_codes_are_the_documented_ones():
    codes = [kind.code for kind in KINDS]

    assert len(set(codes)) == len(codes)
    assert {kind.exit_code for kind in KINDS} <= {3, 4, 5, 6, 7, 8, 9}


def test_an_appointment_without_an_end_says_so():
    assert errors.AppointmentExpired("p", "review", date(2025, 1, 1), None).facts["valid_to"] is None


def test_a_problem_is_told_by_file_and_line():
    assert str(Problem("f.yaml", 3, "trap", "no way out")) == "f.yaml:3: trap: no way out"
