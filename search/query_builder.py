"""From a shopper's query to one that the index can answer: the words parsed, both sides encoded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from catalog.models import Product
from search import engine, images
from search.candidates.vector_query import VectorQuery
from search.encoding.encoder import Encoder
from search.engine import IndexSnapshot
from search.language.german import German
from search.language.parser import ParsedQuery, parse_query
from search.models import ProductEmbedding, QueryImage
from search.query import Filters, InvalidQuery, SearchQuery
from search.ranking import curation, taste
from search.vectors import Vectors, from_bytes

if TYPE_CHECKING:
    from accounts.models import User

# How far the products in ``like`` move a query that has a picture of its own, in [0, 1].
LIKE_STRENGTH = 0.3


@dataclass(frozen=True)
class PreparedQuery:
    """A query, the vector query it became, and how its words were interpreted."""

    query: SearchQuery
    query_type: str
    vector_query: VectorQuery
    image_id: str | None = None
    # The words that were encoded, without those that became filters.
    words: str = ""
    text_truncated: bool = False
    parsed: ParsedQuery = field(default_factory=ParsedQuery)


@dataclass(frozen=True)
class ImageSide:
    """The picture's side of a query: its unit vector (d,), its image_id, and products to leave out."""

    vector: Vectors | None = None
    image_id: str | None = None
    # Primary keys of the products whose pictures were asked with: nobody looks for what they hold.
    excluded_keys: tuple[int, ...] = ()

    def excluding(self, keys: Iterable[int]) -> ImageSide:
        """The same side with more products to leave out."""
        return replace(self, excluded_keys=tuple(sorted({*self.excluded_keys, *keys})))


class QueryBuilder:
    """Prepares one query, step by step, for one snapshot of the index."""

    def __init__(
        self, query: SearchQuery, snapshot: IndexSnapshot, *, user: User | None, now: datetime
    ) -> None:
        self._query = query
        self._snapshot = snapshot
        self._user = user
        self._now = now

    def build(self) -> PreparedQuery:
        """Raises InvalidQuery for a query without words and picture, UnknownImage, InvalidImage, NotReady or
        Busy.
        """
        side = self._towards_likes(self._picture() if self._query.has_picture else ImageSide())
        if side.vector is None and not self._query.text:
            return self._for_you(side)
        return self._with_words(side)

    def _with_words(self, side: ImageSide) -> PreparedQuery:
        """Words with a picture or without one, or a picture alone."""
        query = self._query
        weight = 0.0 if side.vector is None else query.weight if query.text else 1.0
        parsed = self._parsed(weight)
        # Beside a picture, a filter-only text leaves nothing for the words' side.
        words = parsed.text or ("" if parsed.chips and weight > 0.0 else query.text)
        staff = curation.current()
        vector_query = VectorQuery(
            weight=weight if words else 1.0,
            filters=parsed.narrow(query.filters),
            image=side.vector,
            text=self._encode_text(words) if words else None,
            words=words,
            synonyms=staff.relevant_synonyms(words),
            excluded_keys=side.excluded_keys,
            excluded_values=parsed.excluded,
            excluded_words=parsed.unwanted,
            unwanted=self._encode_text(" ".join(parsed.unwanted)) if parsed.unwanted else None,
            taste=self._personal_taste(),
            diversity=query.diversity,
            # At weight 1.0 the answer is exactly that of the picture.
            placements=staff.placements(query.text, self._now) if weight < 1.0 else {},
            is_open=side.vector is None and not parsed.text,
        )
        return PreparedQuery(
            query=query,
            query_type=_query_type(side.vector, words),
            vector_query=vector_query,
            image_id=side.image_id,
            words=words,
            text_truncated=bool(words) and engine.ready_encoder().was_truncated(words),
            parsed=parsed,
        )

    def _for_you(self, side: ImageSide) -> PreparedQuery:
        """Without words and picture, a signed-in person's own taste is the query."""
        if self._user is None or not self._query.personal:
            raise InvalidQuery("text", _("Say what you are looking for, or send a picture."))
        wanted, keys = taste.of_user(self._user, self._snapshot, now=self._now)
        if wanted is None:
            raise InvalidQuery(
                "text", _("Say what you are looking for: there are no favourites to go by yet.")
            )
        vector_query = VectorQuery(
            weight=1.0,
            filters=self._query.filters,
            image=wanted,
            excluded_keys=side.excluding(keys).excluded_keys,
            diversity=self._query.diversity,
        )
        return PreparedQuery(query=self._query, query_type="for_you", vector_query=vector_query)

    def _parsed(self, weight: float) -> ParsedQuery:
        """The interpretation of the words; at weight 1.0 none, as only the picture counts.

        Beside a picture a colour is no filter but weighed like all words: the shopper set their weight.
        """
        query = self._query
        parsed = parse_query(
            query.text if weight < 1.0 else "",
            self._snapshot.columns.vocabulary(),
            ignore=query.ignore,
            exclude=query.exclude,
            german=German(self._snapshot.lexical.count),
        )
        return parsed.without("colour") if 0.0 < weight < 1.0 else parsed

    def _picture(self) -> ImageSide:
        """The query picture: an upload, an earlier upload, or a product's own."""
        query = self._query
        product = None if query.picture is not None else images.product_of(query.image_id)
        excluded = () if product is None else (product.pk,)
        if product is not None and query.crop is None:
            return ImageSide(_stored_image(product), query.image_id, excluded)
        kept = self._kept_picture(product)
        return ImageSide(self._encode_image(kept), kept.image_id, excluded)

    def _kept_picture(self, product: Product | None) -> QueryImage:
        """The query picture as stored: the part that counts where the query has a crop."""
        query, now = self._query, self._now
        if query.picture is not None:
            return images.keep_query_image(query.picture, crop=query.crop, user=self._user, now=now)
        # The part of a product's picture is nobody's own.
        user = self._user if product is None else None
        if product is not None:
            kept = images.keep_product_image(product, now=now)
        else:
            kept = images.find_query_image(query.image_id, now=now)
        return kept if query.crop is None else images.cropped(kept, query.crop, user=user, now=now)

    def _towards_likes(self, side: ImageSide) -> ImageSide:
        """The picture's side moved towards the products in ``like``, away from those marked with a minus;
        without a picture, what those products have in common.
        """
        if not self._query.like:
            return side
        wanted, keys = taste.of_products(self._query.like, self._snapshot, now=self._now)
        vector = side.vector
        if vector is None:
            vector = wanted
        elif wanted is not None:
            vector = taste.interpolate(vector, wanted, LIKE_STRENGTH)
        return replace(side, vector=vector).excluding(keys)

    def _personal_taste(self) -> Vectors | None:
        if self._user is None or not (self._query.personal and self._user.personal_results):
            return None
        return taste.of_user(self._user, self._snapshot, now=self._now)[0]

    def _encode_text(self, words: str) -> Vectors:
        return _encode_text(words, self._now)

    def _encode_image(self, kept: QueryImage) -> Vectors:
        def encode(encoder: Encoder) -> Vectors:
            row: Vectors = encoder.encode_images([images.load(kept)])[0]
            return row

        return engine.embed("image", kept.image_id, encode, now=self._now)


def prepare_similar(product: Product, snapshot: IndexSnapshot, *, top_k: int, now: datetime) -> PreparedQuery:
    """The query for products like this one: its own document vector, itself left out.

    A product too new for the index is looked for by its title.
    """
    rows = snapshot.columns.rows_of([product.pk])
    query = SearchQuery(image_id=images.product_image_id(product), weight=1.0, top_k=top_k)
    if len(rows):
        vector_query = VectorQuery(
            weight=1.0,
            filters=Filters(),
            image=snapshot.index.vectors[rows[0]],
            excluded_keys=(product.pk,),
        )
    else:
        vector_query = VectorQuery(weight=0.0, filters=Filters(), text=_encode_text(product.title, now))
    return PreparedQuery(query=query, query_type="image", vector_query=vector_query, image_id=query.image_id)


def _encode_text(words: str, now: datetime) -> Vectors:
    return engine.embed("text", words, lambda encoder: encoder.encode_text([words])[0], now=now)


def _stored_image(product: Product) -> Vectors:
    """The picture vector (d,) of record of a product. Raises UnknownImage where it has none."""
    fingerprint = engine.ready_encoder().fingerprint
    stored = ProductEmbedding.objects.filter(product=product, fingerprint=fingerprint).first()
    if stored is None or stored.image_vector is None:
        raise images.UnknownImage(
            _("This product has no picture to search with. Choose another one, or send a picture.")
        )
    return from_bytes(stored.image_vector)


def _query_type(image: Vectors | None, words: str) -> str:
    if image is None:
        return "text"
    return "hybrid" if words else "image"
