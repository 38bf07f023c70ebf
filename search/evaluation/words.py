"""Words measured through the whole search: other languages, misspelt words, and words that are none."""

from __future__ import annotations

import random
import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean

from catalog.display.cards import Card
from catalog.models import Product
from search import retrieval
from search.evaluation.languages import labelled_queries, precisions
from search.evaluation.metrics import DEPTH
from search.evaluation.queries import Split
from search.query import SearchQuery
from search.query_builder import IGNORE_SPELLING
from search.result import SearchResult

_CORRECT = Path(__file__).parent / "data" / "correct_words.txt"
_SEED = 3
# A query needs so many right products, and so many are misspelt.
_LEAST_PRODUCTS, _MISSPELT = 15, 70
_SHORTEST = 4
SLIPS = ("inserted", "missing", "replaced", "swapped")

Table = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Misspelt:
    """A query as it is meant and as it is typed; ``category`` and ``colour`` are right, "" for any."""

    meant: str
    typed: str
    slip: str
    category: str
    colour: str


class WordMeasures:
    """Measures the search in service; ``now`` is its moment."""

    def __init__(self, products: Sequence[Product], *, now: datetime) -> None:
        self._products = products
        self._now = now

    def table(self, split: Split) -> Table:
        """Task -> measures."""
        return {
            **{f"language {code}": {f"p@{DEPTH}": share} for code, share in self._languages(split).items()},
            **self._misspelt(),
            "correct words": self._correct(),
        }

    def _languages(self, split: Split) -> dict[str, float]:
        def answer(text: str) -> list[Card]:
            return [hit.product for hit in self._ask(text).hits]

        return precisions(labelled_queries(split), self._products, answer)

    def _misspelt(self) -> Table:
        shares: dict[str, list[float]] = defaultdict(list)
        for query in misspelt(self._products):
            corrected = self._share(query, query.typed)
            shares["misspelt"].append(corrected)
            shares[f"misspelt, a letter {query.slip}"].append(corrected)
            shares["misspelt, not corrected"].append(self._share(query, query.typed, IGNORE_SPELLING))
            shares["the same, correct"].append(self._share(query, query.meant))
        return {name: {f"p@{DEPTH}": fmean(found), "queries": len(found)} for name, found in shares.items()}

    def _share(self, query: Misspelt, text: str, *ignore: str) -> float:
        hits = self._ask(text, *ignore).hits[:DEPTH]
        right = (
            hit.product.category == query.category and query.colour in ("", hit.product.colour)
            for hit in hits
        )
        return sum(right) / DEPTH

    def _correct(self) -> dict[str, float]:
        texts = correct_words()
        changed = sum(bool(self._ask(text).text_corrected) for text in texts)
        return {"answered as another": changed, "queries": len(texts)}

    def _ask(self, text: str, *ignore: str) -> SearchResult:
        query = SearchQuery(text=text, top_k=DEPTH, ignore=ignore)
        return retrieval.search(query, user=None, now=self._now, track=False, log=False)


def correct_words() -> list[str]:
    """Words and phrases that are spelt correctly; a catalogue lacks many of them."""
    lines = _CORRECT.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def misspelt(products: Sequence[Product]) -> Iterator[Misspelt]:
    """Kinds and pairs of colour and kind with one letter wrong in one word, each in four ways."""
    generator = random.Random(_SEED)  # noqa: S311 - reproducible typos
    counts = Counter((product.category, product.colour) for product in products)
    counts.update((product.category, "") for product in products if product.colour)
    pairs = sorted(pair for pair, count in counts.items() if count >= _LEAST_PRODUCTS and pair[0])
    generator.shuffle(pairs)
    for category, colour in pairs[:_MISSPELT]:
        words = f"{colour} {category}".lower().split()
        for slip in SLIPS:
            at = generator.randrange(len(words))
            if len(words[at]) < _SHORTEST:
                at = max(range(len(words)), key=lambda place: len(words[place]))
            typed = [*words[:at], _slipped(words[at], slip, generator), *words[at + 1 :]]
            if typed != words:
                yield Misspelt(" ".join(words), " ".join(typed), slip, category, colour)


def _slipped(word: str, slip: str, generator: random.Random) -> str:
    """A word with one letter wrong, never the first."""
    at = generator.randrange(1, len(word))
    other = generator.choice([letter for letter in string.ascii_lowercase if letter != word[at]])
    if slip == "inserted":
        return word[:at] + other + word[at:]
    if slip == "missing":
        return word[:at] + word[at + 1 :]
    if slip == "replaced":
        return word[:at] + other + word[at + 1 :]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
