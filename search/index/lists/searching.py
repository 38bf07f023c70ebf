"""Searching chosen inverted lists of a FAISS index: its own search would look for the nearest lists again.

FAISS's wrappers for Python take no parameters here, so that these call what lies below them: the query has to
be float32 in one piece, which nothing converts.
"""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np

from search.index.lists.probes import Lists
from search.vectors import Mask, Rows, Vectors


def selector_of(allowed: Mask | None) -> Any:
    """What FAISS asks whether a row is allowed; None for all."""
    return None if allowed is None else faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def searched_lists(
    searcher: Any, query: Vectors, k: int, lists: Lists, selector: Any
) -> tuple[Vectors, Rows]:
    """Squared distances and rows (k,) of those nearest to `query` (d,) that the selector allows, the nearest
    first; a row of -1 is an empty place.
    """
    squared, rows = np.empty(k, np.float32), np.empty(k, np.int64)
    numbers, distances = map(np.ascontiguousarray, lists)
    searcher.search_preassigned_c(
        1,
        faiss.swig_ptr(query),
        k,
        faiss.swig_ptr(numbers),
        faiss.swig_ptr(distances),
        faiss.swig_ptr(squared),
        faiss.swig_ptr(rows),
        False,  # noqa: FBT003 - FAISS names no arguments
        _parameters(lists, selector),
    )
    return squared, rows


def lists_within(
    searcher: Any, query: Vectors, radius: float, lists: Lists, selector: Any
) -> tuple[Vectors, Rows]:
    """Squared distances and rows (m,) of all within a squared radius that the selector allows."""
    numbers, distances = map(np.ascontiguousarray, lists)
    found = faiss.RangeSearchResult(1)
    searcher.range_search_preassigned_c(
        1,
        faiss.swig_ptr(query),
        radius,
        faiss.swig_ptr(numbers),
        faiss.swig_ptr(distances),
        found,
        False,  # noqa: FBT003
        _parameters(lists, selector),
    )
    count = int(faiss.rev_swig_ptr(found.lims, 2)[1])
    squared, rows = (faiss.rev_swig_ptr(each, count).copy() for each in (found.distances, found.labels))
    return squared, rows


def _parameters(lists: Lists, selector: Any) -> Any:
    # New parameters for each call: threads would overwrite those set on the shared index.
    return faiss.SearchParametersIVF(sel=selector, nprobe=len(lists[0]))
