"""Answer sets, measured on labelled queries: what an answer holds, and what leads it by any order.

Every method answers the same queries over the same catalogue: the search itself, the search without kinds,
its two engines alone, and PostgreSQL's full-text search where the shop runs on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

import numpy as np
from django.db import connection

from catalog.models import Product
from search.candidates.generator import CandidateGenerator
from search.engine import IndexSnapshot
from search.evaluation.bootstrap import Estimate
from search.evaluation.metrics import DEPTH, Encode, Flags
from search.evaluation.queries import EvaluationQuery
from search.query import SearchQuery
from search.query_builder import QueryBuilder
from search.ranking import score
from search.ranking.kinds import KIND
from search.vectors import Rows

SEARCH, WITHOUT_KINDS = "search", "search without kinds"
MEASURES = ("precision", "recall", f"p@{DEPTH}", f"p@{DEPTH} by price", "empty")

# A query text to the index rows of its answer, best first.
Method = Callable[[str], Rows]


@dataclass(frozen=True)
class AnswerMeasures:
    """One answer: in [0, 1] each. ``empty`` is 1 for an answer without results."""

    precision: float
    recall: float
    first: float
    first_by_price: float
    empty: float

    @classmethod
    def of(cls, answer: Rows, relevant: Flags, prices: np.ndarray) -> AnswerMeasures:
        """Of index rows, best first; ``relevant`` and ``prices`` are (n,) over the catalogue."""
        found = relevant[answer]
        wanted = int(np.count_nonzero(relevant))
        by_price = answer[np.argsort(prices[answer], kind="stable")]
        return cls(
            precision=float(found.mean()) if len(answer) else 0.0,
            recall=float(found.sum() / wanted),
            first=float(found[:DEPTH].sum() / min(DEPTH, wanted)),
            first_by_price=float(relevant[by_price[:DEPTH]].sum() / min(DEPTH, wanted)),
            empty=float(not len(answer)),
        )

    def values(self) -> tuple[float, ...]:
        """In the order of MEASURES."""
        return self.precision, self.recall, self.first, self.first_by_price, self.empty


@dataclass(frozen=True)
class GroupMeasures:
    """The means of a group of queries by one method, with their intervals, by name."""

    queries: int
    estimates: dict[str, Estimate]
    # The share of the recall of the search without kinds.
    recall_kept: float


class AnswerSets:
    """Measures answer sets over one snapshot of the index."""

    def __init__(self, snapshot: IndexSnapshot, encode: Encode, *, now: datetime) -> None:
        self._snapshot = snapshot
        self._encode = encode
        self._now = now

    def table(self, groups: dict[str, list[EvaluationQuery]]) -> dict[str, dict[str, GroupMeasures]]:
        """Group -> method -> measures."""
        return {name: self._compared(queries) for name, queries in groups.items()}

    def methods(self) -> dict[str, Method]:
        methods: dict[str, Method] = {
            SEARCH: self._search(),
            WITHOUT_KINDS: self._search(KIND),
            "BM25 alone": self._words,
            "vectors alone": self._vectors,
        }
        if connection.vendor == "postgresql":
            methods["PostgreSQL full text"] = self._full_text
        return methods

    def _compared(self, queries: Sequence[EvaluationQuery]) -> dict[str, GroupMeasures]:
        measured = {
            name: [
                AnswerMeasures.of(method(query.text), query.relevant, self._snapshot.columns.price)
                for query in queries
            ]
            for name, method in self.methods().items()
        }
        usual = fmean(each.recall for each in measured[WITHOUT_KINDS])
        return {name: _group(each, usual) for name, each in measured.items()}

    def _search(self, *ignore: str) -> Method:
        def answer(text: str) -> Rows:
            query = SearchQuery(text=text, ignore=ignore)
            built = QueryBuilder(query, self._snapshot, user=None, now=self._now).build()
            found = CandidateGenerator(built.vector_query, self._snapshot, now=self._now).result_set(_untimed)
            return self._snapshot.columns.rows_of(found.keys[: found.total].tolist())

        return answer

    def _words(self, text: str) -> Rows:
        rows, relevance = self._snapshot.lexical.scores(text)
        return rows[score.order(relevance, self._snapshot.columns.keys[rows])]

    def _vectors(self, text: str) -> Rows:
        scale = self._snapshot.calibration.text
        scores = scale.score(self._snapshot.index.vectors @ self._encode([text])[0])
        rows = np.flatnonzero(scores >= scale.cutoff)
        return rows[score.order(scores[rows], self._snapshot.columns.keys[rows])]

    def _full_text(self, text: str) -> Rows:
        from django.contrib.postgres.search import SearchQuery as FullText
        from django.contrib.postgres.search import SearchRank, SearchVector

        vector = SearchVector("title", "category", "colour", "gender", "brand", config="english")
        wanted = FullText(text, config="english", search_type="websearch")
        found = (
            Product.objects.active()
            .annotate(vector=vector, rank=SearchRank(vector, wanted))
            .filter(vector=wanted)
            .order_by("-rank", "pk")
        )
        return self._snapshot.columns.rows_of(list(found.values_list("pk", flat=True)))


@contextmanager
def _untimed(_stage: str) -> Iterator[None]:
    yield


def _group(measured: Sequence[AnswerMeasures], usual_recall: float) -> GroupMeasures:
    columns = dict(zip(MEASURES, zip(*(each.values() for each in measured), strict=True), strict=True))
    estimates = {name: Estimate.of(values) for name, values in columns.items()}
    kept = estimates["recall"].mean / usual_recall if usual_recall else 1.0
    return GroupMeasures(len(measured), estimates, kept)


def as_json_table(table: dict[str, dict[str, GroupMeasures]]) -> dict[str, Any]:
    return {group: {method: asdict(each) for method, each in by.items()} for group, by in table.items()}


def printed(table: dict[str, dict[str, GroupMeasures]]) -> str:
    lines = []
    for group, by in table.items():
        lines.append(f"{group}, {next(iter(by.values())).queries} queries")
        for method, each in by.items():
            values = "  ".join(f"{name} {estimate}" for name, estimate in each.estimates.items())
            lines.append(f"  {method:<22} {values}  recall kept {each.recall_kept:.2f}")
    return "\n".join(lines)
