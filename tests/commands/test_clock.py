"""A clock behind the one that recorded before: history goes on from there, or the act is refused."""

from datetime import timedelta

from dossier_engine.commands.filing import file_entry
from dossier_engine.commands.pause import Clock, pause, resume
from dossier_engine.errors import ClockBehind
from dossier_engine.queries.audit import verify
from dossier_engine.rules.entry import instant
from dossier_engine.rules.law import HANOI
from tests.commands.conftest import CODE
from tests.commands.looking import entries, last, refused, row
from tests.makers import SETUP, Province, at

MIDNIGHT = at("2024-08-02", hour=0)
PAUSED = MIDNIGHT + timedelta(milliseconds=1)


def paused_just_after_midnight(standing) -> Province:
    province = standing("self_assessed")
    clock(province, pause, PAUSED)
    return province


def clock(province: Province, command, now) -> None:
    with province.writing() as session:
        order = Clock(dossier=CODE, act=province.act("huyen", reason="sắp xếp"))
        command(session, province.law, order, now=now, rng=province.rng)


def filed(province: Province, now) -> None:
    with province.writing() as session:
        file_entry(session.connection(), "people", "looked_over", SETUP, {}, now=now, rng=province.rng)


def findings(province: Province):
    with province.database.reading() as session:
        return verify(session, province.law).findings


def test_a_clock_a_little_behind_records_at_the_instant_and_on_the_day_of_the_previous_entry(standing):
    province = paused_just_after_midnight(standing)

    clock(province, resume, MIDNIGHT - timedelta(milliseconds=1))

    assert (last(province, CODE)["at"], last(province, CODE)["effective_on"]) == (instant(PAUSED), "2024-08-02")
    assert row(province, CODE).recorded_at == PAUSED
    assert findings(province) == ()


def test_a_clock_far_behind_the_dossier_is_refused(standing):
    province = paused_just_after_midnight(standing)

    with refused(province, ClockBehind):
        clock(province, resume, PAUSED - timedelta(hours=2))


def test_a_register_goes_on_from_its_previous_entry_too(hai_duong):
    previous = entries(hai_duong, "people")[-1]["at"]

    filed(hai_duong, at("2024-01-02") - timedelta(minutes=1))

    assert entries(hai_duong, "people")[-1]["at"] == previous == instant(at("2024-01-02"))
    with refused(hai_duong, ClockBehind):
        filed(hai_duong, at("2024-01-01"))


def test_an_instant_told_in_another_zone_is_kept_as_the_same_instant(standing):
    province = standing("self_assessed")

    clock(province, pause, PAUSED.astimezone(HANOI))

    assert row(province, CODE).recorded_at == PAUSED
    assert findings(province) == ()
