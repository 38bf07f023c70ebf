"""Searching a FAISS index, or chosen inverted lists of it: its own search would look for the nearest again.

FAISS's wrappers for Python take no chosen lists, so that these call what lies below them: the query has to be
float32 in one piece, which nothing converts.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from search.index.lists.probes import Lists
from search.vectors import Mask, Rows, Vectors


def write_searcher(searcher: Any, path: Path) -> None:
    """Raises OSError, with the number of a disk that is full or locked."""
    try:
        faiss.write_index(searcher, str(path))
    except RuntimeError as error:  # FAISS says in words only why it cannot write
        known = (errno.ENOSPC, errno.EACCES, errno.EROFS)
        code = next((each for each in known if os.strerror(each) in str(error)), errno.EIO)
        raise OSError(code, os.strerror(code), str(path)) from error


def opened_searcher(path: Path, *, lists: bool, mapped: bool) -> Any:
    """FAISS's index in a file, with inverted lists or without; mapped or in memory. Raises RuntimeError where
    it cannot be read.
    """
    # FAISS maps inverted lists only by the first flag, flat vectors only by the second.
    flag = (faiss.IO_FLAG_MMAP if lists else faiss.IO_FLAG_MMAP_IFC) if mapped else 0
    searcher = faiss.read_index(str(path), flag | faiss.IO_FLAG_READ_ONLY)
    if lists and mapped:
        # Threads that read lists ahead cost each search several times what it computes.
        faiss.downcast_InvertedLists(searcher.invlists).prefetch_nthread = 0
    return searcher


def selector_of(allowed: Mask | None) -> Any:
    """What FAISS asks whether a row is allowed; None for all."""
    return None if allowed is None else faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def searched(
    searcher: Any, query: Vectors, k: int, lists: Lists | None, allowed: Mask | None
) -> tuple[Vectors, Rows]:
    """Squared distances and rows (k,) of those nearest to `query` (d,) that are allowed, the nearest first; a
    row of -1 is an empty place. Without lists all rows are compared.
    """
    # OpenMP keeps this setting per calling thread, so every search makes it.
    faiss.omp_set_num_threads(1)
    selector = selector_of(allowed)
    if lists is None:
        distances, found = searcher.search(query[None], k, params=faiss.SearchParameters(sel=selector))
        return distances[0], found[0]
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


def searched_within(
    searcher: Any, query: Vectors, radius: float, lists: Lists | None, allowed: Mask | None
) -> tuple[Vectors, Rows]:
    """Squared distances and rows (m,) of all within a squared radius that are allowed."""
    faiss.omp_set_num_threads(1)
    selector = selector_of(allowed)
    if lists is None:
        parameters = faiss.SearchParameters(sel=selector)
        _limits, squared, rows = searcher.range_search(query[None], radius, params=parameters)
        return squared, rows
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
