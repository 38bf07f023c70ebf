"""Files of an index: saved, opened memory-mapped, and refused where they do not belong together."""

import shutil

import numpy as np
import pytest

from search.index import product_index
from search.index.lists import searching
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.index.validation import InvalidVectors
from tests.search.index.clusters import clustered, index_of, unit


@pytest.mark.parametrize("limit", [0, 20_000], ids=["ivf", "flat"])
def test_a_large_saved_index_opens_memory_mapped_and_answers_the_same(tmp_path, limit, monkeypatch):
    monkeypatch.setattr(product_index, "MAPPED_BYTES", 0)
    index = index_of(clustered(3000), exact_limit=limit)
    index.save(tmp_path)
    opened = ProductIndex.open(tmp_path, index.manifest)
    assert isinstance(opened.vectors, np.memmap)
    assert not opened.vectors.flags.writeable
    for query in index.vectors[:20]:
        assert opened.nearest(query, 25)[0].tolist() == index.nearest(query, 25)[0].tolist()
        assert opened.scan(query, floor=0.3)[0].tolist() == index.scan(query, floor=0.3)[0].tolist()


def test_a_disk_that_is_full_for_faiss_is_one_for_who_builds_the_index(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise RuntimeError("Error in write_index: 'ret == size' failed: 1 != 2 (No space left on device)")

    index = index_of(clustered(1000))
    monkeypatch.setattr(searching.faiss, "write_index", refuse)
    with pytest.raises(OSError, match=r"No space left on device: .*index\.faiss"):
        index.save(tmp_path)


@pytest.mark.parametrize("file", ["keys.npy", "vectors.npy", "index.faiss", "lists.npy"])
def test_a_file_of_a_version_with_other_products_does_not_open_with_the_rest(tmp_path, file):
    index = saved(tmp_path / "one", clustered(1000))
    saved(tmp_path / "other", clustered(900))
    ProductIndex.open(tmp_path / "one", index.manifest)
    shutil.copy(tmp_path / "other" / file, tmp_path / "one" / file)
    with pytest.raises(InvalidVectors, match="different numbers of products"):
        ProductIndex.open(tmp_path / "one", index.manifest)


@pytest.mark.parametrize("file", ["vectors.npy", "index.faiss"])
def test_a_file_of_a_version_by_another_encoder_does_not_open_with_the_rest(tmp_path, file):
    index = saved(tmp_path / "one", clustered(1000))
    saved(tmp_path / "other", unit(clustered(1000)[:, :12]))
    shutil.copy(tmp_path / "other" / file, tmp_path / "one" / file)
    with pytest.raises(InvalidVectors, match="different dimensions"):
        ProductIndex.open(tmp_path / "one", index.manifest)


def saved(folder, vectors):
    index = index_of(vectors, exact_limit=0)
    folder.mkdir()
    index.save(folder)
    return index


def test_a_manifest_reads_back_as_it_was_written():
    manifest = Manifest(version="a", files={"x": "1"}, canaries=({"row": 1},), details={"n": 2})
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "null",
        '{"version": "a", "fingerprint": "f", "kind": "flat"}',
        '{"version": "a", "fingerprint": "f", "kind": "flat", "files": {}, "surprise": 2}',
    ],
)
def test_a_manifest_of_another_program_is_refused(text):
    with pytest.raises(ValueError, match="not one of this program"):
        Manifest.from_json(text)


def test_a_truncated_manifest_is_refused():
    with pytest.raises(ValueError, match="property name enclosed in double quotes"):
        Manifest.from_json("{")
