"""The local engine beside Milvus, on the same products, questions and words, in one process.

The index in service must lie in Milvus. The local index is built of the vectors that are read back from it.
"""

from __future__ import annotations

import random
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils import timezone

from bench.timing import Row
from catalog.models import Product
from search import engine
from search.candidates.generator import CandidateGenerator
from search.candidates.result_set import ResultSet
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.index.engines.choice import ENGINES, LOCAL, MILVUS, engine_name
from search.index.product_index import ProductIndex, with_manifest
from search.index.segments.opening import open_version
from search.query import Filters, SearchQuery
from search.query_builder import QueryBuilder
from search.ranking.taste import Likes

QUESTIONS = 500
WITH_PICTURE = 0.3
FIRST = 10
VAGUE = ("something for the gym", "summer dress", "warm", "office", "party shoes", "running", "black")
FILTERS = ("category", "colour", "brand", "gender", "price", "in_stock")

# A query, and the row whose vector stands for its picture.
Question = tuple[SearchQuery, int | None]


def measure() -> list[Row]:
    """One row per engine, cold and warm; nothing where the index in service does not lie in Milvus."""
    remote = engine.snapshot()
    if engine_name(remote.index.manifest) != MILVUS:
        return []
    local, now = _local(remote), timezone.now()
    questions = [_prepared(each, remote, now) for each in _questions(local)]
    # Opened anew, it has no vectors in memory.
    remote = replace(remote, index=_opened(remote))
    rows = []
    for state in ("first", "again"):
        expected = [_answered(each, local, now) for each in questions]
        found = [_answered(each, remote, now) for each in questions]
        rows.append({"engine": "local", "asked": state, **_times(expected)})
        rows.append({"engine": "Milvus", "asked": state, **_times(found), **_agreement(found, expected)})
    return rows


@dataclass(frozen=True)
class _Answered:
    result_set: ResultSet
    milliseconds: float

    @property
    def first(self) -> list[int]:
        keys: list[int] = self.result_set.keys[: min(FIRST, self.result_set.total)].tolist()
        return keys


def _opened(snapshot: IndexSnapshot) -> ProductIndex:
    index = snapshot.index
    assert index.folder is not None  # noqa: S101 - a published index lies in a folder
    return open_version(index.folder, index.manifest, {})


def _local(remote: IndexSnapshot) -> IndexSnapshot:
    """The same snapshot over a local index of the same rows."""
    index, manifest = remote.index, remote.index.manifest
    vectors = index.vectors[np.arange(len(index))]
    built = ENGINES[LOCAL].build(
        index.keys, vectors, root=engine.store().root, fingerprint=manifest.fingerprint, queries=None
    )
    return replace(remote, index=with_manifest(built, version=manifest.version))


def _questions(snapshot: IndexSnapshot) -> list[Question]:
    """Words of titles, colours with kinds and vague wishes, each with one or two filters that leave
    something; and for some a row whose vector stands for a picture.
    """
    generator, columns = random.Random(7), snapshot.columns  # noqa: S311 - a seeded sample
    titles = dict(Product.objects.values_list("pk", "title"))
    rows = np.flatnonzero(columns.active).tolist()
    found: list[Question] = []
    while len(found) < QUESTIONS:
        row = generator.choice(rows)
        if filters := _filters(snapshot, row, generator):
            text = _text(snapshot, row, titles[int(columns.keys[row])].split(), generator)
            picture = row if generator.random() < WITH_PICTURE else None
            found.append((SearchQuery(text=text, filters=Filters(**filters)), picture))
    return found


def _text(snapshot: IndexSnapshot, row: int, title: list[str], generator: random.Random) -> str:
    kind = generator.random()
    if kind < 0.4:
        return " ".join(generator.sample(title, min(len(title), generator.randint(1, 4))))
    if kind < 0.7:
        return f"{_value(snapshot, 'colour', row)} {_value(snapshot, 'category', row)}".strip() or VAGUE[0]
    return generator.choice(VAGUE)


def _filters(snapshot: IndexSnapshot, row: int, generator: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in generator.sample(FILTERS, generator.randint(1, 2)):
        if name == "price":
            price = float(snapshot.columns.price[row])
            found |= {} if np.isnan(price) else {"price_max": Decimal(f"{1.2 * price:.2f}")}
        elif name == "in_stock":
            found[name] = True
        elif value := _value(snapshot, name, row):
            found[name] = (value,)
    return found


def _value(snapshot: IndexSnapshot, name: str, row: int) -> str:
    column = getattr(snapshot.columns, name)
    code = int(column.codes[row])
    return str(column.values[code]) if code >= 0 else ""


def _prepared(
    question: tuple[SearchQuery, int | None], snapshot: IndexSnapshot, now: datetime
) -> VectorQuery:
    query, row = question
    likes = Likes(None, "", snapshot, now)
    asked = QueryBuilder(query, snapshot, user=None, now=now, likes=likes).build().vector_query
    return asked if row is None else replace(asked, image=snapshot.index.vectors[row], weight=0.5)


def _answered(question: VectorQuery, snapshot: IndexSnapshot, now: datetime) -> _Answered:
    started = time.perf_counter()
    found = CandidateGenerator(question, snapshot, now=now).result_set(lambda _stage: nullcontext())
    return _Answered(found, (time.perf_counter() - started) * 1000)


def _times(answers: list[_Answered]) -> Row:
    taken = [each.milliseconds for each in answers]
    return {
        "questions": len(answers),
        "median_ms": round(float(np.median(taken)), 1),
        "p95_ms": round(float(np.percentile(taken, 95)), 1),
    }


def _agreement(found: list[_Answered], expected: list[_Answered]) -> Row:
    """Shares of the questions that both engines answer the same."""
    pairs = list(zip(found, expected, strict=True))
    return {
        "same_first_ten": _share([one.first == other.first for one, other in pairs]),
        "same_total": _share([one.result_set.total == other.result_set.total for one, other in pairs]),
        "same_facets": _share([one.result_set.facets == other.result_set.facets for one, other in pairs]),
    }


def _share(same: list[bool]) -> float:
    return round(sum(same) / len(same), 4)
