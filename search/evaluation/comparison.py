"""Comparison of vectors, words and both: the ranking of text queries, measured on a synced catalogue.

Each query is ranked over all products by the score of ``search.ranking``: by vectors only (r = 0), by words
only (r = 1), and fused as configured. The groups named "parsed" apply query understanding first, whose
filters are the same for all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.engine import IndexSnapshot
from search.evaluation.metrics import DEPTH, Encode, Flags, Measures
from search.evaluation.queries import FIRST_ROW, EvaluationQueries, EvaluationQuery
from search.language.parser import IGNORE_ALL, parse_query
from search.query import Filters
from search.ranking import score as ranking
from search.ranking.score import Weights
from search.vectors import Mask, Rows, Scores, Vectors


@dataclass(frozen=True)
class Signals:
    """For one query, both scores of all n products, and which of them pass its filters; (n,) each."""

    text: Scores
    relevance: Scores
    allowed: Mask


@dataclass(frozen=True)
class Metric:
    """How a group of queries is scored: by the rank of the first relevant product, or by the share of
    relevant ones."""

    depth: int
    is_share: bool

    def names(self) -> tuple[str, str]:
        return (f"precision@{self.depth}", f"any@{self.depth}") if self.is_share else ("recall@1", "mrr@10")

    def scores(self, relevant: Flags) -> tuple[float, float]:
        """The values of both names; ``relevant`` flags the results, best first."""
        first = relevant[: self.depth]
        if self.is_share:
            return float(first.mean()), float(first.any())
        return float(first[0]), float(1 / (first.argmax() + 1)) if first.any() else 0.0


_FIRST = Metric(DEPTH, is_share=False)
_PAGE = Metric(DEPTH, is_share=True)
_ROW = Metric(FIRST_ROW, is_share=True)


class Comparison:
    """Ranks queries over a whole catalogue by each method, with the parts that a search is made of."""

    def __init__(self, snapshot: IndexSnapshot, encode: Encode, *, weights: Weights) -> None:
        self._snapshot = snapshot
        self._encode = encode
        self._methods = {
            "vectors only": replace(weights, relevance=0.0),
            "fused": weights,
            "words only": None,
        }

    def table(
        self, queries: EvaluationQueries, clicked: Sequence[EvaluationQuery] = ()
    ) -> dict[str, dict[str, Measures]]:
        """The measures by group of queries and ranking method; groups without queries are left out.

        ``clicked`` are queries of shoppers, with what they wanted.
        """
        rows_with = self._snapshot.lexical.rows_with
        groups: dict[str, tuple[list[EvaluationQuery], Metric]] = {
            "title": (list(queries.titles()), _FIRST),
            "half-remembered title": (list(queries.partial_titles()), _FIRST),
            "half-remembered, misspelt": (list(queries.misspelt_titles()), _FIRST),
            "colour and type": (list(queries.colours_and_types()), _PAGE),
            "type, colour, for whom": (list(queries.three_attributes()), _PAGE),
            "brand and type": (list(queries.brands_and_types()), _ROW),
            "everyday name": (list(queries.everyday_names(rows_with)), _PAGE),
            "clicked": (list(clicked), _PAGE),
        }
        return {
            f"{name}{', parsed' if parse else ''}": self._measured(group, metric, parse=parse)
            for parse in (False, True)
            for name, (group, metric) in groups.items()
            if group
        }

    def _measured(
        self, queries: Sequence[EvaluationQuery], metric: Metric, *, parse: bool
    ) -> dict[str, Measures]:
        totals = {method: np.zeros(2) for method in self._methods}
        for query, signals in zip(queries, self._signals(queries, parse=parse), strict=True):
            for method, weights in self._methods.items():
                totals[method] += metric.scores(query.relevant[self._first(signals, weights)])
        return {
            method: dict(zip(metric.names(), (total / len(queries)).tolist(), strict=True))
            | {"queries": float(len(queries))}
            for method, total in totals.items()
        }

    def _first(self, signals: Signals, weights: Weights | None) -> Rows:
        """The first rows in the order of a search: by score, ties by product key."""
        scores = np.where(signals.allowed, self._scores(signals, weights), -np.inf)
        best = np.flatnonzero(scores >= np.partition(scores, -DEPTH)[-DEPTH])
        return best[ranking.order(scores[best], self._snapshot.columns.keys[best])][:DEPTH]

    def _scores(self, signals: Signals, weights: Weights | None) -> Scores:
        if weights is None:
            return signals.relevance
        zeros = np.zeros(len(signals.text), np.float32)
        return ranking.rank(
            weight=0.0,
            text=signals.text,
            relevance=signals.relevance,
            coverage=float(signals.relevance.max(initial=0.0)),
            in_stock=zeros > 0,
            age_days=zeros,
            weights=weights,
        ).score

    def _signals(self, queries: Sequence[EvaluationQuery], *, parse: bool) -> Iterator[Signals]:
        vocabulary = self._snapshot.columns.vocabulary
        ignore = () if parse else (IGNORE_ALL,)
        parsed = [parse_query(query.text, vocabulary, ignore=ignore) for query in queries]
        texts = [each.text or query.text for each, query in zip(parsed, queries, strict=True)]
        vectors = self._encode(texts)
        for each, text, vector in zip(parsed, texts, vectors, strict=True):
            yield Signals(self._text(vector), self._relevance(text), self._allowed(each.filters))

    def _text(self, vector: Vectors) -> Scores:
        return self._snapshot.calibration.text.score(self._snapshot.index.vectors @ vector)

    def _relevance(self, text: str) -> Scores:
        rows, found = self._snapshot.lexical.scores(text)
        relevance = np.zeros(self._snapshot.lexical.size, np.float32)
        relevance[rows] = found
        return relevance

    def _allowed(self, filters: Filters) -> Mask:
        """The products that pass the filters; all where none does, since a search then drops its filters."""
        allowed = self._snapshot.columns.passing(filters)
        return allowed if allowed.any() else self._snapshot.columns.active
