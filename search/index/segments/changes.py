"""What changed in the catalogue since a version was published, found without looking at every product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Self

from catalog.models import Product
from search.encoding.embedding import EmbeddingInput
from search.index.segments.rows import StoredRows, digest_of
from search.index.segments.watermark import Watermark
from search.lexical.documents import LexicalDocument
from search.models import ProductEmbedding

# Products read from the database at once.
CHUNK = 500


@dataclass(frozen=True)
class Candidate:
    """A product as it is now: what would be embedded, by its hash, and its words."""

    key: int
    content_hash: str
    document: LexicalDocument

    @classmethod
    def of(cls, product: Product) -> Self:
        return cls(product.pk, EmbeddingInput.of(product).content_hash, LexicalDocument.of(product))

    @property
    def digest(self) -> bytes:
        return digest_of(self.content_hash, self.document)


@dataclass
class Changes:
    """Products whose rows must be written, by key, and keys of rows that must go."""

    candidates: dict[int, Candidate] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.candidates) + len(self.removed)

    def stale(self, fingerprint: str) -> list[int]:
        """Those that must be embedded first, ascending."""
        known: dict[int, str] = {}
        for keys in _batched(self.candidates, CHUNK):
            stored = ProductEmbedding.objects.filter(fingerprint=fingerprint, product_id__in=keys)
            known.update(stored.values_list("product_id", "content_hash"))
        return sorted(key for key, each in self.candidates.items() if known.get(key) != each.content_hash)

    def look_at(self, keys: Iterable[int], rows: StoredRows, *, unchanged: bool = False) -> None:
        """Add what these products need; ``unchanged`` ones too, where their rows are to be written anew."""
        for part in _batched(keys, CHUNK):
            products = Product.objects.active().filter(pk__in=part).prefetch_related("images")
            active = set()
            for product in products:
                active.add(product.pk)
                candidate = Candidate.of(product)
                if unchanged or rows.digest(product.pk) != candidate.digest:
                    self.candidates[product.pk] = candidate
            self.removed.update(key for key in part if key not in active and key in rows)


def changes_since(watermark: Watermark, rows: StoredRows, *, most: int) -> Changes | None:
    """What is newer than the watermark; None where more than ``most`` rows are concerned."""
    changes, latest = Changes(), Product.objects.generation()
    if watermark.generation is not None and (latest is None or latest < watermark.generation):
        # A backup was restored, or the latest product deleted: what is older may have changed as well.
        watermark = replace(watermark, generation=None)
    for keys in _batched(_newer(watermark), CHUNK):
        changes.look_at(keys, rows)
        if len(changes) > most:
            return None
    _reconcile(changes, rows)
    return changes if len(changes) <= most else None


def _newer(watermark: Watermark) -> Iterator[int]:
    """Keys of products that changed, active or not. Generations grow in the order of commits
    (``ProductQuerySet.next_generation``), so none is overlooked.
    """
    products = Product.objects.order_by("updated_at", "pk")
    if watermark.generation is not None:
        products = products.filter(updated_at__gt=watermark.generation)
    seen = set()
    for key in products.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        seen.add(key)
        yield key
    yield from (key for key in watermark.retry if key not in seen)


def _reconcile(changes: Changes, rows: StoredRows) -> None:
    """Products that were deleted, or written without a generation, are found by their number."""
    new = sum(key not in rows for key in changes.candidates)
    if Product.objects.active().count() == len(rows) + new - len(changes.removed):
        return
    active = set(Product.objects.active().values_list("pk", flat=True))
    held = set(rows.keys.tolist())
    changes.removed.update(held - active)
    changes.look_at(sorted(active - held - changes.candidates.keys()), rows)


def _batched(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(keys)
    while part := list(islice(rest, size)):
        yield part
