"""Settings, URLs, middleware and start-up of the whole site. No other package imports it."""

import os

# One thread per matrix product, set before numpy is first imported: on a busy machine, threads wait for each
# other longer than a small product takes (200 x 200: 27 ms with threads, 0.16 ms without).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
