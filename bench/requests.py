"""Whole requests through Django's test client, on the shop in DATA_DIR, and the encoder alone."""

from __future__ import annotations

import io
import json
import resource
from collections.abc import Iterator
from typing import Any

import numpy as np
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bench.timing import Row, timed
from catalog.models import Product
from search import engine

ROUNDS = 40


def measure() -> tuple[list[Row], list[Row]]:
    """(requests, encoder): p50 and p95 of each request with nothing, its vector, or its response cached."""
    products = list(Product.objects.active().for_cards().exclude(images__content_hash="")[: 4 * ROUNDS])
    client = Client(SERVER_NAME="localhost")
    _post(client, "text-search", {"text": "warm up"})
    rows = [
        *_kind(client, "text", "text-search", [{"text": _text(p, n)} for n, p in enumerate(products)]),
        *_kind(client, "image", "image-search", [{"image": _picture(p, n)} for n, p in enumerate(products)]),
        *_kind(
            client,
            "hybrid",
            "recommend",
            [
                {"text": _text(p, n + 1000), "image": _picture(p, n + 1000), "weight": "0.5"}
                for n, p in enumerate(products)
            ],
        ),
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return rows, [*_encoder(products), {"what": "peak memory of the process, MiB", "p50_ms": peak}]


def _kind(client: Client, name: str, path: str, requests: list[dict[str, Any]]) -> Iterator[Row]:
    def send(fields: dict[str, Any]) -> None:
        _post(client, path, fields)

    def send_uncached(fields: dict[str, Any]) -> None:
        caches["answers"].clear()
        _post(client, path, fields)

    fresh = requests[:ROUNDS]
    yield {"request": name, "cached": "nothing"} | timed(send, fresh)
    yield {"request": name, "cached": "vector"} | timed(send_uncached, fresh)
    for fields in fresh:
        send(fields)
    yield {"request": name, "cached": "response"} | timed(send, fresh)


def _post(client: Client, path: str, fields: dict[str, Any]) -> None:
    body = {
        name: SimpleUploadedFile("query.jpg", value, "image/jpeg") if isinstance(value, bytes) else value
        for name, value in fields.items()
    }
    response = client.post(f"/api/v1/{path}", body)
    if response.status_code != 200:
        raise SystemExit(f"/api/v1/{path} answered {response.status_code}: {response.content[:300]!r}")
    json.loads(response.content)


def _text(product: Product, number: int) -> str:
    return f"{product.title} {number}"[:200]


def _picture(product: Product, number: int) -> bytes:
    """A product's picture with one pixel changed, so that nothing is cached for it."""
    image = product.cover.open().convert("RGB") if product.cover else Image.new("RGB", (224, 224))
    image.putpixel((number % image.width, 0), (number % 256, 7, 99))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95)
    return file.getvalue()


def _encoder(products: list[Product]) -> list[Row]:
    encoder = engine.encoder()
    texts = [_text(product, 5) for product in products[:ROUNDS]]
    pictures = [product.cover.open() for product in products[:ROUNDS] if product.cover]
    batches = [pictures[:16]] * 5
    batch = timed(encoder.encode_images, batches)
    return [
        {"what": "encode one text"} | timed(lambda text: encoder.encode_text([text]), texts),
        {"what": "encode one picture"} | timed(lambda picture: encoder.encode_images([picture]), pictures),
        {"what": "encode a picture, in batches of 16"}
        | {name: round(float(np.round(value / 16, 2)), 2) for name, value in batch.items()},
    ]
