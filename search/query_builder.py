"""From what a shopper sent to a vector_query the index can answer: words parsed, both sides encoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from catalog.models import Product
from search import engine, images
from search.candidates.generator import VectorQuery
from search.encoding.encoder import Encoder
from search.engine import IndexSnapshot
from search.language.german import German
from search.language.parser import ParsedQuery, parse_query
from search.models import ProductEmbedding, QueryImage
from search.query import Filters, InvalidQuery, SearchQuery
from search.ranking import curation, taste
from search.vectors import Mask, Vectors, from_bytes

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class PreparedQuery:
    """A query with the vector_query it became, and what the answer says about how it was read."""

    query: SearchQuery
    query_type: str
    vector_query: VectorQuery
    image_id: str | None = None
    # The words that were encoded, without those that became filters.
    words: str = ""
    text_truncated: bool = False
    parsed: ParsedQuery = field(default_factory=ParsedQuery)


class QueryBuilder:
    """Reads one query, step by step, against what is being served."""

    def __init__(
        self, query: SearchQuery, snapshot: IndexSnapshot, *, user: User | None, now: datetime
    ) -> None:
        self._query = query
        self._snapshot = snapshot
        self._user = user
        self._now = now
        # Keys of products that may not answer: the one asked about, those leaned towards.
        self._left_out: list[int] = []
        self._image_id: str | None = None

    def build(self) -> PreparedQuery:
        """Raises InvalidQuery when nothing was asked, UnknownImage, InvalidImage, NotReady or Busy."""
        image = self._image() if self._query.has_picture else None
        liked = self._liked()
        if image is None:
            image = liked
        elif liked is not None:
            image = taste.interpolate(image, liked, LIKE_STRENGTH)
        if image is None and not self._query.text:
            return self._for_you()
        return self._with_words(image)

    def _with_words(self, image: Vectors | None) -> PreparedQuery:
        """Words with a picture or without one, or a picture alone."""
        query = self._query
        weight = 0.0 if image is None else query.weight if query.text else 1.0
        parsed = self._parsed(weight)
        # Beside a picture, words that all became filters leave nothing for the words' side.
        words = parsed.text or ("" if parsed.chips and weight > 0.0 else query.text)
        staff = curation.current()
        vector_query = VectorQuery(
            weight=weight if words else 1.0,
            filters=parsed.narrow(query.filters),
            image=image,
            text=self._encode_text(words) if words else None,
            lexical=self._snapshot.lexical.scores(words, synonyms=staff.synonyms) if words else None,
            excluded=self._excluded(parsed),
            unwanted=self._encode_text(" ".join(parsed.unwanted)) if parsed.unwanted else None,
            taste=self._personal_taste(),
            diversity=query.diversity,
            # At weight 1.0 the answer is exactly that of the picture.
            placements=staff.placements(query.text, self._now) if weight < 1.0 else {},
            said=repr((words, staff.synonyms_in(words), self._left_out, parsed)),
            is_open=image is None and not parsed.text,
        )
        return PreparedQuery(
            query=query,
            query_type=_query_type(image, words),
            vector_query=vector_query,
            image_id=self._image_id,
            words=words,
            text_truncated=bool(words) and engine.ready_encoder().was_truncated(words),
            parsed=parsed,
        )

    def _for_you(self) -> PreparedQuery:
        """Nothing was asked: a signed-in person's own taste is the vector_query."""
        if self._user is None or not self._query.personal:
            raise InvalidQuery("text", _("Say what you are looking for, or send a picture."))
        wanted, keys = taste.of_user(self._user, self._snapshot, now=self._now)
        if wanted is None:
            raise InvalidQuery(
                "text", _("Say what you are looking for: there are no favourites to go by yet.")
            )
        self._left_out += keys
        vector_query = VectorQuery(
            weight=1.0,
            filters=self._query.filters,
            image=wanted,
            excluded=self._excluded(ParsedQuery()),
            diversity=self._query.diversity,
            said=repr(self._left_out),
        )
        return PreparedQuery(query=self._query, query_type="for_you", vector_query=vector_query)

    def _parsed(self, weight: float) -> ParsedQuery:
        """What the words say beyond a look; at weight 1.0 they say nothing, as only the picture counts.

        Beside a picture a colour stays a wish, weighed like all words: the shopper set how much they count.
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

    def _excluded(self, parsed: ParsedQuery) -> Mask | None:
        """(n,) rows that may not answer, or None when all may."""
        columns = self._snapshot.columns
        excluded = np.zeros(len(columns.keys), dtype=bool)
        excluded[columns.rows_of(self._left_out)] = True
        for _name, mask in columns.filter_masks(parsed.excluded):
            excluded |= mask
        for words in parsed.unwanted:
            excluded[self._snapshot.lexical.rows_with(words)] = True
        return excluded if excluded.any() else None

    def _image(self) -> Vectors:
        """The query picture's vector: an upload's, an earlier upload's, or a product's own."""
        query, now = self._query, self._now
        if query.picture is None and (product := images.product_of(query.image_id)) is not None:
            self._image_id = query.image_id
            self._left_out.append(product.pk)
            if query.crop is None:
                return self._product_image(product)
            kept = images.keep_product_image(product, now=now)
        elif query.picture is not None:
            kept = images.keep_query_image(query.picture, now=now)
        else:
            kept = images.find_query_image(query.image_id, now=now)
        if query.crop is not None:
            kept = images.cropped(kept, query.crop, now=now)
        self._image_id = kept.image_id
        return self._encode_image(kept)

    def _product_image(self, product: Product) -> Vectors:
        fingerprint = engine.ready_encoder().fingerprint
        stored = ProductEmbedding.objects.filter(product=product, fingerprint=fingerprint).first()
        if stored is None or stored.image_vector is None:
            raise images.UnknownImage(_("This product has no picture to search with."))
        return from_bytes(stored.image_vector)

    def _liked(self) -> Vectors | None:
        """What the products in ``like`` have in common, away from those marked with a minus."""
        if not self._query.like:
            return None
        wanted, keys = taste.of_products(self._query.like, self._snapshot, now=self._now)
        self._left_out += keys
        return wanted

    def _personal_taste(self) -> Vectors | None:
        if self._user is None or not (self._query.personal and self._user.personal_results):
            return None
        return taste.of_user(self._user, self._snapshot, now=self._now)[0]

    def _encode_text(self, words: str) -> Vectors:
        return engine.embed("text", words, lambda encoder: encoder.encode_text([words])[0], now=self._now)

    def _encode_image(self, kept: QueryImage) -> Vectors:
        def encode(encoder: Encoder) -> Vectors:
            return encoder.encode_images([images.load(kept)])[0]

        return engine.embed("image", kept.image_id, encode, now=self._now)


# How far products to lean towards move a query that has a picture of its own.
LIKE_STRENGTH = 0.3


def prepare_similar(product: Product, snapshot: IndexSnapshot, *, top_k: int, now: datetime) -> PreparedQuery:
    """The vector_query for products like this one: its own vector, itself left out.

    A product too new for the index is asked for by its title.
    """
    rows = snapshot.columns.rows_of([product.pk])
    excluded = np.zeros(len(snapshot.columns.keys), dtype=bool)
    excluded[rows] = True
    query = SearchQuery(image_id=images.product_image_id(product), weight=1.0, top_k=top_k)
    if len(rows):
        vector_query = VectorQuery(
            weight=1.0,
            filters=Filters(),
            image=snapshot.index.vectors[rows[0]],
            excluded=excluded,
            said=query.image_id,
        )
    else:
        text = engine.embed(
            "text", product.title, lambda encoder: encoder.encode_text([product.title])[0], now=now
        )
        vector_query = VectorQuery(weight=0.0, filters=Filters(), text=text)
    return PreparedQuery(query=query, query_type="image", vector_query=vector_query, image_id=query.image_id)


def _query_type(image: Vectors | None, words: str) -> str:
    if image is None:
        return "text"
    return "hybrid" if words else "image"
