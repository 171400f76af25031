"""Whatever the replay of the rules can find is found, though somebody re-chains, re-roots and re-signs all."""

import re

import pytest

from dossier_engine.verifier.finding import CLASSES
from tests.verifier.forgeries import (
    appointments,
    dates,
    definitions,
    each,
    escalations,
    forgeries,
    moves,
    reads,
    registers,
    registrations,
)
from tests.verifier.forgeries.rules import dossier, first, moved
from tests.verifier.forging import members, reported
from tests.verifier.lives import CARRIED, DISTRICT, LONG, NEXT, OFFICE, SUCCEEDED

pytestmark = pytest.mark.slow  # Each forgery is a bundle made and verified twice.

FORGERIES = forgeries(registers, moves, dates, definitions, registrations, escalations, appointments, reads)


@pytest.mark.parametrize("forgery", each(FORGERIES))
def test_a_forgery_is_found_out_by_the_rules_alone(story, tmp_path, forgery):
    forgery.make(story)

    report = reported(tmp_path / "forged.zip", members(story))

    assert {(f.code, f.stream) for f in report.findings} == {(forgery.code, forgery.where)}
    assert [f.detail for f in report.findings if not re.fullmatch(forgery.says, f.detail)] == []


@pytest.mark.parametrize(("forge", "where"), [
    (dates.a_later_date_than_the_law_gives, lambda s: moved(s, LONG, "review")),
    (moves.a_district_of_too_few_communes, lambda s: moved(s, DISTRICT, "review")),
    (registers.a_calendar_that_follows_on_another, lambda s: s.entry("calendar", "calendar_in_use", 1)),
    (registers.recognitions_that_are_no_list, lambda s: s.entry("territory", "recognitions_imported", 1)),
    (registrations.a_second_dossier_about_the_same, lambda s: s.entries[dossier("HD-2024-BC-0002")][0]),
    (registrations.a_next_year_opened_by_somebody_else_than_who_carried_over, lambda s: first(s, NEXT, "registered")),
    (registrations.a_dossier_carried_over_into_nothing, lambda s: moved(s, CARRIED, "carry_over")),
    (registrations.a_successor_that_is_not_there, lambda s: moved(s, SUCCEEDED, "succeed")),
    (escalations.an_act_recorded_before_the_previous_one, lambda s: moved(s, LONG, "revoke")),
    (escalations.an_act_dated_back_by_months, lambda s: first(s, OFFICE, "registered")),
])  # fmt: skip
def test_what_is_found_names_its_entry(story, tmp_path, forge, where):
    forge.make(story)

    report = reported(tmp_path / "forged.zip", members(story))

    assert {f.seq for f in report.findings} == {where(story)["seq"]}


@pytest.mark.parametrize("forgery", each(forgeries(appointments)))
def test_an_ended_appointment_is_known_to_a_bundle_of_one_dossier_too(story, tmp_path, forgery):
    forgery.make(story)

    report = reported(tmp_path / "forged.zip", members(story, (LONG,)))

    assert {(f.code, f.stream) for f in report.findings} == {(forgery.code, forgery.where)}


def test_every_code_of_the_rules_has_its_forgery():
    assert {forgery.code for forgery in FORGERIES} == {*CLASSES["rules"], *CLASSES["times"]}
