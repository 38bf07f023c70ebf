"""The matrix is the one that bm25s computes, document by document."""

import bm25s
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.lexical.matrix import Matrix
from search.lexical.saturation import K1, B

TOKENS = 12


@given(documents=st.lists(st.lists(st.integers(0, TOKENS - 1), max_size=9), min_size=1, max_size=9))
@settings(deadline=None)
def test_it_is_the_matrix_of_bm25s(documents):
    if not any(documents):
        documents = [[0], *documents]
    vocabulary = {str(number): number for number in range(TOKENS)}
    engine = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy", csc_backend="numpy")
    engine.index((documents, vocabulary), create_empty_token=False, show_progress=False)
    matrix = Matrix.of(documents, TOKENS)
    assert matrix.rows.tolist() == engine.scores["indices"].tolist()
    assert matrix.starts.tolist() == engine.scores["indptr"].tolist()
    np.testing.assert_allclose(matrix.scores, engine.scores["data"], rtol=1e-5)
    assert matrix.lengths.tolist() == [len(each) for each in documents]
