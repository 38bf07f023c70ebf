"""A new base is built aside: changes go on meanwhile, and whatever stops it leaves the index as it was."""

import pytest

from catalog.locking import AlreadyRunning
from catalog.models import Product
from search.index.segments import merging
from search.index.segments.merging import merge
from search.index.segments.opening import segments_of
from search.index.store import IndexStore
from tests.factories import NOW
from tests.search.index.deltas.changing import answers, assert_equal, change, shop, step
from tests.search.index.published import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deltas")]


@pytest.fixture
def grown(run, media, store):
    """A shop with a base and deltas; returns its random generator."""
    generator = shop(7)
    run()
    for _publication in range(3):
        step(generator)
        step(generator)
        run()
    return generator


@pytest.fixture
def while_building(monkeypatch):
    """Calls what it is given just before the new base is finished."""

    def call(act):
        build = merging.build_base

        def built(*arguments):
            result = build(*arguments)
            act()
            return result

        monkeypatch.setattr(merging, "build_base", built)

    return call


def test_a_merge_makes_one_base_that_answers_the_same(grown, run, store, tiny_encoder):
    before = answers(fresh(store).current())
    report = merge(tiny_encoder, store, NOW)
    index = fresh(store).current()
    assert list(segments_of(index)) == [report.version]
    assert_equal(answers(index), before)
    assert run().version is None


def test_what_is_published_while_it_builds_stays_in_service(
    grown, run, store, tiny_encoder, tmp_path, while_building
):
    def go_on():
        for _publication in range(2):
            step(grown)
            run(store=IndexStore(store.root))

    while_building(go_on)
    assert merge(tiny_encoder, store, NOW).version
    other = IndexStore(tmp_path / "fresh")
    run(store=other)
    assert_equal(answers(fresh(store).current()), answers(other.current()))
    assert len(segments_of(fresh(store).current())) <= 2
    assert run().version is None


def test_a_base_that_another_run_built_meanwhile_wins(grown, run, store, tiny_encoder, while_building):
    forced = []
    while_building(lambda: forced.append(run(store=IndexStore(store.root), force=True).version))
    report = merge(tiny_encoder, store, NOW)
    assert report.version is None
    assert "given up" in str(report)
    assert fresh(store).current().manifest.version == forced[0]


def test_a_merge_that_is_stopped_publishes_nothing(grown, store, tiny_encoder):
    before = store.pointed()
    calls = []

    def stop():
        calls.append(1)
        return len(calls) > 2

    assert merge(tiny_encoder, store, NOW, stop).version is None
    assert store.pointed() == before
    assert not list(store.root.glob("merging-*"))


def test_of_two_merges_at_once_the_second_is_refused(grown, store, tiny_encoder):
    with IndexStore(store.root).merging(NOW), pytest.raises(AlreadyRunning):
        merge(tiny_encoder, store, NOW)


def test_a_merge_waits_for_the_writer(grown, store, tiny_encoder, monkeypatch, while_building):
    writer = IndexStore(store.root).writing(NOW)
    while_building(writer.__enter__)
    waits = []

    def wait(seconds):
        waits.append(seconds)
        writer.__exit__(None, None, None)

    monkeypatch.setattr(merging.time, "sleep", wait)
    assert merge(tiny_encoder, store, NOW).version
    assert len(waits) == 1


def test_what_a_killed_merge_left_is_deleted_by_the_next_one(grown, store, tiny_encoder):
    (store.root / "merging-abc").mkdir()
    (store.root / "merging-abc" / "vectors.npy").write_bytes(b"half")
    merge(tiny_encoder, store, NOW)
    assert not list(store.root.glob("merging-*"))


def test_a_product_that_changed_before_its_run_is_embedded_by_the_merge(grown, store, tiny_encoder):
    product = Product.objects.active().first()
    change(product, title="striped linen bag")
    merge(tiny_encoder, store, NOW)
    assert product.pk in fresh(store).current().keys
