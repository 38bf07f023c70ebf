"""Which products may not answer a query, whatever they resemble."""

from __future__ import annotations

import numpy as np

from search.candidates.vector_query import VectorQuery
from search.index.columns import Columns
from search.lexical.bm25 import LexicalIndex
from search.vectors import Mask


def excluded_rows(query: VectorQuery, columns: Columns, lexical: LexicalIndex) -> Mask | None:
    """(n,) products, values and words that the query leaves out, and all that lack its article number; None
    where it leaves out nothing.
    """
    masks = [mask for _name, mask in columns.filter_masks(query.excluded_values)]
    if not (masks or query.excluded_keys or query.article or query.excluded_words):
        return None
    excluded = np.zeros(len(columns.keys), dtype=bool)
    excluded[columns.rows_of(list(query.excluded_keys))] = True
    for mask in masks:
        excluded |= mask
    if query.article:
        carrying = np.zeros(len(excluded), dtype=bool)
        carrying[lexical.article_rows(query.article)] = True
        excluded |= ~carrying
    for words in query.excluded_words:
        excluded[lexical.rows_with(words)] = True
    return excluded
