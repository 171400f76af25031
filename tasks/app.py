"""Celery's application: the broker from the settings, three queues, and the beat that ticks.

Without a broker in the settings it is a Redis on this machine at its usual port, as everywhere with Celery and Redis.
"""

from typing import Any

from celery import Celery

from config.settings import Settings, read
from tasks.logs import hears

LOCAL_BROKER = "redis://127.0.0.1:6379/0"
MINUTE, HOUR = 60, 3_600
INTEGRATE_SECONDS = 2  # of the five within which an entry is to be signed for
_HURRIED_SECONDS = 2  # between ticks where a demonstration's clock runs fast


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's configuration; measured reasons for it are in docs/decisions/0009."""
    return {
        "broker_url": settings.broker_url or LOCAL_BROKER,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": 300,  # a killed worker's task is another's after five minutes, not an hour
            "unacked_restore_throttle": 1,
            "master_name": settings.broker_master,
        },
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_soft_time_limit": 120,
        "task_time_limit": 150,
        # They look at every dossier there is; delivered again meanwhile, each finds its own pulse and nothing to do.
        "task_annotations": {
            task: {"soft_time_limit": 3_000, "time_limit": 3_300}
            for task in ("tasks.audit.reconcile", "tasks.audit.check")
        },
        "task_create_missing_queues": True,
        "task_default_queue": "sweep",
        "task_routes": {"tasks.deliver.*": "deliver", "tasks.audit.*": "audit"},
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_send_task_events": False,
        "timezone": "Asia/Ho_Chi_Minh",
        "beat_scheduler": "celery.beat:Scheduler",  # ticks need no memory, and a file of it would be one more to lose
        "beat_schedule": ticks(_HURRIED_SECONDS if settings.clock and settings.clock.speed > 1 else MINUTE),
    }


def ticks(seconds: int) -> dict[str, dict[str, Any]]:
    """What beat sends, how often; a tick that nobody took before the next one is dropped.

    What is done once a day looks for itself whether it was, each hour.
    """
    often = ("tasks.sweep.heartbeat", "tasks.sweep.sweep", "tasks.deliver.deliver")
    every = dict.fromkeys(often, seconds) | {
        "tasks.audit.integrate": INTEGRATE_SECONDS,
        "tasks.audit.sample": MINUTE,
        "tasks.audit.reconcile": HOUR,
        "tasks.audit.check": HOUR,
    }
    return {
        task: {"task": task, "schedule": pause, "options": {"expires": pause * 0.9}} for task, pause in every.items()
    }


def application(settings: Settings) -> Celery:
    """A Celery application of its own for these settings."""
    made = Celery("tasks", include=["tasks.sweep", "tasks.deliver", "tasks.audit"], set_as_current=True)
    made.conf.update(configuration(settings))
    return made


hears()
app = application(read())
