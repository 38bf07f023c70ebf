"""Fixtures of shoppers' pictures."""

import pytest

from search import engine
from search.encoding.cache import EmbeddingCache


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def own_embeddings(monkeypatch):
    cache = EmbeddingCache()
    monkeypatch.setattr(engine, "embeddings", lambda: cache)
    return cache
