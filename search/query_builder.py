"""From what a shopper sent to a question the index can answer: words understood, both sides encoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from catalog.models import Product
from search import engine, images
from search.candidates.generator import Question
from search.encoding.encoder import Encoder
from search.engine import Serving
from search.fusion import Vectors
from search.index.columns import Mask
from search.language.german import German
from search.language.parser import Understood, Vocabulary, understand
from search.models import ProductEmbedding, QueryImage
from search.query import Filters, InvalidQuery, SearchQuery
from search.ranking import curation, taste

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Asked:
    """A query with the question it became, and what the answer says about how it was read."""

    query: SearchQuery
    query_type: str
    question: Question
    image_id: str | None = None
    # The words that were encoded, without those that became filters.
    words: str = ""
    text_truncated: bool = False
    understood: Understood = field(default_factory=Understood)


class Asker:
    """Reads one query, step by step, against what is being served."""

    def __init__(self, query: SearchQuery, serving: Serving, *, user: User | None, now: datetime) -> None:
        self._query = query
        self._serving = serving
        self._user = user
        self._now = now
        # Keys of products that may not answer: the one asked about, those leaned towards.
        self._left_out: list[int] = []
        self._image_id: str | None = None

    def asked(self) -> Asked:
        """Raises InvalidQuery when nothing was asked, UnknownImage, InvalidImage, NotReady or Busy."""
        image = self._image() if self._query.has_picture else None
        liked = self._liked()
        if image is None:
            image = liked
        elif liked is not None:
            image = taste.lean(image, liked, LIKE_STRENGTH)
        if image is None and not self._query.text:
            return self._for_you()
        return self._with_words(image)

    def _with_words(self, image: Vectors | None) -> Asked:
        """Words with a picture or without one, or a picture alone."""
        query = self._query
        weight = 0.0 if image is None else query.weight if query.text else 1.0
        understood = self._understood(weight)
        # Beside a picture, words that all became filters leave nothing for the words' side.
        words = understood.text or ("" if understood.chips and weight > 0.0 else query.text)
        staff = curation.current()
        question = Question(
            weight=weight if words else 1.0,
            filters=understood.narrow(query.filters),
            image=image,
            text=self._encode_text(words) if words else None,
            lexical=self._serving.lexical.scores(words, synonyms=staff.synonyms) if words else None,
            barred=self._barred(understood),
            unwanted=self._encode_text(" ".join(understood.unwanted)) if understood.unwanted else None,
            taste=self._personal_taste(),
            diversity=query.diversity,
            # At weight 1.0 the answer is exactly that of the picture.
            placements=staff.placements(query.text, self._now) if weight < 1.0 else {},
            said=repr((words, staff.synonyms_in(words), self._left_out, understood)),
            is_open=image is None and not understood.text,
        )
        return Asked(
            query=query,
            query_type=_query_type(image, words),
            question=question,
            image_id=self._image_id,
            words=words,
            text_truncated=bool(words) and engine.ready_encoder().was_truncated(words),
            understood=understood,
        )

    def _for_you(self) -> Asked:
        """Nothing was asked: a signed-in person's own taste is the question."""
        if self._user is None or not self._query.personal:
            raise InvalidQuery("text", _("Say what you are looking for, or send a picture."))
        wanted, keys = taste.of_user(self._user, self._serving, now=self._now)
        if wanted is None:
            raise InvalidQuery(
                "text", _("Say what you are looking for: there are no favourites to go by yet.")
            )
        self._left_out += keys
        question = Question(
            weight=1.0,
            filters=self._query.filters,
            image=wanted,
            barred=self._barred(Understood()),
            diversity=self._query.diversity,
            said=repr(self._left_out),
        )
        return Asked(query=self._query, query_type="for_you", question=question)

    def _understood(self, weight: float) -> Understood:
        """What the words say beyond a look; at weight 1.0 they say nothing, as only the picture counts.

        Beside a picture a colour stays a wish, weighed like all words: the shopper set how much they count.
        """
        query = self._query
        understood = understand(
            query.text if weight < 1.0 else "",
            Vocabulary.from_columns(self._serving.columns),
            ignore=query.ignore,
            exclude=query.exclude,
            german=German(self._serving.lexical.count),
        )
        return understood.without("colour") if 0.0 < weight < 1.0 else understood

    def _barred(self, understood: Understood) -> Mask | None:
        """(n,) rows that may not answer, or None when all may."""
        columns = self._serving.columns
        barred = np.zeros(len(columns.keys), dtype=bool)
        barred[columns.rows_of(self._left_out)] = True
        for _name, mask in columns.filter_masks(understood.excluded):
            barred |= mask
        for words in understood.unwanted:
            barred[self._serving.lexical.rows_with(words)] = True
        return barred if barred.any() else None

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
        return np.frombuffer(bytes(stored.image_vector), dtype="<f4")

    def _liked(self) -> Vectors | None:
        """What the products in ``like`` have in common, away from those marked with a minus."""
        if not self._query.like:
            return None
        wanted, keys = taste.of_products(self._query.like, self._serving, now=self._now)
        self._left_out += keys
        return wanted

    def _personal_taste(self) -> Vectors | None:
        if self._user is None or not (self._query.personal and self._user.personal_results):
            return None
        return taste.of_user(self._user, self._serving, now=self._now)[0]

    def _encode_text(self, words: str) -> Vectors:
        return engine.embed("text", words, lambda encoder: encoder.encode_text([words])[0], now=self._now)

    def _encode_image(self, kept: QueryImage) -> Vectors:
        def encode(encoder: Encoder) -> Vectors:
            return encoder.encode_images([images.load(kept)])[0]

        return engine.embed("image", kept.image_id, encode, now=self._now)


# How far products to lean towards move a query that has a picture of its own.
LIKE_STRENGTH = 0.3


def ask_similar(product: Product, serving: Serving, *, top_k: int, now: datetime) -> Asked:
    """The question for products like this one: its own vector, itself left out.

    A product too new for the index is asked for by its title.
    """
    rows = serving.columns.rows_of([product.pk])
    barred = np.zeros(len(serving.columns.keys), dtype=bool)
    barred[rows] = True
    query = SearchQuery(image_id=images.product_image_id(product), weight=1.0, top_k=top_k)
    if len(rows):
        question = Question(
            weight=1.0,
            filters=Filters(),
            image=serving.index.vectors[rows[0]],
            barred=barred,
            said=query.image_id,
        )
    else:
        text = engine.embed(
            "text", product.title, lambda encoder: encoder.encode_text([product.title])[0], now=now
        )
        question = Question(weight=0.0, filters=Filters(), text=text)
    return Asked(query=query, query_type="image", question=question, image_id=query.image_id)


def _query_type(image: Vectors | None, words: str) -> str:
    if image is None:
        return "text"
    return "hybrid" if words else "image"
