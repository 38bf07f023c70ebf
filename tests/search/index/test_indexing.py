"""``reindex``: what is embedded, what is published, and what is kept when it stops half-way."""

import json
from datetime import timedelta

import numpy as np
import pytest

from catalog.locking import AlreadyRunning
from catalog.models import Product
from search.encoding import embedding
from search.encoding.errors import EncoderError
from search.index.reindex import NothingToIndex
from search.index.store import IndexStore
from search.lexical.bm25 import LexicalIndex
from search.models import ProductEmbedding
from tests.factories import NOW, ProductFactory, ProductImageFactory

pytestmark = pytest.mark.django_db


def test_it_embeds_every_product_and_publishes(run, products, store, tiny_encoder):
    report = run()
    index = store.current()
    assert (report.products, report.embedded, report.version) == (8, 8, index.manifest.version)
    assert index.keys.tolist() == [product.pk for product in products]
    assert index.manifest.fingerprint == tiny_encoder.fingerprint
    assert index.manifest.generation == NOW.isoformat()


def test_each_vector_is_the_mix_of_picture_and_text(run, products, store, settings, tiny_encoder):
    settings.DOCUMENT_IMAGE_SHARE = 0.3
    run()
    stored = ProductEmbedding.objects.get(product=products[0])
    image, text = np.frombuffer(stored.image_vector, "<f4"), np.frombuffer(stored.text_vector, "<f4")
    mixed = 0.3 * image + 0.7 * text
    assert store.current().vectors[0] == pytest.approx(mixed / np.linalg.norm(mixed), abs=1e-5)
    assert image == pytest.approx(tiny_encoder.encode_images([products[0].cover.open()])[0], abs=1e-5)


def test_a_second_run_embeds_nothing_and_publishes_nothing(run, products, store):
    version = run().version
    report = run(now=NOW + timedelta(hours=1))
    assert (report.embedded, report.version) == (0, None)
    assert str(report).startswith("Nothing changed: 0 of 8 products embedded")
    assert store.versions() == [version]


def test_force_publishes_again_without_embedding(run, products):
    first = run().version
    report = run(force=True)
    assert report.embedded == 0
    assert report.version > first


def test_full_embeds_everything_again(run, products):
    run()
    report = run(full=True)
    assert report.embedded == 8
    assert report.version


def test_only_a_product_whose_text_changed_is_embedded_again(run, products):
    run()
    Product.objects.filter(pk=products[3].pk).update(title="blue shoes")
    report = run()
    assert report.embedded == 1
    assert report.version


def test_only_a_product_whose_picture_changed_is_embedded_again(run, products):
    run()
    before = bytes(ProductEmbedding.objects.get(product=products[3]).image_vector)
    products[3].images.all().delete()
    ProductImageFactory(product=products[3], kept=True, colour="green")
    assert run().embedded == 1
    assert bytes(ProductEmbedding.objects.get(product=products[3]).image_vector) != before


def test_a_new_price_embeds_nothing_and_publishes_nothing(run, products):
    run()
    Product.objects.update(price=5, in_stock=False, content_hash="other", updated_at=NOW)
    report = run()
    assert (report.embedded, report.version) == (0, None)


def test_a_new_description_publishes_for_the_lexical_index_without_embedding(run, products, store):
    run()
    Product.objects.filter(pk=products[2].pk).update(description="with a zebra")
    report = run()
    assert (report.embedded, bool(report.version)) == (0, True)
    rows, _relevance = LexicalIndex.load(store.current().folder).scores("zebra")
    assert rows.tolist() == [2]


def test_a_deactivated_product_leaves_the_index_and_returns_without_embedding(run, products, store):
    run()
    Product.objects.filter(pk=products[0].pk).update(is_active=False)
    assert run().version
    assert products[0].pk not in store.current().keys
    Product.objects.filter(pk=products[0].pk).update(is_active=True)
    assert run().embedded == 0
    store.expire()
    assert products[0].pk in store.current().keys


def test_another_share_of_the_picture_publishes_without_embedding(run, products, settings):
    run()
    settings.DOCUMENT_IMAGE_SHARE = 0.9
    report = run()
    assert (report.embedded, bool(report.version)) == (0, True)


def test_another_encoder_embeds_everything_and_the_way_back_is_free(run, products, store, other_encoder):
    first = run()
    report = run(encoder=other_encoder)
    assert (report.embedded, report.version > first.version) == (8, True)
    assert store.current().manifest.fingerprint == other_encoder.fingerprint
    assert run().embedded == 0


def test_a_product_without_a_picture_has_the_vector_of_its_text(run, products, store, tiny_encoder):
    ProductFactory(title="bag")
    report = run()
    assert report.without_picture == 1
    assert store.current().vectors[8] == pytest.approx(
        tiny_encoder.encode_text(["bag, Blue Dresses, Women, Fern"])[0], abs=1e-5
    )


def test_a_lost_picture_is_reported_and_tried_again_until_it_is_there(run, products, media):
    lost = ProductImageFactory(product=ProductFactory(title="bag"), colour="black")
    report = run()
    assert (report.embedded, report.unreadable, report.without_picture) == (9, 1, 1)
    assert "1 with an unreadable picture" in str(report)
    lost.delete()
    ProductImageFactory(product=lost.product, kept=True, colour="black")
    report = run()
    assert (report.embedded, report.unreadable, report.without_picture) == (1, 0, 0)


def test_calibration_and_lexical_index_are_part_of_the_version(run, products, store):
    run()
    folder = store.current().folder
    assert set(json.loads((folder / "calibration.json").read_text())) == {"image", "text"}
    assert LexicalIndex.load(folder).size == 8


def test_a_stopped_run_keeps_what_it_did_and_the_next_one_continues(run, products, store, monkeypatch):
    monkeypatch.setattr("search.encoding.embedding.BATCH", 2)
    calls = []
    report = run(should_stop=lambda: bool(calls), progress=lambda done, total: calls.append((done, total)))
    assert report.stopped
    assert report.version is None
    assert 2 <= report.embedded < 8
    assert calls[0] == (2, 8)
    assert ProductEmbedding.objects.count() == report.embedded
    assert store.versions() == []
    rest = run()
    assert (rest.embedded, rest.stopped) == (8 - report.embedded, False)
    assert len(store.current()) == 8


def test_an_encoder_that_fails_half_way_keeps_what_was_done(run, products, tiny_encoder, monkeypatch):
    monkeypatch.setattr("search.encoding.embedding.BATCH", 2)
    encode, calls = tiny_encoder.encode_text, []

    def fail_later(texts):
        calls.append(texts)
        if len(calls) > 3:
            raise EncoderError("its weights are damaged")
        return encode(texts)

    monkeypatch.setattr(tiny_encoder, "encode_text", fail_later)
    with pytest.raises(EncoderError):
        run()
    assert 0 < ProductEmbedding.objects.count() < 8
    monkeypatch.undo()
    assert run().version


@pytest.mark.django_db(transaction=True)
def test_a_product_that_is_deleted_while_it_is_embedded_is_left_out(run, products, store, monkeypatch):
    embedded = embedding.embedded

    def deleted_before_they_are_stored(*arguments):
        for rows in embedded(*arguments):
            Product.objects.filter(pk=products[0].pk).delete()
            yield rows

    monkeypatch.setattr(embedding, "embedded", deleted_before_they_are_stored)
    run()
    assert store.current().keys.tolist() == [product.pk for product in products[1:]]
    assert ProductEmbedding.objects.count() == len(products) - 1


def test_progress_counts_to_the_end(run, products):
    calls = []
    run(progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (8, 8)


def test_a_damaged_version_is_replaced_though_nothing_changed(run, products, store):
    bad = run().version
    (store.root / "versions" / bad / "vectors.npy").write_bytes(b"")
    report = run()
    assert (report.embedded, report.version > bad) == (0, True)
    assert IndexStore(store.root).current().manifest.version == report.version


def test_an_empty_shop_is_told_to_sync_first(run):
    with pytest.raises(NothingToIndex, match=r"manage\.py sync"):
        run()


def test_a_shop_that_lost_all_products_gets_an_empty_index(run, products, store):
    run()
    Product.objects.update(is_active=False)
    assert run().version
    index = store.current()
    assert len(index) == 0
    assert len(index.nearest(np.eye(8, dtype=np.float32)[0], 5)[0]) == 0


def test_a_shop_of_one_product_without_category_gets_an_index(run, store, media):
    ProductFactory(category="", colour="", category_path="")
    assert run().version
    assert len(store.current()) == 1


def test_a_second_run_at_the_same_time_is_refused(run, products, store):
    with IndexStore(store.root).writing(NOW), pytest.raises(AlreadyRunning, match="since 12:00:00"):
        run()


def test_planning_takes_the_same_number_of_queries_for_any_number_of_products(
    run, products, django_assert_max_num_queries
):
    run()
    with django_assert_max_num_queries(8):
        run()
