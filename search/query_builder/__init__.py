"""From a shopper's query to one that the index can answer. Only retrieval and the API import it."""

from search.query_builder.builder import QueryBuilder
from search.query_builder.prepared import PreparedQuery
from search.query_builder.similar import prepare_similar
from search.query_builder.spelling import IGNORE_SPELLING

__all__ = ["IGNORE_SPELLING", "PreparedQuery", "QueryBuilder", "prepare_similar"]
