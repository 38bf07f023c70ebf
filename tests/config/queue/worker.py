"""A Celery worker for test_redelivery.py whose timeout is three seconds; BROKER names its Redis."""

import os
import sys
import time
from pathlib import Path

from config import celery
from config.settings import queue

celery.RENEWAL_SECONDS = 0.5
app = celery.app
app.conf.update(
    broker_url=os.environ["BROKER"],
    task_always_eager=False,
    broker_transport_options={**queue.CELERY_BROKER_TRANSPORT_OPTIONS, "visibility_timeout": 3},
)


@app.task(name="tests.note")
def note(path, seconds):
    """Write down that it began, and after so many seconds that it ended."""
    with Path(path).open("a") as file:
        file.write("began\n")
        file.flush()
        time.sleep(seconds)
        file.write("ended\n")


if __name__ == "__main__":
    app.worker_main(["worker", "--pool=threads", "--concurrency=2", "--loglevel=WARNING", *sys.argv[1:]])
