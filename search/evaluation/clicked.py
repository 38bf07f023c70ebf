"""Judgements from clicks: which products shoppers wanted for a query, as a labelled set for the evaluation.

What stands first is clicked because it stands first. With the share p(k) of shoppers who look at position k,

    relevance(query, product) = Σ 1/p(k) / visits,  over the visits that clicked the product, at position k

is right on average, however the answers were ordered (inverse propensity scoring). Which products stood where
in answers that nobody clicked is not logged, so p cannot be measured here: it is 1/k, from Joachims,
Swaminathan and Schnabel, "Unbiased Learning-to-Rank with Biased Feedback" (WSDM 2017).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from django.db.models import Min
from django.db.models.functions import Coalesce

from analytics.models import ProductClick, SearchLog
from catalog.models import Product
from search.engine import IndexSnapshot
from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.queries import EvaluationQuery, Split

# Visits that a query needs: fewer say little, and may be one person's.
LEAST_VISITS = 20
# What is wanted this much as often as the query's favourite is relevant to it.
RELEVANT_SHARE = 0.5
_FIELDS = ("query", "product_id", "relevance", "visits")


@dataclass(frozen=True)
class Judgement:
    """How often a product is wanted for a query, in [0, 1], from so many visits."""

    query: str
    product_id: str
    relevance: float
    visits: int


def judgements(*, days: int, now: datetime, least_visits: int = LEAST_VISITS) -> list[Judgement]:
    """What was clicked for queries by words of the last ``days``; by query, the most wanted first."""
    since = now - timedelta(days=days)
    searches = SearchLog.objects.filter(timestamp__gte=since, query_type=SearchLog.QueryType.TEXT)
    searches = searches.exclude(query_key="")
    visits = _visits(searches.values_list("query_key", "visit", "pk"))
    frequent = {query: len(found) for query, found in visits.items() if len(found) >= least_visits}
    clicks = ProductClick.objects.filter(search__in=searches, search__query_key__in=list(frequent))
    # As in _visits: a search of an unknown visit is one of its own.
    clicks = clicks.annotate(visit=Coalesce("search__visit", "search_id"))
    first = clicks.values("search__query_key", "product_id", "visit").annotate(at=Min("position"))
    wanted: Counter[tuple[str, str]] = Counter()
    for query, product_id, at in first.values_list("search__query_key", "product_id", "at"):
        wanted[query, product_id] += at
    found = [
        Judgement(query, product_id, min(total / frequent[query], 1.0), frequent[query])
        for (query, product_id), total in wanted.items()
    ]
    return sorted(found, key=lambda each: (each.query, -each.relevance, each.product_id))


def _visits(rows: Iterable[tuple[str, UUID | None, UUID]]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for query, visit, search in rows:
        found[query].add(visit or search)
    return found


def write(judged: Iterable[Judgement], file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(_FIELDS)
        writer.writerows(
            (each.query, each.product_id, round(each.relevance, 4), each.visits) for each in judged
        )


def read(file: Path) -> list[Judgement]:
    """What ``write`` wrote. Raises NothingToMeasure for another file."""
    try:
        with file.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        return [
            Judgement(row["query"], row["product_id"], float(row["relevance"]), int(row["visits"]))
            for row in rows
        ]
    except OSError as error:
        raise NothingToMeasure(f"{file} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise NothingToMeasure(f"{file} holds no judgements. Write them with export_judgements.") from error


def clicked_queries(
    judged: Sequence[Judgement], snapshot: IndexSnapshot, split: Split
) -> list[EvaluationQuery]:
    """The queries of this half with what is relevant to them, as far as any of it is indexed."""
    ids = {each.product_id for each in judged}
    keys = dict(Product.objects.active().filter(product_id__in=ids).values_list("product_id", "pk"))
    by_query: dict[str, list[Judgement]] = defaultdict(list)
    for each in judged:
        by_query[each.query].append(each)
    texts = sorted(by_query)
    if split is not Split.ALL:
        texts = texts[int(split is Split.REPORT) :: 2]
    found = [EvaluationQuery(text, _relevant(by_query[text], keys, snapshot)) for text in texts]
    return [query for query in found if query.relevant.any()]


def _relevant(
    judged: Sequence[Judgement], keys: dict[str, int], snapshot: IndexSnapshot
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    least = RELEVANT_SHARE * max(each.relevance for each in judged)
    wanted = [keys[each.product_id] for each in judged if each.relevance >= least and each.product_id in keys]
    relevant = np.zeros(len(snapshot.columns.keys), np.bool_)
    relevant[snapshot.columns.rows_of(wanted)] = True
    return relevant
