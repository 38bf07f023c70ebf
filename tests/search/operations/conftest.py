"""Fixtures of shoppers' pictures."""

import pytest

from search import engine
from search.encoding.cache import EmbeddingCache, write_buffer


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def own_embeddings(monkeypatch):
    cache = EmbeddingCache()
    monkeypatch.setattr(engine, "embeddings", lambda: cache)
    yield cache
    write_buffer.reset()
