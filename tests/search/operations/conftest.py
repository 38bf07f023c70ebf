"""Fixtures of shoppers' pictures, and of runs of reindex."""

import pytest

from search import engine
from search.encoding.cache import EmbeddingCache
from search.index.store import IndexStore


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def own_embeddings(monkeypatch):
    cache = EmbeddingCache()
    monkeypatch.setattr(engine, "embeddings", lambda: cache)
    return cache


@pytest.fixture
def ready(settings, tmp_path, tiny_encoder, monkeypatch):
    settings.DATA_DIR = tmp_path
    store = IndexStore(tmp_path / "index")
    monkeypatch.setattr(engine, "encoder", lambda: tiny_encoder)
    monkeypatch.setattr(engine, "store", lambda: store)
    return store
