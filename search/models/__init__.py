"""The tables of search."""

from search.models.alerts import Alert, AlertMail
from search.models.batches import EmbeddingBatch
from search.models.curation import Curated, CuratedPlacement, Synonym
from search.models.looks import LookRule
from search.models.rules import RankingRule, Redirect
from search.models.stored import (
    EmbeddingCacheEntry,
    IndexRun,
    ProductEmbedding,
    QueryImage,
    QueryImageOwner,
    QueryImageQuerySet,
)

__all__ = [
    "Alert",
    "AlertMail",
    "Curated",
    "CuratedPlacement",
    "EmbeddingBatch",
    "EmbeddingCacheEntry",
    "IndexRun",
    "LookRule",
    "ProductEmbedding",
    "QueryImage",
    "QueryImageOwner",
    "QueryImageQuerySet",
    "RankingRule",
    "Redirect",
    "Synonym",
]
