"""The vectors of record of products, read into arrays."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Self

import numpy as np
from django.conf import settings

from search.encoding.documents import document_vectors
from search.encoding.encoder import Encoder
from search.models import ProductEmbedding
from search.vectors import Keys, Mask, Vectors, intact

# Products asked for in one query, and read at once where a base is built: 6 MB of vectors of 384 dimensions.
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
    def read(cls, encoder: Encoder, wanted: Sequence[int]) -> Self:
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

    def without_vectors(self) -> Self:
        none = np.empty((0, self.images.shape[1]), np.float32)
        return replace(self, images=none, texts=none)

    def documents(self) -> Vectors:
        """(n, d) what is searched: each picture and its text at the configured share."""
        return document_vectors(self.images, self.texts, self.pictured, settings.DOCUMENT_IMAGE_SHARE)


@dataclass(frozen=True)
class StoredDocuments:
    """What a base is built of, n products as in ``StoredVectors``. ``vectors`` and ``images`` are (n, d) in
    mapped files without a name: their pages are the system's to write out, and go with the process.
    """

    keys: Keys
    positions: list[int]
    vectors: Vectors
    images: Vectors
    pictured: Mask
    content_hashes: list[str]
    damaged: list[int]

    @classmethod
    def read(cls, encoder: Encoder, wanted: Sequence[int], folder: Path) -> Self:
        """Read them block by block, into files in ``folder``. Raises OSError where its disk is full."""
        shape = (len(wanted), encoder.dimension)
        vectors, images = _mapped(shape, folder), _mapped(shape, folder)
        parts: list[StoredVectors] = []
        positions: list[int] = []
        for start in range(0, len(wanted), READ_AT_ONCE):
            part = StoredVectors.read(encoder, wanted[start : start + READ_AT_ONCE])
            rows = slice(len(positions), len(positions) + len(part.keys))
            vectors[rows], images[rows] = part.documents(), part.images
            positions += [start + position for position in part.positions]
            parts.append(part.without_vectors())
        return cls(
            keys=np.concatenate([np.empty(0, np.int64), *(part.keys for part in parts)]),
            positions=positions,
            vectors=vectors[: len(positions)],
            images=images[: len(positions)],
            pictured=np.concatenate([np.empty(0, bool), *(part.pictured for part in parts)]),
            content_hashes=[each for part in parts for each in part.content_hashes],
            damaged=[each for part in parts for each in part.damaged],
        )


def _mapped(shape: tuple[int, int], folder: Path) -> Vectors:
    if not shape[0]:
        return np.zeros(shape, np.float32)
    size = shape[0] * shape[1] * np.dtype(np.float32).itemsize
    with TemporaryFile(dir=folder) as file:
        # Claimed now: writing to a mapped file on a full disk would end the process.
        os.posix_fallocate(file.fileno(), 0, size)
        return np.memmap(file, np.float32, "r+", shape=shape)


def _stored(encoder: Encoder, wanted: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    stored = ProductEmbedding.objects.filter(fingerprint=encoder.fingerprint, product__is_active=True)
    fields = ("product_id", "image_vector", "text_vector", "content_hash")
    for start in range(0, len(wanted), BY_KEY):
        yield from stored.filter(product_id__in=wanted[start : start + BY_KEY]).values_list(*fields)
