"""Deletes what shoppers searched with once it is a day old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from search.images import prune_query_images
from search.models import EmbeddingCacheEntry


@dataclass(frozen=True)
class PruneReport:
    """How many entries were deleted."""

    vectors: int
    pictures: int

    def __str__(self) -> str:
        return f"{self.vectors} query vectors and {self.pictures} pictures forgotten."


def prune_expired(now: datetime) -> PruneReport:
    """Delete cached query vectors, and shoppers' pictures with their files, that expired by `now`."""
    vectors, _by_model = EmbeddingCacheEntry.objects.filter(expires_at__lte=now).delete()
    return PruneReport(vectors, prune_query_images(now))
