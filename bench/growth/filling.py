"""The made-up catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.timing import Row

BATCH = 2000


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
