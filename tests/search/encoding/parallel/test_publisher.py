"""The run that publishes: with workers, without, and with workers that die."""

import pytest
from redis.exceptions import ConnectionError as RedisAway

from catalog.models import Product
from search import tasks
from search.encoding import embedding
from search.encoding.embedding import embed_products
from search.encoding.errors import EncoderError
from search.encoding.parallel import batches, publisher
from search.index.reindex import reindex
from search.index.store import IndexStore
from search.models import EmbeddingBatch, ProductEmbedding
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def records():
    """All vectors of record, and what else is stored of them."""
    fields = ("product_id", "fingerprint", "content_hash", "image_vector", "text_vector", "updated_at")
    return sorted(
        (key, *map(bytes_or_same, rest)) for key, *rest in ProductEmbedding.objects.values_list(*fields)
    )


def bytes_or_same(value):
    return bytes(value) if isinstance(value, memoryview) else value


def taken(run):
    """A worker takes a batch, and nothing more is heard of it."""
    return batches.take(run)


def test_vectors_are_those_of_one_process_to_the_last_bit(keys, embed, help_once, meanwhile, tiny_encoder):
    embed_products(tiny_encoder, keys, NOW, None, None)
    alone = records()
    ProductEmbedding.objects.all().delete()
    meanwhile(lambda run: [help_once(run) for _batch in range(2)])
    result = embed(keys)
    assert records() == alone
    assert (result.embedded, result.by_workers) == (8, 4)


def test_the_published_index_is_that_of_one_process(keys, help_once, meanwhile, tiny_encoder, tmp_path):
    stores = IndexStore(tmp_path / "alone"), IndexStore(tmp_path / "shared")
    reindex(encoder=tiny_encoder, store=stores[0], now=NOW)
    ProductEmbedding.objects.all().delete()
    meanwhile(help_once)
    report = reindex(encoder=tiny_encoder, store=stores[1], now=NOW, embed=publisher.embed_with_workers)
    alone, shared = (store.current() for store in stores)
    assert alone.vectors.tobytes() == shared.vectors.tobytes()
    assert alone.manifest.details["digest"] == shared.manifest.details["digest"]
    assert "8 of 8 products embedded (2 by workers)" in str(report)


def test_without_a_worker_it_embeds_everything_and_waits_for_nobody(keys, embed, meanwhile, monkeypatch):
    meanwhile(lambda run: None)
    monkeypatch.setattr(publisher.time, "sleep", lambda seconds: pytest.fail("It waited."))
    result = embed(keys)
    assert (result.embedded, result.by_workers, result.stopped) == (8, 0, False)


def test_a_batch_whose_worker_died_is_embedded_by_the_run(keys, embed, meanwhile, monkeypatch):
    monkeypatch.setattr(publisher, "PATIENCE_S", 0.0)
    meanwhile(lambda run: [taken(run) for _batch in range(3)])
    assert embed(keys).embedded == 8
    assert ProductEmbedding.objects.count() == 8


def test_a_worker_that_is_at_it_is_waited_for(keys, embed, help_once, meanwhile, monkeypatch, tiny_encoder):
    slow = []
    meanwhile(lambda run: slow.append(taken(run)))

    def worker_ends(seconds):
        rows = next(embedding.embedded(tiny_encoder, [embedding.read(slow[0].keys)], NOW))
        batches.finish(slow[0], rows, by_worker=True)

    monkeypatch.setattr(publisher.time, "sleep", worker_ends)
    result = embed(keys)
    assert (result.embedded, result.by_workers) == (8, 2)


def test_patience_is_renewed_by_each_batch_of_a_worker(keys, embed, meanwhile, monkeypatch):
    clock, left = [0.0], []
    monkeypatch.setattr(publisher.time, "monotonic", lambda: clock[0])
    meanwhile(lambda run: left.extend(taken(run) for _batch in range(4)))
    waits = []

    def half_of_patience(seconds):
        clock[0] += publisher.PATIENCE_S / 2
        waits.append(clock[0])
        if len(waits) == 1:
            EmbeddingBatch.objects.filter(pk=left[0].pk).update(state="done", embedded=2, by_worker=True)

    monkeypatch.setattr(publisher.time, "sleep", half_of_patience)
    assert embed(keys).embedded == 8
    # Half of it until the batch was done, then all of it once for the three others together.
    assert len(waits) == 3


def test_a_stopped_run_counts_what_workers_did_and_leaves_no_batch(keys, embed, help_once, meanwhile):
    meanwhile(help_once)
    result = embed(keys, should_stop=lambda: True)
    assert (result.embedded, result.by_workers, result.stopped) == (2, 2, True)
    assert ProductEmbedding.objects.count() == 2
    assert not EmbeddingBatch.objects.exists()


def test_an_error_of_the_encoder_leaves_no_batch(keys, embed, meanwhile, monkeypatch, tiny_encoder):
    def fail(texts):
        raise EncoderError("its weights are damaged")

    meanwhile(lambda run: None)
    monkeypatch.setattr(tiny_encoder, "encode_text", fail)
    with pytest.raises(EncoderError):
        embed(keys)
    assert not EmbeddingBatch.objects.exists()


def test_progress_counts_the_workers_batches_too(keys, embed, help_once, meanwhile):
    calls = []
    meanwhile(help_once)
    embed(keys, progress=lambda done, total: calls.append((done, total)))
    assert calls == sorted(calls)
    assert (calls[0], calls[-1]) == ((4, 8), (8, 8))


def test_a_product_that_was_deleted_meanwhile_is_left_out(keys, embed, meanwhile):
    meanwhile(lambda run: Product.objects.filter(pk=keys[0]).delete())
    result = embed(keys)
    assert (result.embedded, result.stopped) == (7, False)


def test_a_few_products_are_offered_to_nobody(keys, embed, meanwhile, monkeypatch):
    monkeypatch.setattr(publisher, "LEAST_BATCHES", 5)
    meanwhile(lambda run: pytest.fail("Workers were asked."))
    assert embed(keys).embedded == 8


def test_a_queue_that_is_away_is_no_failure(keys, embed, monkeypatch, settings, caplog):
    settings.EMBEDDING_WORKERS = 1

    def away(*arguments, **options):
        raise RedisAway("Connection refused")

    monkeypatch.setattr(publisher.current_app, "connection_for_write", away)
    assert embed(keys).embedded == 8
    assert "Connection refused" in caplog.text


def test_each_task_asks_for_the_next_batch(keys, embed, monkeypatch, settings, tiny_encoder):
    settings.EMBEDDING_WORKERS = 1
    monkeypatch.setattr("search.engine.encoder", lambda: tiny_encoder)
    # Tasks run in the caller here, so that all are done before the run embeds anything.
    monkeypatch.setattr(publisher, "enqueue", lambda message, run: tasks.embed(run))
    assert embed(keys).by_workers == 8


def test_as_many_batches_are_asked_for_as_is_configured(keys, embed, monkeypatch, settings):
    settings.EMBEDDING_WORKERS = 3
    asked = []
    monkeypatch.setattr(publisher, "enqueue", lambda message, run: asked.append((message.task, run)))
    embed(keys)
    assert [name for name, _run in asked] == [tasks.embed.name] * 3
    assert len({run for _name, run in asked}) == 1
