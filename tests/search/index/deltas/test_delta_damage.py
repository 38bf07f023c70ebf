"""Damage to a base or a delta, copies instead of links, earlier versions: what serves is whole."""

import os

import numpy as np
import pytest

from search.index.segments.opening import segments_of
from search.models import ProductEmbedding
from tests.search.index.deltas.changing import change
from tests.search.index.published import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deltas")]


@pytest.fixture
def no_links(monkeypatch):
    """A file system without hard links."""

    def refuse(*arguments):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("search.index.segments.delta.os.link", refuse)


def test_without_hard_links_the_files_are_copied(run, products, store, no_links):
    run()
    change(products[3], title="blue shoes")
    assert run().version
    assert len(fresh(store).current()) == 9


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        # A letter of a word, the syntax, the end of a file, the header of an array.
        ("lexical/words.json", lambda content: content.replace(b"red", b"ref")),
        ("lexical/words.json", lambda content: content.replace(b'"', b"#", 1)),
        ("lexical/words.json", lambda content: content[: len(content) // 2]),
        ("lexical/written.npy", lambda content: b"#" + content[1:]),
        ("digests.npy", lambda content: b"#" + content[1:]),
    ],
)
def test_a_copy_of_a_damaged_file_is_no_new_version_and_the_base_is_built_again(
    run, products, store, no_links, name, damage
):
    base = run().version
    file = store.root / "versions" / base / name
    status, content = file.stat(), file.read_bytes()
    file.write_bytes(damage(content))
    assert file.read_bytes() != content
    # As a failing disk does it, which changes no time.
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    change(products[3], title="blue shoes")
    version = run().version
    reader = fresh(store)
    assert list(segments_of(reader.current())) == [version]
    assert reader.problem is None


def test_damaged_vectors_of_a_changed_product_are_made_again(run, products, store):
    run()
    change(products[2], description="with a zebra")
    ProductEmbedding.objects.filter(product=products[2]).update(text_vector=b"\xff" * 32)
    run()
    index = fresh(store).current()
    assert index.keys[-1] == products[2].pk
    assert abs(float(np.linalg.norm(index.vectors[8])) - 1.0) < 1e-3


@pytest.mark.parametrize("damaged", ["vectors.npy", "keys.npy", "lexical/counts.npy", "digests.npy"])
def test_with_a_damaged_delta_the_version_before_goes_on_serving(run, products, store, damaged):
    base = run().version
    change(products[3], title="blue shoes")
    version = run().version
    (file,) = (store.root / "versions" / version / "deltas").glob(f"*/{damaged}")
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    reader = fresh(store)
    assert reader.current().manifest.version == base
    assert version in reader.problem
    assert "manage.py reindex --force" in reader.problem


def test_damaged_tombstones_are_found(run, products, store):
    base = run().version
    change(products[3], title="blue shoes")
    version = run().version
    (store.root / "versions" / version / "tombstones.npz").write_bytes(b"")
    assert fresh(store).current().manifest.version == base


def test_a_version_without_digests_is_served_and_followed_by_a_new_base(run, products, store, monkeypatch):
    monkeypatch.setattr("search.index.plan.BUILD_VERSION", 2)
    monkeypatch.setattr("search.index.segments.base.row_files", lambda digests, pictured: {})
    old = run().version
    monkeypatch.undo()
    assert fresh(store).current().manifest.version == old
    assert list(segments_of(fresh(store).current())) == [old]
    monkeypatch.setattr("search.index.plan.BUILD_VERSION", 4)
    change(products[3], title="blue shoes")
    version = run().version
    assert list(segments_of(fresh(store).current())) == [version]


def test_a_kept_version_can_be_returned_to(run, products, store):
    base = run().version
    change(products[3], title="blue shoes")
    run()
    (store.root / "CURRENT").write_text(base + "\n")
    reader = fresh(store)
    assert reader.current().manifest.version == base
    assert reader.problem is None
    # The next run publishes what is newer than the version that serves.
    run()
    assert fresh(store).current().keys[-1] == products[3].pk


def test_the_base_before_is_kept_for_the_case_that_the_shared_one_is_damaged(run, products, store):
    first = run().version
    run(force=True)
    for number in range(5):
        change(products[3], title=f"blue shoes {number}")
        run()
    assert first in store.versions()
    version = store.pointed()
    (store.root / "versions" / version / "vectors.npy").write_bytes(b"")
    reader = fresh(store)
    assert reader.current().manifest.version == first
    assert version in reader.problem


def test_a_base_that_was_cut_while_it_is_mapped_is_noticed_at_once(run, products, store, monkeypatch):
    monkeypatch.setattr("search.index.product_index.MAPPED_BYTES", 0)
    first = run().version
    run(force=True)
    change(products[3], title="blue shoes")
    version = run().version
    reader = fresh(store)
    assert reader.current().manifest.version == version
    os.truncate(store.root / "versions" / version / "vectors.npy", 100)
    assert reader.current().manifest.version == first
