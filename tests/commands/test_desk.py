"""What every command on a dossier has in common: who may know of it, versions, keys, days, and the entry it leaves."""

from datetime import date

import pytest

from dossier_engine.commands.desk import Desk, take
from dossier_engine.errors import (
    AppointmentExpired,
    DateBeforePrevious,
    DateInFuture,
    KeyReused,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from tests.commands.conftest import CODE
from tests.commands.doing import do, each_command, ready_for
from tests.commands.looking import entries, last, refused, row, rows
from tests.makers import at

# --- who knows of it ---


@each_command
def test_a_dossier_of_a_foreign_territory_is_not_there_any_more_than_one_that_does_not_exist(standing, command):
    province = ready_for(standing, command)

    with refused(province, NotFound) as foreign:
        do(province, command, by="huyen2")
    with refused(province, NotFound) as unknown:
        do(province, command, by="huyen2", code="HD-2024-NC-0009")

    assert foreign.value.facts == {"kind": "dossier", "name": CODE, "suggestions": ()}
    assert unknown.value.facts == foreign.value.facts | {"name": "HD-2024-NC-0009"}


@each_command
def test_somebody_who_was_never_appointed_finds_no_dossier(standing, command):
    province = ready_for(standing, command)
    province.people["khach"] = "p-nobody"

    with refused(province, NotFound):
        do(province, command, by="khach")


@each_command
def test_a_wrong_role_is_told_which_roles_could(standing, command):
    province = ready_for(standing, command)
    clock = ("district_reviewer", "dard_appraiser")
    could = {"pause": clock, "resume": clock, "extend": ("dard_appraiser",)}

    with refused(province, NotAllowed) as refusal:
        do(province, command, by="thanhtra")

    assert refusal.value.facts["roles"] == could.get(command, ("district_reviewer",))


@each_command
def test_administrators_cannot_change_a_dossier(standing, command):
    province = ready_for(standing, command)

    with refused(province, NotAllowed):
        do(province, command, by="quantri")


@each_command
def test_an_appointment_that_is_over_is_named_with_its_days(standing, command):
    province = ready_for(standing, command)
    role, office = ("dard_appraiser", "so-nong-nghiep-va-ptnt") if command == "extend" else (
        "district_reviewer", "ubnd-huyen-295")  # fmt: skip
    province.appoint("nghi-huu", role, office, since="2024-02-01", until="2024-07-31")

    with refused(province, AppointmentExpired) as refusal:
        do(province, command, by="nghi-huu")

    days = refusal.value.facts["valid_from"], refusal.value.facts["valid_to"]
    assert days == ("2024-02-01", "2024-07-31")


def test_an_appointment_counts_on_its_first_and_its_last_day(standing):
    province = standing("self_assessed")
    province.appoint("tam-quyen", "district_reviewer", "ubnd-huyen-295", since="2024-08-01", until="2024-08-02")

    with refused(province, AppointmentExpired):
        do(province, "record", by="tam-quyen", on="2024-07-31")
    do(province, "record", by="tam-quyen", on="2024-08-01")
    do(province, "record", by="tam-quyen", on="2024-08-02")


def test_authority_is_judged_on_the_day_of_recording_whatever_day_the_act_takes_effect(standing):
    province = standing("self_assessed")
    province.appoint("moi", "district_reviewer", "ubnd-huyen-295", since="2024-08-01")
    province.appoint("cu", "district_reviewer", "ubnd-huyen-295", until="2024-07-31")
    before = date(2024, 7, 20)

    with refused(province, AppointmentExpired):
        do(province, "record", by="cu", effective_on=before)
    receipt = do(province, "record", by="moi", effective_on=before)

    assert (receipt.kind, last(province, CODE)["effective_on"]) == ("recorded", "2024-07-20")


def test_ones_own_appointment_is_acted_under_before_one_on_behalf_of_another(standing):
    province = standing("self_assessed")
    province.appoint("pho", "district_reviewer", "ubnd-huyen-295", until="2024-08-31", instead_of="huyen")

    do(province, "record", by="pho", on="2024-08-01")
    delegated = last(province, CODE)["actor"]
    province.appoint("pho", "district_reviewer", "ubnd-huyen-295")
    do(province, "record", by="pho", on="2024-08-02")
    own = last(province, CODE)["actor"]

    assert (delegated["person"], delegated["on_behalf_of"]) == (province.people["pho"], province.people["huyen"])
    assert (own["person"], own["on_behalf_of"]) == (province.people["pho"], None)


# --- versions, keys, days ---


@each_command
def test_an_act_on_a_version_that_is_no_longer_there_is_refused_with_both_versions(standing, command):
    province = ready_for(standing, command)
    version = row(province, CODE).version

    with refused(province, StaleVersion) as refusal:
        do(province, command, expected_version=version - 1)
    do(province, command, expected_version=version)

    assert refusal.value.facts == {"dossier": CODE, "expected": version - 1, "current": version}
    assert row(province, CODE).version == version + 1


@each_command
def test_a_repeat_with_the_same_key_gives_the_first_receipt_and_does_nothing(standing, command):
    province = ready_for(standing, command)
    first = do(province, command, key="lan-1")
    before = rows(province, "history"), rows(province, "outbox"), row(province, CODE)

    again = do(province, command, key="lan-1", on="2024-08-05")

    assert (again.replayed, first.replayed) == (True, False)
    assert (again.seq, again.leaf, again.kind, again.body) == (first.seq, first.leaf, first.kind, first.body)
    assert (rows(province, "history"), rows(province, "outbox"), row(province, CODE)) == before


@each_command
@pytest.mark.parametrize("other", [{"reason": "lý do khác"}, {"effective_on": date(2024, 7, 31)}])
def test_a_key_used_for_another_request_is_refused(standing, command, other):
    province = ready_for(standing, command)
    asked = {"key": "lan-1", "reason": "lý do"}
    do(province, command, **asked)

    with refused(province, KeyReused) as refusal:
        do(province, command, **(asked | other))

    assert refusal.value.facts == {"key": "lan-1"}


def test_a_key_used_for_another_command_or_another_dossier_is_refused(standing):
    province = standing("self_assessed")
    other = province.register("xa2", "10924").dossier
    asked = {"key": "lan-1", "reason": "chờ sắp xếp"}
    do(province, "pause", **asked)

    with refused(province, KeyReused):
        do(province, "resume", **asked)
    with refused(province, KeyReused):
        do(province, "pause", code=other, **asked)


def test_two_persons_may_use_the_same_key(standing):
    province = standing("self_assessed")

    first = do(province, "pause", by="huyen", key="lan-1")
    second = do(province, "resume", by="so", key="lan-1")

    assert (first.seq + 1, second.replayed) == (second.seq, False)


def test_without_a_key_nothing_is_taken_for_a_repeat(standing):
    province = standing("self_assessed")

    receipts = [do(province, "record") for _ in range(2)]

    assert receipts[1].seq == receipts[0].seq + 1
    assert [e["request"] for e in entries(province, f"dossier/{CODE}")[-2:]] == [None, None]


@each_command
def test_an_act_cannot_take_effect_tomorrow(standing, command):
    province = ready_for(standing, command)

    with refused(province, DateInFuture) as refusal:
        do(province, command, on="2024-08-01", effective_on=date(2024, 8, 2))

    assert refusal.value.facts == {"day": "2024-08-02", "today": "2024-08-01"}


@each_command
def test_an_act_cannot_take_effect_before_the_previous_one_but_on_the_same_day(standing, command):
    province = ready_for(standing, command)
    previous = row(province, CODE).effective_on

    with refused(province, DateBeforePrevious) as refusal:
        do(province, command, effective_on=date(2024, 7, 11))
    do(province, command, effective_on=previous)

    assert refusal.value.facts == {"day": "2024-07-11", "previous": previous.isoformat()}
    assert row(province, CODE).effective_on == previous


def test_the_day_of_an_act_is_that_of_hanoi(standing):
    province = standing("self_assessed")
    first_hour = at("2024-08-01", hour=0)

    with province.writing() as session:
        desk = take(session, province.law, "record", CODE, province.act("huyen"), {}, now=first_hour)

    assert first_hour.date() == date(2024, 7, 31)
    assert isinstance(desk, Desk)
    assert (desk.today, desk.on) == (date(2024, 8, 1), date(2024, 8, 1))


# --- on both databases ---


def test_one_key_has_one_effect_and_one_person_at_a_time(province):
    code = province.register(key="dang-ky").dossier

    again = province.register(key="dang-ky", on="2024-04-16")
    with refused(province, KeyReused):
        province.pause(code, "xa", on="2024-04-20", key="dang-ky")
    with refused(province, StaleVersion):
        province.pause(code, "huyen", on="2024-04-20", expected_version=2)

    assert (again.dossier, again.replayed) == (code, True)
    assert len(entries(province, f"dossier/{code}")) == 1
