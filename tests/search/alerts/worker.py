"""Processes of their own for the tests of crashes.

``python -m tests.search.alerts.worker prepare N``: N people wait for a product each, and all come back.
``python -m tests.search.alerts.worker send FOLDER [POINT NUMBER]``: sends what is due as files into FOLDER.
At the NUMBER-th mail it stops at POINT ("open": before the mail is sent, "taken": the server took it, and
nothing was noted yet), says so on its standard output and waits to be killed.
"""

import sys
import time
from collections import Counter
from pathlib import Path

import django
from django.core.mail.backends.filebased import EmailBackend
from django.utils import timezone


class StoppingBackend(EmailBackend):
    stop = ("", 0)
    reached = Counter()

    def open(self):
        if self.stream is None:
            self._reach("open")
        return super().open()

    def send_messages(self, messages):
        sent = super().send_messages(messages)
        self._reach("taken")
        return sent

    def _reach(self, point):
        self.reached[point] += 1
        if self.stop == (point, self.reached[point]):
            sys.stdout.write(f"{point}\n")
            sys.stdout.flush()
            time.sleep(60)


def prepare(count):
    from tests.factories import ProductFactory
    from tests.search.alerts.changes import alert_of, synced

    for number in range(count):
        product = ProductFactory(in_stock=False, external_id=str(number), title=f"Dress {number}")
        alert_of(
            email=f"guest{number}@example.com", product=product, expires_at=timezone.now().replace(year=2999)
        )
        synced(product, in_stock=True, now=timezone.now())


def send(folder, point="", number="0"):
    from django.conf import settings

    from search.alerts import delivery

    settings.EMAIL_FILE_PATH = Path(folder)
    settings.EMAIL_BACKEND = "tests.search.alerts.worker.StoppingBackend"
    # Not of __main__, which this module is here.
    from tests.search.alerts.worker import StoppingBackend as Backend

    Backend.stop = (point, int(number))
    delivery.deliver(timezone.now)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        send(*sys.argv[2:])
