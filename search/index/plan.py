"""Which products an index holds, and which of them must be embedded first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery

from catalog.models import Product, ProductImage
from search.encoding.documents import embedding_hash, embedding_text
from search.index.calibration_queries import Label
from search.index.engines.choice import LOCAL
from search.lexical.documents import IndexedFields, LexicalDocument
from search.models import ProductEmbedding

# Increase it when the same embeddings would be published as another index.
BUILD_VERSION = 4
# Products read from the database at once.
CHUNK = 500


@dataclass(frozen=True)
class IndexPlan:
    """The active products in index order, the lists aligned, and the keys of those that must be embedded."""

    keys: list[int]
    documents: list[LexicalDocument]
    labels: list[Label]
    # What of each product is embedded, by its hash.
    content_hashes: list[str]
    stale: list[int]
    # sha256 over everything a version is made of: the same digest means the same index.
    digest: str


def recipe(fingerprint: str) -> list[Any]:
    """What all rows of an index have in common: rows of two recipes do not belong in one index."""
    shared = [BUILD_VERSION, fingerprint, settings.DOCUMENT_IMAGE_SHARE]
    return shared if settings.SEARCH_ENGINE == LOCAL else [*shared, settings.SEARCH_ENGINE]


def plan_index(fingerprint: str, *, everything: bool) -> IndexPlan:
    """Compare the catalogue with the vectors of record under this encoder (`everything`: embed all again)."""
    known = dict(
        ProductEmbedding.objects.filter(fingerprint=fingerprint).values_list("product_id", "content_hash")
    )
    keys, documents, labels, hashes, stale = [], [], [], [], []
    digest = hashlib.sha256(repr(tuple(recipe(fingerprint))).encode())
    for product, picture in _products():
        content = embedding_hash(embedding_text(product), picture)
        document = LexicalDocument.of(product)
        keys.append(product.pk)
        documents.append(document)
        labels.append((document.colour, document.category))
        hashes.append(content)
        digest.update(repr((product.pk, content, document)).encode())
        if everything or known.get(product.pk) != content:
            stale.append(product.pk)
    order = _order(labels)
    return IndexPlan(
        keys=[keys[at] for at in order],
        documents=[documents[at] for at in order],
        labels=[labels[at] for at in order],
        content_hashes=[hashes[at] for at in order],
        stale=stale,
        digest=digest.hexdigest(),
    )


def _order(labels: Sequence[Label]) -> Sequence[int]:
    """Of many products, those of a category together, and within it those of a colour: a search for a kind
    reads one part of the vectors from beginning to end, in half the time of as many here and there.
    """
    places = range(len(labels))
    if len(labels) <= settings.INDEX_EXACT_LIMIT:
        return places
    return sorted(places, key=lambda at: labels[at][::-1])


def _products() -> Iterator[tuple[IndexedFields, str]]:
    """The active products by key, each with the hash of its cover, "" for none.

    Rows in place of models: of a large catalogue, making models takes longer than reading them.
    """
    pictures = ProductImage.objects.filter(product=OuterRef("pk")).exclude(content_hash="")
    cover = Subquery(pictures.order_by("position").values("content_hash")[:1])
    rows = Product.objects.active().order_by("pk").values_list(*IndexedFields._fields, cover)
    for *fields, picture in rows.iterator(chunk_size=CHUNK):
        yield IndexedFields(*fields), picture or ""
