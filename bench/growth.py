"""What a change costs at N products: build, delta, an unchanged run, a price, and the memory of each.

The products are made up and their vectors are drawn, so nothing but the changed product is encoded. Each step
runs in a process of its own, over a database and an index in a temporary folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bench.timing import Row

ROOT = Path(__file__).resolve().parents[1]
REPEATED = 5
BATCH = 2000
MIB = 1024 * 1024


def measure(count: int) -> list[Row]:
    """One row per step: seconds, and the private memory that it adds at most, in MiB."""
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        _run(folder, "fill", count)
        rows = _run(folder, "build")
        rows += _run(folder, "unchanged")
        rows += _run(folder, "change")
        rows += _run(folder, "serve")
        rows += _run(folder, "merge")
    return [{"products": count, **row} for row in rows]


def _run(folder: str, step: str, *arguments: object) -> list[Row]:
    from django.conf import settings

    environment = os.environ | {
        "SECRET_KEY": settings.SECRET_KEY,
        "DATA_DIR": folder,
        "DATABASE_URL": "",
        "HTTPS": "off",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
    }
    command = [sys.executable, "-m", "bench.growth", step, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise RuntimeError(f"The step {step} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


# --- The steps, each in its own process -------------------------------------------------------------------


def fill(count: int) -> list[Row]:
    """Products like a shop's, with vectors of record like those of its pictures and words."""
    from django.core.management import call_command

    from bench.ranking import _document
    from bench.vectors import ClusterMixture
    from search import engine

    call_command("migrate", verbosity=0)
    encoder = engine.encoder()
    mixture = ClusterMixture(count, encoder.dimension)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        _fill_batch(start, mixture.draw(size), mixture.draw(size), encoder.fingerprint, _document)
    return []


def _fill_batch(
    start: int, images: Any, texts: Any, fingerprint: str, document_of: Callable[..., Any]
) -> None:
    import random
    from datetime import UTC, datetime, timedelta
    from decimal import Decimal

    from catalog.models import Product
    from search.encoding.embedding import EmbeddingInput
    from search.models import ProductEmbedding
    from search.vectors import to_bytes

    generator = random.Random(start)  # noqa: S311 - a reproducible catalogue
    now = datetime(2026, 6, 1, tzinfo=UTC)
    products = []
    for number in range(start, start + len(images)):
        words = document_of(number, generator)
        products.append(
            Product(
                source="shop",
                external_id=str(number),
                product_id=f"shop-{number}",
                title=words.title,
                description=f"A {words.colour} piece for every day, number {number % 997}, made to last.",
                brand=words.brand,
                category=words.category,
                category_path=f"Apparel > {words.category}",
                colour=words.colour,
                gender=words.gender,
                price=Decimal(generator.randrange(500, 20_000)) / 100,
                currency="EUR",
                attributes={"season": generator.choice(("Summer", "Winter")), "material": f"m{number % 40}"},
                content_hash=str(number),
                created_at=now - timedelta(hours=number % 10_000),
                updated_at=now + timedelta(microseconds=number),
                seen_at=now,
            )
        )
    written = Product.objects.bulk_create(products)
    ProductEmbedding.objects.bulk_create(
        ProductEmbedding(
            product=product,
            fingerprint=fingerprint,
            content_hash=EmbeddingInput(product.pk, _text(product), None).content_hash,
            image_vector=to_bytes(image),
            text_vector=to_bytes(text),
            updated_at=now,
        )
        for product, image, text in zip(written, images, texts, strict=True)
    )


def _text(product: Any) -> str:
    from search.encoding.documents import embedding_text

    return embedding_text(product)


def build() -> list[Row]:
    return [_measured("full build", _reindex)]


def unchanged() -> list[Row]:
    return [_median("unchanged", [_measured("", _reindex) for _run in range(REPEATED)])]


def change() -> list[Row]:
    rows = []
    for number in range(REPEATED):
        _touch(number * 7 + 3, title=f"zebra{number} linen shirt")
        rows.append(_measured("", _reindex))
    return [_median("one title changed and published", rows)]


def serve() -> list[Row]:
    """A process that serves, while another one publishes: seconds until it answers with what changed."""
    from search import engine

    rows = [_measured("first snapshot of a process", engine.snapshot)]
    prices, deltas = [], []
    for number in range(REPEATED):
        _touch(number * 11 + 1, price=1 + number)
        engine.column_store().expire()
        prices.append(_measured("", engine.snapshot))
        _touch(number * 13 + 5, title=f"okapi{number} silk dress")
        began = time.perf_counter()
        _run(os.environ["DATA_DIR"], "publish")
        published = time.perf_counter() - began
        engine.store().expire()
        deltas.append(_measured("", engine.snapshot))
        found, _scores = engine.snapshot().lexical.scores(f"okapi{number}")
        if len(found) != 1:
            raise RuntimeError(f"The product is not found {published:.1f} s after it was published.")
    return [
        *rows,
        _median("one price, in a process that serves", prices),
        _median("one delta, in a process that serves", deltas),
    ]


def publish() -> list[Row]:
    _reindex()
    return []


def merge() -> list[Row]:
    from datetime import UTC, datetime

    from search import engine
    from search.index.segments.merging import merge as merged

    engine.encoder()
    return [
        _measured(
            "merge, in the background", lambda: merged(engine.encoder(), engine.store(), datetime.now(UTC))
        )
    ]


def _reindex() -> object:
    from datetime import UTC, datetime

    from search import engine
    from search.index.reindex import reindex

    return reindex(encoder=engine.encoder(), store=engine.store(), now=datetime.now(UTC))


def _touch(number: int, **fields: object) -> None:
    from django.utils import timezone

    from catalog.models import Product

    fields["updated_at"] = Product.objects.next_generation(timezone.now())
    Product.objects.filter(product_id=f"shop-{number}").update(**fields)


def _measured(name: str, call: Callable[[], object]) -> Row:
    from search import engine

    # The model is loaded once per process, and is no part of what a change costs.
    engine.encoder().encode_text(["warm up"])
    with _peak() as peak:
        began, used = time.perf_counter(), time.process_time()
        call()
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    return {
        "step": name,
        "seconds": round(seconds, 3),
        # Of all threads: what remains of the seconds when nothing else runs.
        "cpu_s": round(cpu, 3),
        "added_mib": round(peak[0] / MIB, 1),
    }


def _median(name: str, rows: list[Row]) -> Row:
    return {
        "step": name,
        **{unit: round(float(np.median([row[unit] for row in rows])), 3) for unit in ("seconds", "cpu_s")},
        "added_mib": max(row["added_mib"] for row in rows),
    }


@contextmanager
def _peak() -> Iterator[list[int]]:
    """The most bytes of memory of its own that the process gains; mapped files are shared and not counted."""
    before, peak, done = _anonymous(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            peak[0] = max(peak[0], _anonymous() - before)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak[0] = max(peak[0], _anonymous() - before)
        done.set()
        thread.join()


def _anonymous() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


STEPS: dict[str, Callable[..., list[Row]]] = {
    each.__name__: each for each in (fill, build, unchanged, change, serve, publish, merge)
}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(STEPS[sys.argv[1]](*map(int, sys.argv[2:]))) + "\n")
