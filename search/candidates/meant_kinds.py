"""The kinds of things that the words and the picture of a query mean."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from django.utils.functional import cached_property

from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.index.distances import inner_products
from search.lexical.matching.matches import Matches
from search.ranking.kind_names import names_a_thing, of_product
from search.ranking.kinds import Kinds, kind_words, kinds_of, of_picture, with_picture
from search.vectors import Mask, Rows, Scores, Vectors

# A product that contains nearly as many of the words as any does answers them, whatever its picture; where
# the best contains less than half of them, a few words in common are no answer.
LEXICAL_FLOOR = 0.8
LEAST_COVERAGE = 0.5


class MeantKinds:
    """Reads them over one snapshot; ``matches_of`` returns how well products match words."""

    def __init__(
        self, query: VectorQuery, snapshot: IndexSnapshot, matches_of: Callable[[str], Matches]
    ) -> None:
        self._query, self._snapshot, self._matches_of = query, snapshot, matches_of

    @cached_property
    def kinds(self) -> Kinds | None:
        """Those that the words mean, None for none; "without jeans", which is all filters, means none."""
        query, has_words = self._query, bool(self._query.words) and not self._query.is_open
        if query.text is None or not has_words or query.ignored_kinds is None or query.weight == 1.0:
            return None
        kinds = self._read_kinds(query.text)
        return None if kinds is None or kinds.label.casefold() in query.ignored_kinds else kinds

    @cached_property
    def is_wish(self) -> bool:
        """Whether the words wish for something about a picture, and name no thing of their own."""
        query, categories = self._query, self._snapshot.categories
        if not query.is_beside_picture or query.ignored_kinds is None or not len(categories):
            return False
        if query.words and names_a_thing(query.words, categories, query.synonyms):
            return False
        return self.pictured_kind.casefold() not in query.ignored_kinds

    @cached_property
    def rows(self) -> Mask:
        """(n,) products of the kinds that are meant; all where no kind is read."""
        kinds, query = self.kinds, self._query
        if self.is_wish:
            return self._pictured
        if kinds is None:
            return np.ones(len(self._snapshot.columns.keys), bool)
        if query.image is None:
            return kinds.meant
        return with_picture(kinds, self._snapshot.categories, self._likeness, query.weight)

    @cached_property
    def pictured_kind(self) -> str:
        """The one category that the picture shows; "" where it may be several."""
        categories = self._snapshot.categories
        codes = np.unique(categories.of_row[self._pictured])
        return categories.labels[codes[0]] if len(codes) == 1 else ""

    @cached_property
    def _pictured(self) -> Mask:
        """(n,) products of the kind that the picture shows."""
        categories, pictured = self._snapshot.categories, self._query.pictured
        own = self._snapshot.columns.rows_of([] if pictured is None else [pictured])
        kind = of_product(int(own[0]), categories) if len(own) else None
        return of_picture(categories, self._likeness) if kind is None else kind

    @cached_property
    def _likeness(self) -> Scores:
        """(s,) the sampled products' scores for the picture."""
        assert self._query.image is not None  # noqa: S101 - only asked for beside a picture
        cosines = inner_products(self._snapshot.categories.sample_vectors, self._query.image)
        return self._snapshot.calibration.image.score(cosines)

    def _read_kinds(self, text: Vectors) -> Kinds | None:
        categories, scale = self._snapshot.categories, self._snapshot.calibration.text
        core = kind_words(self._query.words, categories)
        return kinds_of(
            core,
            categories,
            likeness=scale.score(inner_products(categories.sample_vectors, text)),
            names=scale.score(inner_products(categories.name_vectors, text)),
            saying=self._saying(core),
            synonyms=self._query.synonyms,
        )

    def _saying(self, words: str) -> Rows:
        """Rows that say nearly as many of these words as any product does."""
        return nearly_all_of(self._matches_of(words))


def nearly_all_of(matches: Matches) -> Rows:
    """Rows that have nearly as much of the words as any has."""
    return matches.at_least(LEXICAL_FLOOR * max(matches.best, LEAST_COVERAGE))[0]
