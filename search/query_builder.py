"""From a shopper's query to one that the index can answer: the words parsed, both sides encoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from catalog.models import Product
from search import engine, images
from search.candidates.vector_query import VectorQuery
from search.encoding.encoder import Encoder
from search.engine import IndexSnapshot
from search.language.parser import IGNORE_ALL, ParsedQuery, parse_query
from search.language.translation import Translator
from search.models import ProductEmbedding, QueryImage
from search.query import Filters, InvalidQuery, SearchQuery
from search.ranking import curation, taste
from search.vectors import Vectors, from_bytes

if TYPE_CHECKING:
    from accounts.models import User

# How far the products in ``like`` move a query that has a picture of its own, in [0, 1].
LIKE_STRENGTH = 0.3
# Takes a correction back and searches for the words as they were typed.
IGNORE_SPELLING = "spelling"
# How much nearer to the catalogue corrected words must be, as a cosine (docs/measurements.md).
_SURER = 0.01


@dataclass(frozen=True)
class PreparedQuery:
    """A query, the vector query it became, and how its words were interpreted."""

    query: SearchQuery
    query_type: str
    vector_query: VectorQuery
    image_id: str | None = None
    # The words that were encoded, without those that became filters.
    words: str = ""
    # The words that were answered instead of misspelt ones, "" where none were; and words that nothing knows.
    text_corrected: str = ""
    unknown_words: tuple[str, ...] = ()
    text_truncated: bool = False
    parsed: ParsedQuery = field(default_factory=ParsedQuery)


@dataclass(frozen=True)
class Spelling:
    """What the words were corrected to, or else the words that nothing knows."""

    corrected: str = ""
    unknown: tuple[str, ...] = ()


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
        article = len(self._snapshot.lexical.article_rows(query.text)) > 0 and side.vector is None
        spelling = Spelling() if article or weight == 1.0 else self._spelling()
        text = spelling.corrected or query.text
        parsed = ParsedQuery(text=text) if article else self._parsed(text, weight)
        # Beside a picture, a filter-only text leaves nothing for the words' side.
        words = parsed.text or ("" if parsed.chips and weight > 0.0 else text)
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
            is_open=side.vector is None and (article or not parsed.text),
            article=text if article else "",
        )
        return PreparedQuery(
            query=query,
            query_type=_query_type(side.vector, words),
            vector_query=vector_query,
            image_id=side.image_id,
            words=words,
            text_corrected=spelling.corrected,
            unknown_words=spelling.unknown,
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

    def _spelling(self) -> Spelling:
        """The words with misspelt ones corrected, where that is at least as sure as what was typed: the
        catalogue has the words, and its products are as near to them.
        """
        text, lexical = self._query.text, self._snapshot.lexical
        synonyms, is_word = curation.current().synonyms, self._word_test()
        unknown = lexical.unknown_words(text, synonyms=synonyms, is_word=is_word)
        corrected = lexical.did_you_mean(text, synonyms=synonyms, is_word=is_word)
        is_wanted = IGNORE_SPELLING not in self._query.ignore and IGNORE_ALL not in self._query.ignore
        if corrected and is_wanted and self._is_as_sure(text, corrected):
            return Spelling(corrected)
        return Spelling(unknown=unknown)

    def _word_test(self) -> Callable[[str], bool]:
        """Whether a folded word is one, though no product has it: the encoder knows it, or it is foreign."""
        foreign = {word for span in self._translator().spans(self._query.text) for word in span.words}
        encoder = engine.ready_encoder()
        return lambda word: word in foreign or not word.isascii() or encoder.knows(word)

    def _is_as_sure(self, typed: str, corrected: str) -> bool:
        _rows, relevance = self._snapshot.lexical.scores(corrected)
        if not len(relevance) or len(self._snapshot.index) == 0:
            return False
        before, after = (self._nearest(text) for text in (typed, corrected))
        return after >= before + _SURER

    def _nearest(self, text: str) -> float:
        """The cosine of the product nearest to ``text``."""
        _rows, similarities = self._snapshot.index.nearest(self._encode_text(text), 1)
        return float(similarities.max(initial=-1.0))

    def _translator(self) -> Translator:
        return Translator(self._snapshot.lexical.count, self._snapshot.lexical.written)

    def _parsed(self, text: str, weight: float) -> ParsedQuery:
        """The interpretation of the words; at weight 1.0 none, as only the picture counts.

        Beside a picture a colour is no filter but weighed like all words: the shopper set their weight.
        """
        query, lexical = self._query, self._snapshot.lexical
        parsed = parse_query(
            text if weight < 1.0 else "",
            self._snapshot.columns.vocabulary(),
            ignore=query.ignore,
            exclude=query.exclude,
            translator=self._translator(),
            is_name=lexical.is_name,
            price=self._price(),
        )
        return parsed.without("colour") if 0.0 < weight < 1.0 else parsed

    def _price(self) -> Decimal | None:
        """The price of the product whose picture is asked with."""
        product = images.product_of(self._query.image_id) if self._query.image_id else None
        return product.price if product else None

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
        raise images.UnknownImage(_("This product has no picture to search with."))
    return from_bytes(stored.image_vector)


def _query_type(image: Vectors | None, words: str) -> str:
    if image is None:
        return "text"
    return "hybrid" if words else "image"
