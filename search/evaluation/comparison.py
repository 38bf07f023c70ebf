"""Whether words and vectors together beat either alone: the ranking of words, measured on a synced catalogue.

Every question is words whose right answers the catalogue knows. Each is ranked over all products by the
one sum of ``search.ranking``: by vectors only (r = 0), by words only (r = 1), and fused as configured. With
understanding, what the words say beyond a look filters all three alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.engine import IndexSnapshot
from search.evaluation.metrics import DEPTH, Encode, Flags, Measures
from search.evaluation.questions import FIRST_ROW, Question, Questions
from search.language.parser import IGNORE_ALL, Vocabulary, parse_query
from search.query import Filters
from search.ranking import score as ranking
from search.ranking.score import Weights
from search.vectors import Mask, Rows, Vectors


@dataclass(frozen=True)
class Evidence:
    """What is known about all n products for one question: both scores, and who may answer."""

    text: ranking.Scores
    relevance: ranking.Scores
    allowed: Mask


@dataclass(frozen=True)
class Measure:
    """How a group of questions is scored: the place of the first right answer, or the share of right ones."""

    depth: int
    is_share: bool

    def names(self) -> tuple[str, str]:
        return (f"precision@{self.depth}", f"any@{self.depth}") if self.is_share else ("recall@1", "mrr@10")

    def scores(self, right: Flags) -> tuple[float, float]:
        """From which of the first answers are right, best first."""
        first = right[: self.depth]
        if self.is_share:
            return float(first.mean()), float(first.any())
        return float(first[0]), float(1 / (first.argmax() + 1)) if first.any() else 0.0


_FIRST = Measure(DEPTH, is_share=False)
_PAGE = Measure(DEPTH, is_share=True)
_ROW = Measure(FIRST_ROW, is_share=True)


class Comparison:
    """Ranks questions over a whole catalogue from the parts that a search is made of, way by way."""

    def __init__(self, snapshot: IndexSnapshot, encode: Encode, *, weights: Weights) -> None:
        self._snapshot = snapshot
        self._encode = encode
        self._ways = {
            "vectors only": replace(weights, relevance=0.0),
            "fused": weights,
            "words only": None,
        }

    def table(self, questions: Questions) -> dict[str, dict[str, Measures]]:
        """The measures by group of questions and way to rank them; groups without questions are left out."""
        named = self._snapshot.lexical.rows_with
        groups: dict[str, tuple[list[Question], Measure]] = {
            "title": (list(questions.titles()), _FIRST),
            "half-remembered title": (list(questions.remembered()), _FIRST),
            "half-remembered, misspelt": (list(questions.misspelt()), _FIRST),
            "colour and type": (list(questions.colours_and_types()), _PAGE),
            "type, colour, for whom": (list(questions.stacked()), _PAGE),
            "brand and type": (list(questions.brands_and_types()), _ROW),
            "everyday name": (list(questions.everyday(named)), _PAGE),
        }
        return {
            f"{name}{', understood' if understanding else ''}": self._measured(
                asked, measure, understanding=understanding
            )
            for understanding in (False, True)
            for name, (asked, measure) in groups.items()
            if asked
        }

    def _measured(
        self, asked: Sequence[Question], measure: Measure, *, understanding: bool
    ) -> dict[str, Measures]:
        totals = {way: np.zeros(2) for way in self._ways}
        for question, evidence in zip(asked, self._evidence(asked, understanding=understanding), strict=True):
            for way in self._ways:
                totals[way] += measure.scores(question.right[self._first(evidence, way)])
        return {
            way: dict(zip(measure.names(), (total / len(asked)).tolist(), strict=True))
            | {"queries": float(len(asked))}
            for way, total in totals.items()
        }

    def _first(self, evidence: Evidence, way: str) -> Rows:
        """The first rows, as the flow would order them: by score, equals by product key."""
        scores = np.where(evidence.allowed, self._scores(evidence, self._ways[way]), -np.inf)
        best = np.flatnonzero(scores >= np.partition(scores, -DEPTH)[-DEPTH])
        return best[ranking.order(scores[best], self._snapshot.columns.keys[best])][:DEPTH]

    def _scores(self, evidence: Evidence, weights: Weights | None) -> ranking.Scores:
        if weights is None:
            return evidence.relevance
        nothing = np.zeros(len(evidence.text), np.float32)
        return ranking.rank(
            weight=0.0,
            text=evidence.text,
            relevance=evidence.relevance,
            coverage=float(evidence.relevance.max(initial=0.0)),
            in_stock=nothing > 0,
            age_days=nothing,
            weights=weights,
        ).score

    def _evidence(self, questions: Sequence[Question], *, understanding: bool) -> Iterator[Evidence]:
        """What the flow would know for each question."""
        vocabulary = Vocabulary.from_columns(self._snapshot.columns)
        ignore = () if understanding else (IGNORE_ALL,)
        read = [parse_query(question.text, vocabulary, ignore=ignore) for question in questions]
        said = [each.text or question.text for each, question in zip(read, questions, strict=True)]
        vectors = self._encode(said)
        for each, text, vector in zip(read, said, vectors, strict=True):
            yield Evidence(self._text(vector), self._relevance(text), self._allowed(each.filters))

    def _text(self, vector: Vectors) -> ranking.Scores:
        return self._snapshot.calibration.text.score(self._snapshot.index.vectors @ vector)

    def _relevance(self, text: str) -> ranking.Scores:
        rows, found = self._snapshot.lexical.scores(text)
        relevance = np.zeros(self._snapshot.lexical.size, np.float32)
        relevance[rows] = found
        return relevance

    def _allowed(self, filters: Filters) -> Mask:
        """Who passes the filters; everybody where nobody does, as the flow does not filter to nothing."""
        allowed = self._snapshot.columns.passing(filters)
        return allowed if allowed.any() else self._snapshot.columns.active
