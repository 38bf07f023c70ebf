"""A worker's batch: stored once, for its own run, by the same encoder, and only where it is whole."""

import uuid

import pytest

from catalog.models import Product, ProductImage
from catalog.pictures.derivatives import embedding_name
from search.encoding import embedding
from search.encoding.errors import EncoderError
from search.encoding.parallel import batches
from search.encoding.parallel.worker import help_with
from search.models import EmbeddingBatch, ProductEmbedding
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def states(run):
    return list(EmbeddingBatch.objects.filter(run=run).order_by("pk").values_list("state", flat=True))


def vectors(encoder, batch):
    return next(embedding.embedded(encoder, [embedding.read(batch.keys)], NOW))


def lose_pictures(media, keys):
    for content_hash in ProductImage.objects.filter(product__in=keys).values_list("content_hash", flat=True):
        (media / embedding_name(content_hash)).unlink(missing_ok=True)


def test_it_embeds_one_batch_and_may_ask_for_the_next(new_run, help_once, keys):
    assert help_once(new_run)
    assert states(new_run) == ["done", "waiting", "waiting", "waiting"]
    assert set(ProductEmbedding.objects.values_list("product_id", flat=True)) == set(keys[:2])


def test_it_asks_for_no_more_where_nothing_waits(new_run, help_once):
    assert [help_once(new_run) for _batch in range(5)] == [True] * 4 + [False]


def test_a_run_that_ended_costs_not_even_the_encoder():
    assert not help_with(uuid.uuid4(), lambda: pytest.fail("The encoder was loaded."))


def test_another_encoder_embeds_nothing(new_run, other_encoder, caplog):
    assert not help_with(new_run, lambda: other_encoder)
    assert states(new_run) == ["waiting"] * 4
    assert not ProductEmbedding.objects.exists()
    assert "CLIP_MODEL" in caplog.text


def test_a_batch_is_taken_by_one_process_at_a_time(new_run):
    taken = [batches.take(new_run).pk for _batch in range(4)]
    assert len(set(taken)) == 4
    assert batches.take(new_run) is None


def test_a_process_that_was_faster_keeps_its_batch(new_run, monkeypatch):
    first = EmbeddingBatch.objects.order_by("pk").first()
    found = iter([first, first])
    # Both have read the same row before either has taken it.
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda self: next(found, None))
    assert batches.take(new_run).pk == first.pk
    assert batches.take(new_run) is None


def test_the_second_of_two_that_embedded_a_batch_stores_nothing(new_run, tiny_encoder):
    batch = batches.take(new_run)
    outdated = vectors(tiny_encoder, batch)
    Product.objects.filter(pk__in=batch.keys).update(title="blue boots")
    current = vectors(tiny_encoder, batch)
    assert batches.finish(batch, current, by_worker=False)
    assert not batches.finish(batch, outdated, by_worker=True)
    stored = ProductEmbedding.objects.values_list("content_hash", flat=True)
    assert set(stored) == {row.embedding.content_hash for row in current}
    assert batches.counts(new_run).by_workers == 0


@pytest.mark.django_db(transaction=True)
def test_of_a_batch_whose_product_was_deleted_the_others_are_stored(new_run, tiny_encoder):
    batch = batches.take(new_run)
    rows = vectors(tiny_encoder, batch)
    Product.objects.filter(pk=batch.keys[0]).delete()
    assert batches.finish(batch, rows, by_worker=True)
    assert list(ProductEmbedding.objects.values_list("product_id", flat=True)) == batch.keys[1:]
    assert batches.counts(new_run).by_workers == len(batch.keys) - 1


def test_what_comes_after_the_end_of_its_run_is_not_stored(new_run, tiny_encoder):
    batch = batches.take(new_run)
    rows = vectors(tiny_encoder, batch)
    batches.close(new_run)
    assert not batches.finish(batch, rows, by_worker=True)
    assert not ProductEmbedding.objects.exists()


def test_two_runs_keep_to_their_own_batches(new_run, tiny_encoder, keys, help_once):
    other = batches.prepare(tiny_encoder.fingerprint, keys, NOW)
    help_once(other)
    assert states(new_run) == ["waiting"] * 4
    batches.close(new_run)
    assert states(other) == ["done", "waiting", "waiting", "waiting"]


def test_one_without_pictures_leaves_its_batch_to_the_run_and_stops(new_run, help_once, media, keys):
    lose_pictures(media, keys)
    assert not help_once(new_run)
    assert states(new_run) == ["left", "waiting", "waiting", "waiting"]
    assert not ProductEmbedding.objects.exists()


def test_a_lost_picture_is_for_the_run_to_judge(new_run, help_once, media, keys):
    lose_pictures(media, keys[:1])
    assert help_once(new_run)
    assert states(new_run) == ["left", "waiting", "waiting", "waiting"]


def test_the_run_stores_a_product_whose_picture_is_lost(keys, embed, help_once, meanwhile, media):
    lose_pictures(media, keys[:1])
    meanwhile(help_once)
    result = embed(keys)
    # Another product has the same picture.
    assert (result.embedded, result.unreadable) == (8, 2)


def test_an_error_of_the_encoder_leaves_the_batch_to_the_run(new_run, help_once, tiny_encoder, monkeypatch):
    def fail(texts):
        raise EncoderError("its weights are damaged")

    monkeypatch.setattr(tiny_encoder, "encode_text", fail)
    with pytest.raises(EncoderError):
        help_once(new_run)
    assert states(new_run) == ["left", "waiting", "waiting", "waiting"]
