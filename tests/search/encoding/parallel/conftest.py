"""Eight products with pictures in batches of two, and what a worker does to the batches of a run."""

import pytest

from search.encoding import embedding
from search.encoding.parallel import batches, publisher
from search.encoding.parallel.worker import help_with
from tests.factories import NOW, ProductFactory, ProductImageFactory

COLOURS = ("red", "blue", "green", "black")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(embedding, "BATCH", 2)
    monkeypatch.setattr(publisher, "LEAST_BATCHES", 1)
    monkeypatch.setattr(publisher, "POLL_S", 0.0)


@pytest.fixture
def keys():
    products = [ProductFactory(title=f"{colour} shirt") for colour in COLOURS * 2]
    for product, colour in zip(products, COLOURS * 2, strict=True):
        ProductImageFactory(product=product, kept=True, colour=colour)
    return [product.pk for product in products]


@pytest.fixture
def meanwhile(monkeypatch):
    """``meanwhile(work)``: in place of messages, ``work(run)`` is done before the run embeds anything."""
    return lambda work: monkeypatch.setattr(publisher, "_invite", work)


@pytest.fixture
def embed(tiny_encoder):
    """As embed_with_workers, of these products."""

    def embed(keys, progress=None, should_stop=None):
        return publisher.embed_with_workers(tiny_encoder, keys, NOW, progress, should_stop)

    return embed


@pytest.fixture
def help_once(tiny_encoder):
    """A worker that is asked for one batch."""
    return lambda run: help_with(run, lambda: tiny_encoder)


@pytest.fixture
def new_run(tiny_encoder, keys):
    """A run that has offered its four batches and embedded nothing."""
    return batches.prepare(tiny_encoder.fingerprint, keys, NOW)
