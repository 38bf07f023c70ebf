"""Files of a version that change under a process that serves it, and stored vectors that are no vectors."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from search.index import product_index
from search.index.store import CHECK_SECONDS, IndexMissing, IndexStore
from search.models import ProductEmbedding
from search.vectors import from_bytes
from tests.search.index.published import flip_a_bit, fresh, publish

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("search.index.store.time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def zeroed(path):
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))


def cut(path):
    os.truncate(path, 100)


def answers(index):
    rows, similarities = index.nearest(np.array(index.vectors[5]), 3)
    return rows[0] == 5 and similarities[0] > 0.99


@pytest.mark.parametrize("damage", [zeroed, cut, flip_a_bit])
@pytest.mark.parametrize("file", ["vectors.npy", "index.faiss", "keys.npy"])
def test_a_version_in_memory_answers_although_its_files_change(store, clock, file, damage):
    name = publish(store, 1)
    reader = fresh(store)
    held = reader.current()
    damage(store.root / "versions" / name / file)
    assert answers(reader.current())
    clock.now += CHECK_SECONDS + 0.1
    assert reader.current() is held
    assert answers(held)
    assert file in reader.problem
    assert "in memory" in reader.problem


def test_zeroed_vectors_are_found_when_the_version_is_opened(store):
    name = publish(store, 1)
    zeroed(store.root / "versions" / name / "vectors.npy")
    with pytest.raises(IndexMissing, match=r"vectors\.npy"):
        fresh(store).current()


@pytest.fixture
def mapped(monkeypatch):
    monkeypatch.setattr(product_index, "MAPPED_BYTES", 0)


@pytest.mark.usefixtures("mapped")
def test_a_mapped_file_that_was_cut_is_noticed_at_once_and_the_version_before_answers(store, clock):
    good, bad = publish(store, 1), publish(store, 2)
    reader = fresh(store)
    assert reader.current().manifest.version == bad
    cut(store.root / "versions" / bad / "vectors.npy")
    assert reader.current().manifest.version == good
    assert bad in reader.problem


@pytest.mark.usefixtures("mapped")
def test_without_another_version_a_mapped_file_that_was_cut_is_no_index(store, clock):
    name = publish(store, 1)
    reader = fresh(store)
    reader.current()
    cut(store.root / "versions" / name / "index.faiss")
    for _request in range(2):
        with pytest.raises(IndexMissing):
            reader.current()


@pytest.mark.usefixtures("mapped")
def test_mapped_vectors_that_were_zeroed_are_noticed_with_the_next_look(store, clock):
    good, bad = publish(store, 1), publish(store, 2)
    reader = fresh(store)
    reader.current()
    zeroed(store.root / "versions" / bad / "vectors.npy")
    clock.now += CHECK_SECONDS + 0.1
    assert reader.current().manifest.version == good


SEARCHES = """
import os, sys, numpy as np
from pathlib import Path
import django; django.setup()
from search.index.store import IndexStore
store = IndexStore(Path(sys.argv[1]))
index = store.current()
for file in Path(sys.argv[1]).glob("versions/*/*"):
    os.truncate(file, 50)
print(store.current().nearest(np.array(index.vectors[5]), 3)[0][0])
"""


@pytest.mark.slow
def test_a_process_that_serves_outlives_its_files(store):
    publish(store, 1)
    command = [sys.executable, "-c", textwrap.dedent(SEARCHES), str(store.root)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "5"


def unreadable(path):
    raise PermissionError(13, "Permission denied", str(path))


def test_an_unreadable_folder_is_no_index_and_names_the_remedy(store, monkeypatch):
    publish(store, 1)
    monkeypatch.setattr("search.index.version_folder.os.listdir", unreadable)
    with pytest.raises(IndexMissing, match="Permission denied") as missing:
        fresh(store).current()
    assert missing.value.command == "manage.py doctor"
    assert str(store.root) not in missing.value.reason


def test_a_file_in_place_of_the_folder_is_no_index(tmp_path):
    (tmp_path / "versions").write_text("")
    with pytest.raises(IndexMissing, match="cannot be read"):
        IndexStore(tmp_path).current()


def test_a_process_that_serves_goes_on_when_the_folder_becomes_unreadable(store, clock, monkeypatch):
    publish(store, 1)
    held = store.current()
    monkeypatch.setattr("search.index.version_folder.os.listdir", unreadable)
    monkeypatch.setattr("search.index.version_folder._stamp", lambda path: None)
    clock.now += CHECK_SECONDS + 0.1
    assert store.current() is held
    assert "Permission denied" in store.problem


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [bytes(32), b"\xff" * 32, bytes(5), b"", np.full(8, 0.9, "<f4").tobytes()]
)
@pytest.mark.parametrize("field", ["text_vector", "image_vector"])
def test_stored_vectors_that_are_damaged_are_made_again(products, run, store, field, content):
    run()
    before = dict(ProductEmbedding.objects.values_list("product_id", field))
    ProductEmbedding.objects.filter(product=products[2]).update(**{field: content})
    run(force=True)
    store.expire()
    assert len(store.current()) == len(products)
    after = dict(ProductEmbedding.objects.values_list("product_id", field))
    made, known = (from_bytes(rows[products[2].pk]) for rows in (after, before))
    np.testing.assert_allclose(made, known, atol=1e-5)
