"""The ranking step alone: query parsing, relevance over a whole catalogue, ordering a full result set."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.timing import Row
from search.candidates.generator import CAP
from search.index.categories import SAMPLE, Categories
from search.index.distances import inner_products
from search.language.parser import ParsedQuery, Vocabulary, parse_query
from search.language.translation import Translator
from search.lexical import building as lexical
from search.lexical.bm25 import LexicalIndex
from search.lexical.documents import LexicalDocument
from search.ranking import diversity
from search.ranking import score as ranking
from search.ranking.kinds import kind_words, kinds_of
from search.ranking.weights import configured_weights

QUERIES = 300
# More categories than most shops have: the kinds of the words are read from a sample of each.
MOST_CATEGORIES = 300
# The bundled encoder's, for the vectors that diversification compares.
DIMENSION = 384
COLOURS = (
    "black",
    "white",
    "red",
    "blue",
    "green",
    "brown",
    "grey",
    "pink",
    "beige",
    "navy",
    "olive",
    "yellow",
)
CATEGORIES = (
    "Dresses",
    "Tshirts",
    "Shirts",
    "Jeans",
    "Skirts",
    "Coats",
    "Boots",
    "Sneakers",
    "Bags",
    "Hats",
    "Scarves",
    "Belts",
)
GENDERS = ("Men", "Women", "Unisex")


def measure(count: int) -> list[Row]:
    """One row per step and one for the whole: p50 and p95 at ``count`` products."""
    generator = random.Random(count)  # noqa: S311 - a reproducible catalogue
    documents = [_document(number, generator) for number in range(count)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        lexical.build(documents, folder)
        built = time.perf_counter() - started
        started = time.perf_counter()
        index = LexicalIndex.load(folder)
        loaded = time.perf_counter() - started
        rows = [_row(step, call, documents, generator) for step, call in _Steps(index, count).calls().items()]
    return [*rows, {"step": "build (s), load (s)", "p50_ms": round(built, 1), "p95_ms": round(loaded, 3)}]


def _document(number: int, generator: random.Random) -> LexicalDocument:
    """A product with a common category and colour, one of 2,000 brands and some rarer words."""
    brand, colour = f"brand{int(generator.paretovariate(0.7)) % 2000}", generator.choice(COLOURS)
    category, gender = generator.choice(CATEGORIES), generator.choice(GENDERS)
    style = " ".join(f"style{int(generator.paretovariate(0.5)) % 20_000}" for _word in range(3))
    title = f"{brand} {gender} {style} {colour} {category}"
    return LexicalDocument(title, brand, category, colour, gender, codes=(f"shop-{number}",))


def _row(
    step: str, call: Callable[[str], object], documents: list[LexicalDocument], generator: random.Random
) -> Row:
    queries = [_query(generator.choice(documents)) for _number in range(QUERIES)]
    return {"step": step, **_timed(call, queries)}


def _timed(call: Callable[[str], object], queries: list[str]) -> dict[str, float]:
    """Milliseconds of wall-clock and of CPU time: on a busy machine the former includes much waiting."""
    taken = np.array([_milliseconds(call, query) for query in queries])
    (wall_p50, cpu_p50), (wall_p95, cpu_p95) = np.percentile(taken, [50, 95], axis=0)
    return {
        name: round(float(value), 2)
        for name, value in (
            ("p50_ms", wall_p50),
            ("p95_ms", wall_p95),
            ("cpu_p50_ms", cpu_p50),
            ("cpu_p95_ms", cpu_p95),
        )
    }


def _milliseconds(call: Callable[[str], object], query: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    call(query)
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000


def _query(document: LexicalDocument) -> str:
    return f"{document.brand} {document.colour} {document.category} for {document.gender} under 80, not olive"


class _Steps:
    """The steps of ranking a full result set for a text."""

    def __init__(self, index: LexicalIndex, count: int) -> None:
        generator = np.random.default_rng(3)
        self._index = index
        self._vocabulary = Vocabulary.of(category=CATEGORIES, colour=COLOURS, gender=GENDERS)
        self._rows = np.sort(generator.choice(count, min(CAP, count), replace=False))
        self._groups = generator.integers(0, max(count // 3, 1), count)
        size = len(self._rows)
        self._scores = generator.random((4, size), np.float32)
        self._in_stock, self._age_days = generator.random(size) > 0.1, generator.random(size) * 400
        vectors = generator.standard_normal((size, DIMENSION), np.float32)
        self._vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._weights = configured_weights()
        self._categories = _categories(count, generator)
        self._query = self._vectors[0]

    def calls(self) -> dict[str, Callable[[str], object]]:
        return {
            "query parsing": self._parsed,
            "relevance": self._index.scores,
            "did you mean": self._index.did_you_mean,
            f"kinds of {len(self._categories)} categories": self._kinds,
            f"terms, order, diversity, folding of {len(self._rows):,}": self._order,
            "whole ranking step": self._whole,
        }

    def _parsed(self, text: str) -> ParsedQuery:
        return parse_query(
            text, self._vocabulary, translator=Translator(self._index.count, self._index.written)
        )

    def _order(self, _text: str) -> object:
        image, text, taste, relevance = self._scores
        ranked = ranking.rank(
            weight=0.5,
            image=image,
            text=text,
            relevance=relevance,
            taste=taste,
            in_stock=self._in_stock,
            age_days=self._age_days,
            weights=self._weights,
        )
        order, _scores = diversity.diversify(ranked.score, self._vectors, 0.5, keys=self._rows)
        return diversity.fold(self._rows[order], self._groups)

    def _whole(self, text: str) -> object:
        self._index.scores(self._parsed(text).text)
        self._kinds(text)
        return self._order(text)

    def _kinds(self, text: str) -> object:
        core = kind_words(text, self._categories)
        rows, relevance = self._index.scores(core)
        return kinds_of(
            core,
            self._categories,
            likeness=inner_products(self._categories.sample_vectors, self._query),
            names=inner_products(self._categories.name_vectors, self._query),
            saying=rows[relevance >= 0.5],
        )


def _categories(count: int, generator: np.random.Generator) -> Categories:
    """Categories of random products, with as large a sample of each as a catalogue has."""
    kinds = min(MOST_CATEGORIES, max(count // 100, 1))
    of_row = generator.integers(0, kinds, count).astype(np.int32)
    sizes = np.bincount(of_row, minlength=kinds)
    sampled = np.minimum(sizes, SAMPLE)
    return Categories(
        labels=tuple(f"Kind {number}" for number in range(kinds)),
        of_row=of_row,
        sizes=sizes,
        starts=np.cumsum([0, *sampled])[:-1],
        sample_vectors=generator.standard_normal((sampled.sum(), DIMENSION), np.float32),
        name_vectors=generator.standard_normal((kinds, DIMENSION), np.float32),
        named={},
        colour_stems=frozenset(COLOURS),
    )
