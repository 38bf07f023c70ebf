"""Which products may not answer a query, whatever they resemble."""

from __future__ import annotations

import numpy as np

from search.candidates.vector_query import VectorQuery
from search.index.columns import Columns
from search.language.lexicon import ALL_LACKING
from search.lexical.bm25 import LexicalIndex
from search.vectors import Mask, Rows


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
        excluded[_rows_having(words, lexical)] = True
    return excluded


def _rows_having(words: str, lexical: LexicalIndex) -> Rows:
    """The rows (m,) of products that name a thing and do not say that they lack it: "non-padded bra", "BH
    ohne Bügel". The index has no order of words: one that lacks something else counts as lacking it too.
    """
    naming = lexical.rows_with(words)
    if not len(naming):
        return naming
    lacking = [lexical.rows_with(f"{lack} {words}") for lack in ALL_LACKING]
    return np.setdiff1d(naming, np.concatenate(lacking))
