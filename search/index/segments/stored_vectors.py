"""The vectors of record of products, read into arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings

from search.encoding.documents import document_vectors
from search.encoding.encoder import Encoder
from search.models import ProductEmbedding
from search.vectors import Keys, Mask, Vectors, intact

# Fewer products than this are asked for by key, more are picked from all rows of the encoder.
BY_KEY = 500
READ_AT_ONCE = 2000


@dataclass(frozen=True)
class StoredVectors:
    """The vectors of record of n products, aligned; an image row is zero where `pictured` is false."""

    keys: Keys
    # The position of each product among those asked for: some may have been deleted since.
    positions: list[int]
    images: Vectors
    texts: Vectors
    pictured: Mask
    # Of what each was embedded.
    content_hashes: list[str]
    # Keys of products whose stored vectors are no longer vectors of length 1.
    damaged: list[int]

    @classmethod
    def read(cls, encoder: Encoder, wanted: Sequence[int]) -> StoredVectors:
        shape = (len(wanted), encoder.dimension)
        images, texts = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        position_of = {key: position for position, key in enumerate(wanted)}
        found, pictured = np.zeros(len(wanted), bool), np.zeros(len(wanted), bool)
        hashes = [""] * len(wanted)
        damaged = []
        for key, image, text, content_hash in _stored(encoder, wanted):
            if (position := position_of.get(key)) is None:
                continue
            words = intact(text, encoder.dimension)
            seen = None if image is None else intact(image, encoder.dimension)
            if words is None or (image is not None and seen is None):
                damaged.append(key)
                continue
            found[position], pictured[position] = True, seen is not None
            texts[position], hashes[position] = words, content_hash
            if seen is not None:
                images[position] = seen
        places = np.flatnonzero(found)
        if len(places) < len(wanted):
            images, texts, pictured = images[places], texts[places], pictured[places]
        keys, positions = np.array(wanted, np.int64)[places], places.tolist()
        return cls(keys, positions, images, texts, pictured, [hashes[each] for each in positions], damaged)

    def documents(self) -> Vectors:
        """(n, d) what is searched: each picture and its text at the configured share."""
        return document_vectors(self.images, self.texts, self.pictured, settings.DOCUMENT_IMAGE_SHARE)


def _stored(encoder: Encoder, wanted: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    stored = ProductEmbedding.objects.filter(fingerprint=encoder.fingerprint, product__is_active=True)
    fields = ("product_id", "image_vector", "text_vector", "content_hash")
    if len(wanted) > READ_AT_ONCE:
        yield from stored.values_list(*fields).iterator(chunk_size=READ_AT_ONCE)
        return
    for start in range(0, len(wanted), BY_KEY):
        yield from stored.filter(product_id__in=wanted[start : start + BY_KEY]).values_list(*fields)
