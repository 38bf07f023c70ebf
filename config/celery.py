"""The Celery application. Tasks are in each app's tasks.py, its settings in config/settings/queue.py."""

from __future__ import annotations

import os
import time
from typing import Any

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# How often workers renew the tasks that they keep. Three renewals may fail before VISIBILITY_SECONDS
# (config/settings/queue.py) have passed.
RENEWAL_SECONDS = 15

app = Celery("tandem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class KeepTasks(bootsteps.StartStopStep):  # type: ignore[misc]  # celery has no types
    """Renews the tasks that this worker has taken, so that only a dead worker's are given to another one.

    kombu gives a task to another worker once ``visibility_timeout`` has passed since it was taken, even while
    it runs: either long tasks run twice, or those of a killed worker wait for an hour.
    """

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        self._timer = consumer.timer.call_repeatedly(
            RENEWAL_SECONDS, renew, (consumer.task_consumer.channel,)
        )

    def stop(self, consumer: Any) -> None:
        if self._timer:
            self._timer.cancel()


def renew(channel: Any) -> None:
    """Mark the tasks taken on this channel of kombu's Redis transport as taken now."""
    taken = dict.fromkeys(list(channel.qos._delivered), time.time())
    if not taken:
        return
    with channel.conn_or_acquire() as client:
        # xx: a task that was finished in between must not come back.
        client.zadd(channel.unacked_index_key, taken, xx=True)


app.steps["consumer"].add(KeepTasks)
