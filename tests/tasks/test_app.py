"""Celery's configuration: nothing that it loses, repeats or delays may matter."""

from dataclasses import replace

import pytest

from config.settings import Clock, read
from tasks.app import LOCAL_BROKER, application, configuration, ticks

SETTINGS = read({})


@pytest.mark.parametrize("seconds", [2, 60])
def test_a_tick_expires_before_the_next(seconds):
    for tick in ticks(seconds).values():
        assert 0 < tick["options"]["expires"] < tick["schedule"]


def test_every_tick_is_a_task_that_there_is():
    app = application(SETTINGS)
    app.loader.import_default_modules()

    assert {tick["task"] for tick in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_a_killed_worker_s_task_comes_back_within_minutes_and_nothing_waits_behind_another():
    found = configuration(SETTINGS)

    assert (found["task_acks_late"], found["worker_prefetch_multiplier"]) == (True, 1)
    assert found["broker_transport_options"]["visibility_timeout"] > found["task_time_limit"]
    assert found["broker_transport_options"]["unacked_restore_throttle"] == 1


def test_only_json_is_taken_and_no_result_is_kept():
    found = configuration(SETTINGS)

    assert (found["accept_content"], found["task_ignore_result"]) == (["json"], True)
    assert "result_backend" not in found


def test_the_broker_is_the_one_in_the_settings_or_this_machine_s():
    given = configuration(replace(SETTINGS, broker_url="sentinel://a:1", broker_master="group"))

    assert (given["broker_url"], given["broker_transport_options"]["master_name"]) == ("sentinel://a:1", "group")
    assert configuration(SETTINGS)["broker_url"] == LOCAL_BROKER


def test_a_demonstration_s_clock_that_runs_fast_is_looked_at_more_often():
    def pause(clock: Clock | None) -> int:
        return configuration(replace(SETTINGS, clock=clock))["beat_schedule"]["tasks.sweep.sweep"]["schedule"]

    assert (pause(None), pause(Clock()), pause(Clock(speed=600))) == (60, 60, 2)
