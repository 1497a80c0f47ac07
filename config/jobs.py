"""Celery's settings and its timetable. Jobs are named, never imported."""

from celery.schedules import crontab

from config.env import read

_ENV = read()

CELERY_BROKER_URL = _ENV.broker_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 270
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(_ENV.var / "beat")
CELERY_BEAT_SCHEDULE: dict[str, dict] = {
    "relay": {"task": "kit.jobs.relay_outbox", "schedule": 2.0, "options": {"expires": 10}},
    "seal": {"task": "traceability.jobs.seal", "schedule": 60.0, "options": {"expires": 60}},
    "write_scans": {"task": "traceability.jobs.write_scans", "schedule": 10.0, "options": {"expires": 10}},
    "tell_gaps": {"task": "traceability.jobs.tell_gaps", "schedule": 60.0, "options": {"expires": 60}},
    "lapse_cases": {"task": "traceability.jobs.lapse_cases", "schedule": 30.0, "options": {"expires": 30}},
    "remind_cases": {"task": "traceability.jobs.remind_cases", "schedule": 60.0, "options": {"expires": 60}},
    "remind_points": {"task": "traceability.jobs.remind_points", "schedule": crontab(hour="7", minute="0")},
    "trace_missing": {"task": "traceability.jobs.trace_missing", "schedule": 600.0, "options": {"expires": 600}},
    "plan_sampling": {"task": "traceability.jobs.plan_sampling", "schedule": crontab(hour="18,20,22", minute="20")},
    "plan_blind_samples": {"task": "traceability.jobs.plan_blind_samples", "schedule": crontab(hour="5", minute="15")},
    "look_after_recalls": {
        "task": "traceability.jobs.look_after_recalls",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "sweep_leases": {"task": "inspections.jobs.sweep_leases", "schedule": 60.0, "options": {"expires": 60}},
    "publish_plans": {"task": "inspections.jobs.publish_plans", "schedule": crontab(minute="*/10")},
    "remind_of_training": {"task": "inspections.jobs.remind_of_training", "schedule": crontab(hour="8", minute="20")},
    "purge": {"task": "kit.jobs.purge", "schedule": crontab(hour="3", minute="40")},
}

if _ENV.demo:
    CELERY_BEAT_SCHEDULE["trickle"] = {"task": "demo.jobs.trickle", "schedule": 60.0, "options": {"expires": 60}}

# Names of outbox jobs, and the service that does each.
OUTBOX_HANDLERS: dict[str, str] = {
    "registry.spread_notice": "registry.jobs.spread_notice",
    "registry.deliver_notice": "registry.jobs.deliver_notice",
    "traceability.spread_hold": "traceability.jobs.spread_hold",
    "traceability.back_trace": "traceability.jobs.trace_back",
    "traceability.spread_release": "traceability.jobs.spread_release",
    "traceability.tell_recall": "traceability.jobs.tell_recall",
    "inspections.timed_out": "inspections.jobs.timed_out",
}

if _ENV.broker_url.startswith("amqp"):
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_WORKER_DETECT_QUORUM_QUEUES = True
    CELERY_BROKER_TRANSPORT_OPTIONS: dict = {"confirm_publish": True}
else:
    # Without the throttle a killed worker's jobs wait ten sweeps instead of one.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
    }
