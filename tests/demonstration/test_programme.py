"""Who takes part in the invented programme, and what they were recognised as before it."""

from datetime import date

import pytest

from config.provinces import load_localities, load_plan, load_recognitions
from dossier_engine.demonstration.preparation import seeded
from dossier_engine.demonstration.programme import Programme, choose
from dossier_engine.rules.law import Law
from tests.makers import the_law

OPENING = date(2024, 4, 1)


def the_law_of(*names: str) -> Law:
    law = the_law()
    return Law(law.workflows, {n: law.active[n] for n in names}, law.calendar)


def a_programme(seed: int, law: Law) -> Programme:
    return choose(
        law,
        load_plan("hai_duong", 2024),
        load_localities("hai_duong"),
        load_recognitions("hai_duong"),
        opening=OPENING,
        rng=seeded(seed, "test"),
    )


def communes_of(district: str) -> set[str]:
    return {
        row.code for row in load_localities("hai_duong")
        if row.parent == district and row.kind == "commune" and row.valid_from is None
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_as_many_take_part_as_the_plan_says_and_nobody_twice(seed):
    programme = a_programme(seed, the_law())

    workflows = [c.workflow.name for c in programme.candidates]
    counts = {name: workflows.count(name) for name in sorted(set(workflows))}
    assert counts == {"commune-advanced": 35, "commune-model": 23, "district-advanced": 3}
    assert len({c.code for c in programme.candidates}) == 61


@pytest.mark.parametrize("seed", range(5))
def test_a_model_candidate_is_advanced_already_and_an_advanced_one_is_not(seed):
    programme = a_programme(seed, the_law())

    held = [(r.level, r.code) for r in load_recognitions("hai_duong")] + list(programme.invented)
    chosen = {(c.workflow.level, c.code) for c in programme.candidates if c.workflow.subject == "commune"}
    assert all(("advanced", code) in held for level, code in chosen if level == "model")
    assert not chosen & set(held)


@pytest.mark.parametrize("seed", range(5))
def test_half_of_a_candidate_district_s_communes_are_advanced_already(seed):
    programme = a_programme(seed, the_law())

    recognised = [(r.level, r.code) for r in load_recognitions("hai_duong")] + list(programme.invented)
    advanced = {code for level, code in recognised if level == "advanced"}
    for district in [c.code for c in programme.candidates if c.workflow.subject == "district"]:
        communes = communes_of(district)
        assert ("ntm", district) in programme.invented
        assert 2 * len(communes & advanced) >= len(communes)


def test_nothing_is_invented_where_only_advanced_communes_are_sought():
    programme = a_programme(1, the_law_of("commune-advanced"))

    assert programme.invented == ()
    assert len(programme.candidates) == 35


def test_too_few_advanced_communes_are_joined_by_invented_ones_and_no_more():
    law = the_law_of("commune-model")

    programme = a_programme(1, law)

    recognised = {r.code for r in load_recognitions("hai_duong")}
    invented = [code for _, code in programme.invented]
    assert len(programme.candidates) == 23
    assert len(invented) == 1
    assert not set(invented) & recognised
