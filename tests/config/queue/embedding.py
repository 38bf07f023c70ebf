"""Processes of their own for test_embedding.py, on the shop that the environment names.

``python -m tests.config.queue.embedding prepare N``: N products with pictures.
``… reindex``: as the command, which begins to embed once each of its workers has taken a batch.
``… worker NAME [stop]``: a worker; with "stop" it writes the file "taken" where it would embed, and waits.
"""

import sys
import time

import django


def prepare(count):
    from tests.factories import ProductFactory, ProductImageFactory

    for number in range(int(count)):
        product = ProductFactory(external_id=str(number), title=f"Dress {number}")
        ProductImageFactory(product=product, kept=True, colour=f"hsl({37 * number % 360}, 80%, 50%)")


def reindex():
    from django.conf import settings
    from django.core.management import call_command

    from search.encoding.parallel import publisher
    from search.models import EmbeddingBatch

    invite = publisher._invite

    def invite_and_wait(run):
        invite(run)
        while EmbeddingBatch.objects.exclude(state="waiting").count() < settings.EMBEDDING_WORKERS:
            time.sleep(0.05)

    publisher._invite, publisher.PATIENCE_S = invite_and_wait, 2.0
    call_command("reindex")


def worker(name, stop=""):
    from django.conf import settings

    from config.celery import app
    from search.encoding import embedding

    def taken(encoder, items, now):
        (settings.DATA_DIR / "taken").touch()
        time.sleep(600)

    if stop:
        embedding.embedded = taken
    options = ["--pool=threads", "--concurrency=1", "--queues=embedding", f"--hostname={name}"]
    app.worker_main(["worker", "--loglevel=WARNING", *options])


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "reindex": reindex, "worker": worker}[sys.argv[1]](*sys.argv[2:])
