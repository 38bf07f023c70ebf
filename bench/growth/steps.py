"""What is measured; each step is run by ``python -m bench.growth``."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial

from bench.growth.filling import fill
from bench.growth.measuring import measured, median
from bench.growth.process import run
from bench.timing import Row

REPEATED = 5
ASKED = 60


def build() -> list[Row]:
    return [measured("full build", _reindex)]


def unchanged() -> list[Row]:
    return [median("unchanged", [measured("", _reindex) for _run in range(REPEATED)])]


def change() -> list[Row]:
    rows = []
    for number in range(REPEATED):
        _touch(number * 7 + 3, title=f"zebra{number} linen shirt")
        rows.append(measured("", _reindex))
    return [median("one title changed and published", rows)]


def serve() -> list[Row]:
    """A process that serves, while another one publishes: seconds until it answers with what changed."""
    from search import engine

    rows = [measured("first snapshot of a process", engine.snapshot)]
    prices, deltas = [], []
    for number in range(REPEATED):
        _touch(number * 11 + 1, price=1 + number)
        engine.column_store().expire()
        prices.append(measured("", engine.snapshot))
        _touch(number * 13 + 5, title=f"okapi{number} silk dress")
        began = time.perf_counter()
        run(os.environ["DATA_DIR"], "publish")
        published = time.perf_counter() - began
        engine.store().expire()
        deltas.append(measured("", engine.snapshot))
        found, _scores = engine.snapshot().lexical.scores(f"okapi{number}")
        if len(found) != 1:
            raise RuntimeError(f"The product is not found {published:.1f} s after it was published.")
    return [
        *rows,
        median("one price, in a process that serves", prices),
        median("one delta, in a process that serves", deltas),
    ]


def ask() -> list[Row]:
    """Whole requests for words, of which nothing is cached, in a process that has answered others."""
    from django.core.cache import caches
    from django.test import Client

    from catalog.models import Product

    client = Client(SERVER_NAME="localhost")
    count = Product.objects.count()

    def some(first: int) -> list[Product]:
        numbers = [first + (place * count) // ASKED for place in range(ASKED)]
        return list(Product.objects.filter(product_id__in=[f"shop-{number}" for number in numbers]))

    def request(text: str) -> None:
        caches["answers"].clear()
        response = client.post("/api/v1/text-search", {"text": text}, content_type="application/json")
        if response.status_code != 200 or not response.json()["results"]:
            raise RuntimeError(f"{text!r} answered {response.status_code}: {response.content[:200]!r}")

    def requests(name: str, texts: list[str]) -> Row:
        return median(name, [measured("", partial(request, text)) for text in texts])

    # Before its first answer a process loads its index; with the next it finds out which words are frequent.
    for product in some(first=1):
        request(product.title)
    products = some(first=0)
    return [
        requests("a request for a title", [product.title for product in products]),
        requests(
            "a request for a colour and a kind",
            [f"{product.colour} {product.category}" for product in products],
        ),
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
        measured(
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


STEPS: dict[str, Callable[..., list[Row]]] = {
    each.__name__: each for each in (fill, build, unchanged, change, ask, serve, publish, merge)
}
