"""Who may do what, where and when."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.errors import AppointmentExpired, NotAllowed, SeparationOfDuties
from dossier_engine.rules.authority import (
    OFFICE_KINDS,
    ROLE_LEVELS,
    ROLES,
    Appointment,
    check_separation,
    common_part,
    knows_of,
    level_of,
    notes_reads,
    part_of,
    standing,
)

COMMUNE, DISTRICT = "30/295/10894/", "30/295/"
ON = date(2024, 7, 1)
SETS = {"assessment": ("self_assess", "review")}


def held(role: str = "district_reviewer", path: str = DISTRICT, **more: object) -> Appointment:
    given = {"person": "p-1", "office": "ubnd-huyen-295", "valid_from": date(2024, 1, 1), "valid_to": None}
    return Appointment(role=role, office_path=path, **(given | more))  # type: ignore[arg-type]


def asked(*appointments: Appointment, on: date = ON, **more: object) -> Appointment:
    given = {"person": "p-1", "act": "review", "roles": ("district_reviewer",), "territory": COMMUNE}
    return standing(appointments, on=on, **(given | more))  # type: ignore[arg-type]


def test_an_office_may_act_in_its_whole_subtree_and_nowhere_else():
    assert asked(held()) == held()
    for elsewhere in ("30/291/10612/", "30/2951/10894/", "30/"):
        with pytest.raises(NotAllowed) as refusal:
            asked(held(), territory=elsewhere)
        assert refusal.value.facts == {"person": "p-1", "act": "review", "roles": ("district_reviewer",)}


@pytest.mark.parametrize(("role", "until", "noted"), [
    ("auditor", None, True), ("administrator", ON, True), ("steering_committee", None, False),
    ("auditor", date(2024, 6, 30), False),
])  # fmt: skip
def test_what_auditors_and_administrators_read_has_to_be_noted(role, until, noted):
    assert notes_reads([held(), held(role, "30/", valid_to=until)], ON) is noted


def test_another_role_level_or_office_does_not_serve():
    for case in ({"roles": ("dard_appraiser",)}, {"level": 1}, {"office": "so-y-te"}):
        with pytest.raises(NotAllowed):
            asked(held(), **case)


@pytest.mark.parametrize(
    ("on", "counts"), [("2024-01-01", True), ("2024-06-30", True), ("2023-12-31", False), ("2024-07-01", False)]
)
def test_the_first_and_the_last_day_count(on, counts):
    appointment = held(valid_to=date(2024, 6, 30))

    if counts:
        assert asked(appointment, on=date.fromisoformat(on)) == appointment
    else:
        with pytest.raises(AppointmentExpired):
            asked(appointment, on=date.fromisoformat(on))


def test_the_latest_expired_appointment_is_the_one_named():
    old = held(valid_to=date(2024, 2, 1))
    newer = held(valid_from=date(2024, 3, 1), valid_to=date(2024, 4, 1))

    with pytest.raises(AppointmentExpired) as refusal:
        asked(old, newer)

    assert refusal.value.facts == {
        "person": "p-1", "act": "review", "valid_from": "2024-03-01", "valid_to": "2024-04-01",
    }  # fmt: skip


def test_ones_own_appointment_comes_before_a_delegated_one():
    own, lent = held(), held(on_behalf_of="p-2")

    assert asked(lent, own) == own
    assert asked(lent).accountable == ("p-1", "p-2")
    assert own.accountable == ("p-1",)


@given(st.permutations([
    held("commune_officer", path=COMMUNE, office="ubnd-xa-10894"), held(office="ubnd-huyen-295b"), held(),
    held(on_behalf_of="p-3"), held(on_behalf_of="p-2"), held(valid_to=date(2024, 2, 1), office="ubnd-huyen-295a"),
]))  # fmt: skip
def test_the_first_role_named_then_the_office_decides_whatever_the_order_of_appointments(appointments):
    roles = ("district_reviewer", "commune_officer")
    lent = [a for a in appointments if a.on_behalf_of]

    assert asked(*appointments, roles=roles) == held()
    assert asked(*appointments, roles=roles[::-1]).role == "commune_officer"
    assert asked(*lent, roles=roles).on_behalf_of == "p-2"


def test_two_acts_of_one_set_need_two_persons():
    performed = [("assessment", "p-1", "self_assess")]

    with pytest.raises(SeparationOfDuties) as refusal:
        check_separation(SETS.items(), performed, persons=("p-1",), transition="review")

    assert refusal.value.facts == {"person": "p-1", "transition": "review", "performed": "self_assess"}


def test_a_delegated_act_counts_for_both_persons():
    performed = [("assessment", "p-2", "self_assess")]

    with pytest.raises(SeparationOfDuties):
        check_separation(SETS.items(), performed, persons=("p-1", "p-2"), transition="review")


def test_repeating_the_same_act_and_acts_outside_the_set_are_free():
    performed = [("assessment", "p-1", "self_assess"), ("other", "p-1", "x")]

    assert check_separation(SETS.items(), performed, persons=("p-1",), transition="self_assess") == ("assessment",)
    assert check_separation(SETS.items(), performed, persons=("p-1",), transition="withdraw") == ()
    assert check_separation(SETS.items(), performed, persons=("p-3",), transition="review") == ("assessment",)


PERSONS, ACTS = ("p-1", "p-2", "p-3"), ("self_assess", "review", "withdraw")
WIDER = {"assessment": ("self_assess", "review"), "ends": ("review", "withdraw")}


@given(
    st.sets(st.tuples(st.sampled_from(sorted(WIDER)), st.sampled_from(PERSONS), st.sampled_from(ACTS))),
    st.lists(st.sampled_from(PERSONS), min_size=1, max_size=2, unique=True),
    st.sampled_from(ACTS),
)
def test_an_act_is_free_exactly_when_nobody_accountable_did_another_of_a_set_it_belongs_to(performed, persons, act):
    mine = [name for name, members in WIDER.items() if act in members]
    others = [p for p in performed if p[0] in mine and p[1] in persons and p[2] != act]

    if others:
        with pytest.raises(SeparationOfDuties) as refusal:
            check_separation(WIDER.items(), performed, persons=persons, transition=act)
        assert refusal.value.facts["performed"] in {done for _, _, done in others}
    else:
        assert check_separation(WIDER.items(), performed, persons=persons, transition=act) == tuple(mine)


def test_a_path_knows_its_level_and_its_ancestors():
    assert [level_of(p) for p in ("30/", DISTRICT, COMMUNE)] == [1, 2, 3]
    assert [part_of(COMMUNE, n) for n in (1, 2, 3)] == ["30/", DISTRICT, COMMUNE]


def test_whoever_ever_worked_there_knows_of_the_dossier():
    assert knows_of([held(valid_to=date(2024, 2, 1))], COMMUNE)
    assert not knows_of([held()], "30/291/")


def test_every_role_has_its_kind_of_office_and_its_levels():
    assert set(OFFICE_KINDS) == set(ROLE_LEVELS) == set(ROLES)


def test_a_dossier_about_an_office_concerns_of_the_departments_that_one_alone():
    health = Appointment("p", "sector_confirmer", "so-y-te", "30/", date(2024, 1, 1), None)
    dard = replace(health, role="dard_appraiser", office="so-nong-nghiep-va-ptnt")

    assert [health.concerns(office) for office in ("so-y-te", "so-tu-phap", "")] == [True, False, True]
    assert dard.concerns("so-y-te")


@pytest.mark.parametrize(
    ("paths", "common"),
    [
        (["30/295/10894/"], "30/295/10894/"),
        (["30/295/10894/", "30/295/10900/"], "30/295/"),
        (["30/295/10894/", "30/291/", "30/"], "30/"),
        (["30/", "31/"], ""),
    ],
)
def test_the_common_part_of_territories_is_the_smallest_that_holds_them(paths, common):
    assert common_part(paths) == common
