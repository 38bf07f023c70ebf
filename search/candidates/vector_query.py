"""A query made ready for the index, independent of the version of the index that answers it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np
from django.utils.functional import cached_property

from search.query import Filters, Sort
from search.ranking.curation import Placements
from search.ranking.rules import Rule
from search.ranking.score import Weights
from search.vectors import Vectors


@dataclass(frozen=True)
class Draft:
    """An experiment's other ranking of the same query, and the seed of the coins that say who picks first."""

    experiment: int
    seed: str
    rival: VectorQuery


@dataclass(frozen=True)
class VectorQuery:
    """What decides a result set. At least one of ``image`` and ``text``, (d,) unit vectors, is set, except
    for browsing.

    It holds no row numbers and no masks: those belong to one version of the index, and later pages of an
    answer follow its first page through a change of version.
    """

    # The picture's weight that applies, in [0, 1]: 1.0 without words, 0.0 without a picture.
    weight: float
    filters: Filters
    image: Vectors | None = None
    text: Vectors | None = None
    # The primary key of the product whose own picture ``image`` is.
    pictured: int | None = None
    # Whether words stand beside the picture at a weight between the pure ends, even if all became filters.
    is_beside_picture: bool = False
    # What BM25 looks for ("" for nothing), and the synonyms that may apply to it, by stemmed phrase.
    words: str = ""
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Products that may not answer: by primary key, by a value they have, by words they contain.
    excluded_keys: tuple[int, ...] = ()
    excluded_values: Filters = field(default_factory=Filters)
    excluded_words: tuple[str, ...] = ()
    # Directions (d,): what to keep a distance from, and what the person likes.
    unwanted: Vectors | None = None
    # Beside a picture instead of ``unwanted``: the difference (d,), no unit vector, that what is not wanted
    # makes to the kind of thing in it.
    unwanted_difference: Vectors | None = None
    # What the person likes may be several directions (k, d), each an interest of its own.
    taste: Vectors | None = None
    # Without words and picture, the interests (k, d) near any of which a product answers; ``image`` is the
    # strongest of them.
    interests: Vectors | None = None
    # Of each interest the share of the places that are its.
    shares: tuple[float, ...] = ()
    # The version of the popularity that counts in the order (search.ranking.popularity); "" where none does.
    popularity: str = ""
    # In [0, 1]: how much likeness to better results costs.
    diversity: float = 0.0
    # Products that staff placed for this query, by primary key: with the place of each that is pinned, in
    # their order, and those that are buried.
    pins: tuple[tuple[int, int], ...] = ()
    buried: tuple[int, ...] = ()
    # Staff's rules that hold for this query, in their order.
    rules: tuple[Rule, ...] = ()
    # The fields that the words were read as filters of, whatever the shopper then chose.
    read: tuple[str, ...] = ()
    # The filters that the words were read as, whatever the shopper then chose.
    readings: Filters = field(default_factory=Filters)
    # A value of ``Sort``: which variant stands for a style, and what of more than a result set holds is kept.
    order: str = Sort.RELEVANCE.value
    # Neither words nor a picture: whatever passes the filters answers.
    is_browse: bool = False
    # An article number: only products that carry it answer.
    article: str = ""
    # Kinds that the shopper took back, casefolded; None where no kind is read from the words.
    ignored_kinds: tuple[str, ...] | None = ()
    # Whether the encoder or the catalogue knows any of the words.
    is_known: bool = True
    # Words alone that nothing knows, nor anything spelt like them.
    is_unknown: bool = False
    # A filter-only query ("under 30"): whatever passes the filters answers.
    is_open: bool = False
    # The weights of the ranking where they are not those of the settings.
    weights: Weights | None = None
    # With another ranking that the answer is drawn from as well.
    draft: Draft | None = None

    def filtered(self, filters: Filters) -> VectorQuery:
        """The same query under other filters, with the ranking that its answer is drawn from as well."""
        draft = self.draft and replace(self.draft, rival=self.draft.rival.filtered(filters))
        return replace(self, filters=filters, draft=draft)

    def finds_as(self, other: VectorQuery) -> bool:
        """Whether another ranking of the same query finds the same products, whatever their order."""
        return self.synonyms == other.synonyms and self.placements == other.placements

    @property
    def placements(self) -> Placements:
        return Placements(self.pins, self.buried)

    def is_curated_as(self, other: VectorQuery) -> bool:
        """Whether staff's synonyms, placements and rules are the same in another ranking of the query."""
        return self.finds_as(other) and self.rules == other.rules

    def cache_key(self) -> str:
        """A digest of every field: two queries share it only when they have the same result set on the same
        index. There are no exclusions; whatever must not be part of the key does not belong here.
        """
        return self._cache_key

    # Asked for again and again while a query is answered.
    @cached_property
    def _cache_key(self) -> str:
        digest = hashlib.sha256()
        for each in fields(self):
            digest.update(f"{each.name}=".encode())
            digest.update(_canonical(getattr(self, each.name)))
        return digest.hexdigest()


def _canonical(value: object) -> bytes:
    """The same bytes for equal values, and other bytes for others."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype.str}{value.shape}".encode() + value.tobytes()
    if isinstance(value, Draft):
        return f"{value.experiment}/{value.seed}/{value.rival.cache_key()}".encode()
    if isinstance(value, Mapping):
        return repr(sorted(value.items())).encode(errors="surrogatepass")
    return repr(value).encode(errors="surrogatepass")
