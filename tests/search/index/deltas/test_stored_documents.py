"""Vectors of record for a base: read block by block into files without a name."""

import numpy as np
import pytest

from search.index.segments import stored_vectors
from search.index.segments.stored_vectors import StoredDocuments, StoredVectors
from search.models import ProductEmbedding

pytestmark = pytest.mark.django_db


def test_blocks_give_the_vectors_that_are_read_at_once(run, products, tiny_encoder, tmp_path, monkeypatch):
    run()
    keys = [each.pk for each in products]
    ProductEmbedding.objects.filter(product_id=keys[2]).update(image_vector=None)
    ProductEmbedding.objects.filter(product_id=keys[4]).delete()
    ProductEmbedding.objects.filter(product_id=keys[5]).update(text_vector=b"damaged")
    whole = StoredVectors.read(tiny_encoder, keys)
    monkeypatch.setattr(stored_vectors, "READ_AT_ONCE", 3)
    blocks = StoredDocuments.read(tiny_encoder, keys, tmp_path)
    assert blocks.keys.tolist() == whole.keys.tolist() == [*keys[:4], *keys[6:]]
    assert blocks.positions == whole.positions
    assert blocks.content_hashes == whole.content_hashes
    assert blocks.damaged == whole.damaged == [keys[5]]
    assert blocks.pictured.tolist() == whole.pictured.tolist()
    np.testing.assert_array_equal(blocks.images, whole.images)
    np.testing.assert_array_equal(blocks.vectors, whole.documents())


def test_they_are_mapped_and_leave_no_file_behind(run, products, tiny_encoder, tmp_path):
    run()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    stored = StoredDocuments.read(tiny_encoder, [each.pk for each in products], scratch)
    assert isinstance(stored.vectors, np.memmap)
    assert isinstance(stored.images, np.memmap)
    assert list(scratch.iterdir()) == []


def test_of_no_products_they_are_empty(tiny_encoder, tmp_path):
    stored = StoredDocuments.read(tiny_encoder, [], tmp_path)
    assert stored.vectors.shape == (0, tiny_encoder.dimension)
    assert len(stored.keys) == 0
