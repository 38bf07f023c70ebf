"""Words encoded for a query, from the cache of embeddings where they are known."""

from __future__ import annotations

from datetime import datetime

from search import engine
from search.vectors import Vectors


def encode_text(words: str, now: datetime) -> Vectors:
    """The unit vector (d,) of the words. Raises NotReady or Busy."""
    return engine.embed("text", words, lambda encoder: encoder.encode_text([words])[0], now=now)
