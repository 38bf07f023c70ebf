"""What products say of themselves beyond their kind: which of the dresses are striped ones.

Encoders put striped dresses first, but everything that looks like a dress lies above the cut-off as well. So
an answer is narrowed to the products that say what is asked of them, where enough of them say such things
for silence to mean something. The others stand behind the answer, the nearest first.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from search.language.tokens import stems
from search.lexical.bm25 import LexicalIndex
from search.ranking.kind_names import LEAST_PAGE
from search.ranking.kinds import Kinds
from search.vectors import Mask, Rows, common

# So many products of a kind have to say a word, and so many of all products where the words name no kind.
LEAST_OF_A_KIND, LEAST_OF_ALL = 12, LEAST_PAGE


def saying_so(kinds: Kinds, fitting: Mask, lexical: LexicalIndex) -> Rows:
    """Rows among ``fitting`` (n,) that say what the words say beside the name of a kind; none where too few
    products do. Words that name no kind have to be said in full: "striped", but not "something for the gym".
    """
    least = LEAST_OF_A_KIND if kinds.has_head else LEAST_OF_ALL
    found = [lexical.rows_with(word, among=fitting) for word in stems(kinds.qualifiers)]
    reliable = [rows for rows in found if len(rows) >= least]
    if not reliable or (len(reliable) < len(found) and not kinds.has_head):
        return np.empty(0, np.int64)
    return reduce(lambda said, rows: said[common(said, rows)[0]], reliable)
