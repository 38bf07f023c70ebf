"""Waiting for a webhook's change to arrive in the catalogue."""

import threading
import time

from catalog.models import Product
from catalog.syncing import refreshing

# A change that has not come by now will not come.
GIVEN_UP_SECONDS = 60


class Follower:
    """Knows when a look-up has ended, so that nobody reads the database while it is written."""

    def __init__(self, monkeypatch):
        self._ended = threading.Condition()
        self._count = 0
        refresh = refreshing.refresh

        def counted(*args, **options):
            try:
                return refresh(*args, **options)
            finally:
                with self._ended:
                    self._count += 1
                    self._ended.notify_all()

        monkeypatch.setattr(refreshing, "refresh", counted)

    def awaits(self, expected, *, seconds=GIVEN_UP_SECONDS):
        """Whether ``expected()`` holds after a look-up within so many seconds."""
        deadline, seen = time.monotonic() + seconds, 0
        while not expected():
            if time.monotonic() > deadline:
                return False
            seen = self._next(seen, deadline - time.monotonic())
            # The request that looked up may still commit.
            time.sleep(0.2)
        return True

    def _next(self, seen, seconds):
        """The number of look-ups, once it is another than ``seen``."""
        with self._ended:
            self._ended.wait_for(lambda: self._count != seen, max(0.0, seconds))
            return self._count


def shown(source, style_id):
    """The active products of a style, by colour."""
    products = Product.objects.of_style(source, style_id).active()
    return {product.colour: product for product in products}
