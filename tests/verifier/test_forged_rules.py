"""Whatever the replay of the rules can find is found, though somebody re-chains, re-roots and re-signs all."""

import pytest

from dossier_engine.verifier.finding import CLASSES
from tests.verifier.forgeries import dates, each, escalations, forgeries, moves, registers, registrations
from tests.verifier.forging import members, reported

pytestmark = pytest.mark.slow  # Each forgery is a bundle made and verified twice.

FORGERIES = forgeries(registers, moves, dates, registrations, escalations)


@pytest.mark.parametrize("forgery", each(FORGERIES))
def test_a_forgery_is_found_out_by_the_rules_alone(story, tmp_path, forgery):
    forgery.make(story)

    report = reported(tmp_path / "forged.zip", members(story))

    assert {(f.code, f.stream) for f in report.findings} == {(forgery.code, forgery.where)}


def test_every_code_of_the_rules_has_its_forgery():
    assert {forgery.code for forgery in FORGERIES} == {*CLASSES["rules"], *CLASSES["times"]}
