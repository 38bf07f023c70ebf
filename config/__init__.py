import os

# One thread per matrix product, set before numpy is first imported: on a busy machine the threads of one
# small product wait for each other longer than it takes (200 x 200: 27 ms against 0.16 ms).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
