"""Versions of a base and deltas: they answer as a fresh build, and a change costs what changed."""

import pytest

from catalog.models import Product
from search.index.segments.opening import segments_of
from search.index.segments.update import is_merge_due
from search.index.store import IndexStore
from tests.examples import examples
from tests.factories import NOW, ProductFactory, ProductImageFactory
from tests.search.index.deltas.changing import added, answers, assert_equal, change, shop, step
from tests.search.index.published import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deltas")]


@pytest.mark.parametrize("seed", range(examples(8)))
def test_base_and_deltas_answer_as_a_fresh_build(run, media, store, tmp_path, seed):
    generator = shop(seed)
    run()
    for _publication in range(6):
        for _change in range(generator.randrange(1, 4)):
            step(generator)
        run()
        other = IndexStore(tmp_path / f"fresh-{_publication}")
        run(store=other)
        index = fresh(store).current()
        assert_equal(answers(index), answers(other.current()))
        assert index.manifest.count == len(other.current()) == Product.objects.active().count()


def test_a_change_is_a_delta_beside_the_same_base(run, products, store):
    base = run().version
    change(products[3], title="blue shoes")
    report = run()
    index = store.current()
    assert (report.embedded, report.products) == (1, 8)
    assert [len(each) for each in segments_of(index).values()] == [8, 1]
    assert next(iter(segments_of(index))) == base
    assert sorted(index.keys[index.keys >= 0].tolist()) == [product.pk for product in products]


def test_the_files_of_the_base_are_on_the_disk_once(run, products, store):
    base = run().version
    change(products[3], title="blue shoes")
    version = run().version
    versions = store.root / "versions"
    assert (versions / base / "vectors.npy").samefile(versions / version / "vectors.npy")


def test_a_serving_process_keeps_the_base_that_it_has_opened(run, products, store):
    base = run().version
    reader = fresh(store)
    opened = reader.current()
    change(products[3], title="blue shoes")
    run()
    reader.expire()
    assert segments_of(reader.current())[base] is opened


def test_a_price_publishes_nothing_and_is_looked_at_once(run, products, django_assert_max_num_queries):
    run()
    change(products[2], price=5)
    assert run().version is None
    with django_assert_max_num_queries(3):
        assert run().version is None


def test_a_product_that_leaves_is_a_tombstone_and_returns_without_embedding(run, products, store):
    run()
    Product.objects.filter(pk=products[0].pk).deactivate(NOW)
    assert run().version
    assert products[0].pk not in fresh(store).current().keys
    Product.objects.filter(pk=products[0].pk).activate(NOW)
    assert run().embedded == 0
    assert products[0].pk in fresh(store).current().keys


def test_a_product_that_was_deleted_without_a_trace_leaves_the_index(run, products, store):
    run()
    Product.objects.filter(pk=products[0].pk).delete()
    assert run().version
    assert products[0].pk not in fresh(store).current().keys


def test_a_catalogue_restored_from_an_older_backup_is_looked_at_whole(run, products, store, tmp_path):
    before = dict(Product.objects.values_list("pk", "updated_at"))
    run()
    change(products[0], title="striped bag")
    change(products[1], title="blue shoes")
    run()
    # The backup has neither the second change nor the title of the first.
    Product.objects.filter(pk=products[0].pk).update(title="red shirt 0", updated_at=before[products[0].pk])
    Product.objects.filter(pk=products[1].pk).update(title="blue shirt 1", updated_at=before[products[1].pk])
    run()
    other = IndexStore(tmp_path / "fresh")
    run(store=other)
    assert_equal(answers(fresh(store).current()), answers(other.current()))


def test_small_deltas_are_folded_into_the_next_one(run, products, store):
    run()
    for number in range(12):
        change(products[number % 8], title=f"linen shirt {number}")
        run()
    sizes = [len(each) for each in segments_of(fresh(store).current()).values()]
    assert len(sizes) <= 5
    assert sum(sizes[1:]) < 24


def test_as_much_as_the_share_of_the_base_builds_a_new_base(run, products, store, settings):
    settings.INDEX_DELTA_SHARE = 0.25
    run()
    for product in products[:3]:
        change(product, title="striped bag")
    version = run().version
    assert list(segments_of(store.current())) == [version]


def test_a_merge_is_due_once_the_deltas_pass_the_share(run, products, store, settings):
    settings.INDEX_DELTA_SHARE = 0.25
    run()
    for number, product in enumerate(products[:3]):
        assert not is_merge_due(fresh(store).current())
        change(product, title=f"striped bag {number}")
        run()
    assert is_merge_due(fresh(store).current())


def test_force_and_full_make_a_fresh_base(run, products, store):
    run()
    change(products[0], title="striped bag")
    run()
    for option in ({"force": True}, {"full": True}):
        version = run(**option).version
        assert list(segments_of(fresh(store).current())) == [version]


def test_a_lost_picture_is_tried_again_although_nothing_changed(run, products, media):
    run()
    lost = ProductImageFactory(product=added_bag(), colour="black")
    assert run().unreadable == 1
    report = run()
    assert (report.unreadable, report.version) == (1, None)
    lost.delete()
    ProductImageFactory(product=lost.product, kept=True, colour="black")
    report = run()
    assert (report.embedded, report.unreadable, report.without_picture) == (1, 0, 0)
    assert report.version


def added_bag():
    return ProductFactory(title="bag", updated_at=Product.objects.next_generation(NOW))


def test_another_encoder_or_share_builds_a_new_base(run, products, store, other_encoder, settings):
    run()
    settings.DOCUMENT_IMAGE_SHARE = 0.2
    version = run().version
    assert list(segments_of(store.current())) == [version]
    version = run(encoder=other_encoder).version
    store.expire()
    assert list(segments_of(store.current())) == [version]


def test_a_stopped_update_leaves_the_version_in_service(run, products, store):
    version = run().version
    added_bag()
    report = run(should_stop=lambda: True)
    assert (report.stopped, report.version) == (True, None)
    assert fresh(store).current().manifest.version == version


def test_new_products_of_an_empty_base_are_found(run, media, store):
    product = added(shop(1, count=1))
    run()
    assert product.pk in fresh(store).current().keys
