"""The task queue: its Redis, and Celery's settings. Tasks are in each app's tasks.py."""

from __future__ import annotations

from celery.schedules import crontab

from config.environment import read_int, read_url
from config.settings.site import DATA_DIR

_REDIS = ("redis", "rediss", "unix")
# Caches and request counts. Their server may evict; the queue's must not.
REDIS_URL = read_url("REDIS_URL", schemes=_REDIS)
# By default the caches' server, which suits one that evicts only keys that expire (volatile-lru).
QUEUE_URL = read_url("QUEUE_URL", schemes=_REDIS) or REDIS_URL

# Seconds after which a task whose worker no longer keeps it (config/celery.py) is given to another one.
VISIBILITY_SECONDS = 60

CELERY_BROKER_URL = QUEUE_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = not QUEUE_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
# Celery's defaults, stated because a worker that accepts pickle runs whatever is written into Redis.
CELERY_TASK_SERIALIZER, CELERY_ACCEPT_CONTENT = "json", ["json"]
# A killed worker must not lose its task.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_SECONDS,
    # Each worker looks every second for tasks that nobody keeps; by default every 100 s.
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    # How long a worker that was killed while it looked keeps the others from looking.
    "unacked_mutex_expire": 30,
    # Without timeouts a Redis that hangs holds each thread that enqueues for good. A worker's BRPOP waits
    # 1 s, so the timeout must be longer.
    "socket_timeout": 2.0,
    "socket_connect_timeout": 1.0,
    # Whoever enqueues is told at once that Redis is away; a worker goes on trying to connect.
    "max_retries": 0,
}
# How many batches of products workers embed at once for a reindex, beside the process that publishes.
EMBEDDING_WORKERS = read_int("EMBEDDING_WORKERS", default=0, low=0, high=1000)
# A queue of its own: those machines embed whose workers listen to it, and a shop's messages never wait
# behind batches.
EMBEDDING_QUEUE = "embedding"
CELERY_TASK_ROUTES = {"search.tasks.embed": {"queue": EMBEDDING_QUEUE}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# When each task was last due. By default beat writes it into the folder that it is started in.
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sync": {"task": "catalog.tasks.sync", "schedule": crontab(minute=7)},
    "reindex": {"task": "search.tasks.reindex", "schedule": crontab(minute="*/10")},
    "close-stale-runs": {"task": "search.tasks.close_stale_runs", "schedule": crontab(minute="*/10")},
    "send-alerts": {"task": "search.tasks.send_alerts", "schedule": crontab(minute="*/5")},
    "prune-logs": {"task": "analytics.tasks.prune_search_logs", "schedule": crontab(hour=3, minute=41)},
    "learn-from-events": {
        "task": "analytics.tasks.learn_from_events",
        "schedule": crontab(hour=2, minute=11),
    },
    "prune-expired": {"task": "search.tasks.prune_expired", "schedule": crontab(minute=23)},
    "prune-sign-ins": {"task": "accounts.tasks.prune_sign_ins", "schedule": crontab(hour=3, minute=17)},
}
# What a shop's message has changed is published by it at once; without a queue, there are no such messages.
CATALOGUE_CHANGED_TASK = "search.tasks.follow_changes" if QUEUE_URL else ""
# Without a queue, work that staff start in a page runs in a thread; tests run it in the calling thread.
TASKS_IN_BACKGROUND = True
