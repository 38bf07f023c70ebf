"""The answer to a search: pages and API print this one object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from catalog.display.cards import Card
from search.language.tokens import words
from search.query import Chip, Crop, SearchQuery, Sort


@dataclass(frozen=True)
class Hit:
    """One product of the answer. Every score lies in [0, 1]; None where that side was not asked.

    ``similarity = weight·image_score + (1 - weight)·text_score`` for a hybrid query, so a client can
    re-rank what it holds while the shopper moves the weight. ``terms`` names every part of ``score``
    and ``notes`` explains curation ("Chosen for this search", "Also called sneakers").
    """

    rank: int
    product: Card
    score: float
    similarity: float
    image_score: float | None
    text_score: float | None
    relevance: float | None
    terms: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    # Whether staff pinned it to its place, which it keeps at any weight below 1.
    is_pinned: bool = False
    # How close it is to what the person likes, in [0, 1]; 0.0 where nothing is known of it.
    taste: float = 0.0
    # Other colours of the same style that this card stands for.
    variants: tuple[Card, ...] = ()

    @property
    def is_explained(self) -> bool:
        """Whether there is anything to say about why it is here; not so while browsing."""
        return self.text_score is not None or self.image_score is not None or bool(self.notes)


@dataclass(frozen=True)
class FacetValue:
    """One choice of a facet, and how many results choosing it would leave."""

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True)
class AttributeFacet:
    """The choices of one further attribute; the filter is ``attribute=<name>:<value>``."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Facets:
    """The choices within the result set; the counts of a facet ignore that facet's own filter."""

    category: tuple[FacetValue, ...] = ()
    colour: tuple[FacetValue, ...] = ()
    brand: tuple[FacetValue, ...] = ()
    gender: tuple[FacetValue, ...] = ()
    # Sizes that can be bought.
    size: tuple[FacetValue, ...] = ()
    material: tuple[FacetValue, ...] = ()
    pattern: tuple[FacetValue, ...] = ()
    # Every path with its steps, depth first, the larger branch before the smaller: "Apparel > Topwear".
    category_tree: tuple[FacetValue, ...] = ()
    # What at least half of the answer states.
    attributes: tuple[AttributeFacet, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: int = 0
    on_sale: int = 0

    def to_dict(self) -> dict[str, Any]:
        """For JSON; ``dataclasses.asdict`` copies each value deeply, which costs more than the counts."""
        attributes = [{"name": each.name, "values": _stored(each.values)} for each in self.attributes]
        return {name: _stored(value) for name, value in vars(self).items()} | {"attributes": attributes}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Facets:
        """What ``to_dict`` made."""
        lists: dict[str, Any] = {
            name: _facet_values(value)
            for name, value in stored.items()
            if isinstance(value, list | tuple) and name != "attributes"
        }
        lists["attributes"] = tuple(
            AttributeFacet(each["name"], _facet_values(each["values"])) for each in stored["attributes"]
        )
        prices = {name: Decimal(value) for name, value in stored.items() if isinstance(value, str)}
        return cls(**stored | lists | prices)


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return [dict(vars(each)) for each in value]
    return str(value) if isinstance(value, Decimal) else value


def _facet_values(stored: Iterable[dict[str, Any]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(**each) for each in stored)


@dataclass(frozen=True)
class Relaxed:
    """A filter, or readings of the words, that were let go because nothing is left with them.

    ``text`` says so with what is left ("3 without colour Red"); ``field`` and ``value`` are the first one's.
    What is new stands in place of a sale that there is not (``is_of_a_sale``).
    """

    text: str
    field: str
    value: str
    is_of_a_sale: bool = False


@dataclass(frozen=True)
class SearchResult:
    """One page of the frozen result set of a query, with what is needed to filter and page it further."""

    query_id: UUID
    query: SearchQuery
    # 'text', 'image', 'hybrid'; 'for_you' from a signed-in user's taste; 'browse' without any.
    query_type: str
    image_id: str | None
    text_truncated: bool
    index_version: str
    cutoff: float
    total: int
    total_is_capped: bool
    next_offset: int | None
    # Milliseconds by stage: encode, search, rank, total (and finer ones).
    took_ms: dict[str, float]
    hits: tuple[Hit, ...]
    facets: Facets
    cache_hit: bool = False
    # The part of the picture that was compared, where the search chose it.
    searched: Crop | None = None
    chips: tuple[Chip, ...] = ()
    # The order of the hits, and that of the same query where none is chosen: as the words ask.
    order: Sort = Sort.RELEVANCE
    usual_order: Sort = Sort.RELEVANCE
    # Whether popularity, learned of views and purchases, can order them.
    is_popularity_known: bool = False
    did_you_mean: str = ""
    # The local path that staff send this query to; "" for none.
    redirect: str = ""
    # The words that were answered instead of misspelt ones; None where none were.
    text_corrected: str | None = None
    # Words, folded, that neither the catalogue nor the encoder nor any language of queries knows.
    unknown_words: tuple[str, ...] = ()
    # A thing that the words name and the shop has none of, as it was typed; "" for none. What is found is
    # near to the words and does not match them then.
    not_sold: str = ""
    # Hits outside the result set that would lead at another weight: the best for the words alone and for
    # the picture alone. The slider re-ranks over hits + rerank_pool without a request.
    rerank_pool: tuple[Hit, ...] = ()
    # Looser matches behind the answer, ranked among themselves: never counted, paged or sorted with it.
    close: tuple[Hit, ...] = ()
    # The answer that ``close`` was cut from, where it is not this one.
    close_id: UUID | None = None
    # What was let go: a reading of the words, so that something answers, or a filter, so that ``close`` does.
    relaxed: Relaxed | None = None
    # Of an answer that an experiment drew from two rankings, its key and the products of each team by primary
    # key; both None for any other, and no teams where another order than by relevance was asked for.
    experiment: int | None = None
    teams: Mapping[str, tuple[int, ...]] | None = None

    @property
    def is_without_a_sale(self) -> bool:
        """Whether nothing is reduced where somebody looked around among that; what is new is shown then."""
        return self.relaxed is not None and self.relaxed.is_of_a_sale

    @property
    def knows_no_word(self) -> bool:
        """Whether there are words, and none of them is known: what is near to them is so by chance."""
        unknown = set(words(" ".join(self.unknown_words)))
        return bool(unknown) and unknown.issuperset(words(self.query.text))
