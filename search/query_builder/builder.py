"""From a shopper's query to one that the index can answer: the words parsed, both sides encoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from search import engine
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.language.brands import without
from search.language.languages import languages, look_up
from search.language.lexicon import VALID_WORDS
from search.language.parser import ParsedQuery, parse_query
from search.language.tokens import stem
from search.language.tokens import words as split
from search.language.wording.compounds import in_two
from search.language.wording.emoji import in_words
from search.query import InvalidQuery, SearchQuery
from search.query_builder.encoding import encode_text, encode_words
from search.query_builder.pictures import ImageSide, image_side
from search.query_builder.prepared import PreparedQuery
from search.query_builder.spelling import Spelling, spelling_of, translator_of
from search.query_builder.unwanted import unwanted_beside_picture
from search.ranking import curation, popularity, taste
from search.ranking.curation import Curation
from search.ranking.kinds import ignored_kinds, is_readable
from search.vectors import Vectors

if TYPE_CHECKING:
    from accounts.models import User

# How far the products in ``like`` move a query that has a picture of its own, in [0, 1].
LIKE_STRENGTH = 0.3
# How much likeness to better results costs where nothing was asked for: each interest has its turn.
FOR_YOU_DIVERSITY = 0.3


class QueryBuilder:
    """Prepares one query, step by step, for one snapshot of the index."""

    def __init__(
        self,
        query: SearchQuery,
        snapshot: IndexSnapshot,
        *,
        user: User | None,
        now: datetime,
        likes: taste.Likes | None = None,
    ) -> None:
        self._query = query
        self._snapshot = snapshot
        self._user = user
        self._likes = likes or taste.Likes(user, "", snapshot, now)
        self._now = now

    def build(self) -> PreparedQuery:
        """Raises InvalidQuery for a query without words and picture, UnknownImage, InvalidImage, NotReady or
        Busy.
        """
        side = self._towards_likes(image_side(self._query, self._snapshot, user=self._user, now=self._now))
        if side.vector is None and not self._query.text:
            return self._browsing() if self._query.browse else self._for_you(side)
        return self._with_words(side)

    def _with_words(self, side: ImageSide) -> PreparedQuery:
        """Words with a picture or without one, or a picture alone."""
        query = self._query
        weight = 0.0 if side.vector is None else query.weight if query.text else 1.0
        article = len(self._snapshot.lexical.article_rows(query.text)) > 0 and side.vector is None
        is_literal = article or weight == 1.0
        spelling = Spelling() if is_literal else spelling_of(query, self._snapshot, now=self._now)
        typed = spelling.corrected or query.text
        # A brand that nobody here carries sounds like something else to an encoder.
        asked = without(typed, spelling.brands) or typed
        # "Bagpack" is no bag but a misspelt backpack.
        text = in_words(asked) if spelling.suggested else in_two(in_words(asked), self._is_word)
        # "Calvin Klein" is no German for something small.
        is_name = article or (bool(spelling.brands) and asked == typed)
        parsed = ParsedQuery(text=text) if is_name else self._parsed(text, weight, side.price)
        # Beside a picture, a filter-only text leaves nothing for the words' side.
        words = parsed.text or ("" if parsed.chips and weight > 0.0 else text)
        is_known, is_open = self._is_known(words, spelling.unknown), article or not parsed.text
        staff = curation.current() if query.curated else Curation()
        synonyms = staff.relevant_synonyms(words)
        vector_query = VectorQuery(
            weight=weight if words else 1.0,
            filters=parsed.narrow(query.filters),
            image=side.vector,
            text=encode_words(words, self._snapshot, synonyms, self._now) if words else None,
            words=words,
            read=(*parsed.filters.in_use(), *_colours_taken_back(query)),
            synonyms=synonyms,
            excluded_keys=side.excluded_keys,
            excluded_values=parsed.excluded,
            excluded_words=parsed.unwanted,
            **self._unwanted(parsed.unwanted, side.vector if weight > 0.0 else None),
            taste=self._personal_taste(),
            popularity=popularity.version(),
            diversity=query.diversity,
            # At weight 1.0 the answer is exactly that of the picture.
            placements=staff.placements(query.text, self._now) if weight < 1.0 else {},
            rules=staff.rules_for(query.text, self._now) if weight < 1.0 else (),
            ignored_kinds=ignored_kinds(query.ignore),
            is_known=is_known,
            is_unknown=side.vector is None and not (is_known or is_open or spelling.suggested),
            is_open=side.vector is None and is_open,
            article=text if article else "",
        )
        return PreparedQuery(
            query=query,
            query_type="text" if side.vector is None else "hybrid" if words else "image",
            vector_query=vector_query,
            image_id=side.image_id,
            searched=side.searched,
            words=words,
            text_corrected=spelling.corrected,
            did_you_mean=spelling.suggested,
            unknown_words=spelling.unknown,
            text_truncated=bool(words) and engine.ready_encoder().was_truncated(words),
            parsed=parsed,
            redirect=staff.redirect(query.text, self._now) if side.vector is None else "",
        )

    def _unwanted(self, things: tuple[str, ...], picture: Vectors | None) -> dict[str, Any]:
        """The directions to keep a distance from, as VectorQuery names them; of a picture that counts."""
        if not things:
            return {}
        if picture is None:
            return {"unwanted": encode_text(" ".join(things), self._now)}
        difference = unwanted_beside_picture(things, picture, self._snapshot, self._now)
        return {"unwanted_difference": difference}

    def _for_you(self, side: ImageSide) -> PreparedQuery:
        """Without words and picture, what the person or the session likes is the query."""
        if not self._query.personal or not self._likes.are_anybodys:
            raise InvalidQuery("text", _("Say what you are looking for, or send a picture."))
        wanted, keys = self._likes.found
        if wanted is None:
            raise InvalidQuery(
                "text", _("Say what you are looking for: there are no favourites to go by yet.")
            )
        vector_query = VectorQuery(
            weight=1.0,
            filters=self._query.filters,
            image=wanted[0],
            interests=wanted,
            popularity=popularity.version(),
            excluded_keys=side.excluding(keys).excluded_keys,
            diversity=self._query.diversity or FOR_YOU_DIVERSITY,
        )
        return PreparedQuery(query=self._query, query_type="for_you", vector_query=vector_query)

    def _browsing(self) -> PreparedQuery:
        """Whatever passes the filters, without what is not wanted."""
        query, parsed = self._query, self._parsed("", 0.0, None)
        vector_query = VectorQuery(
            weight=0.0,
            filters=query.filters,
            excluded_values=parsed.excluded,
            excluded_words=parsed.unwanted,
            rules=curation.current().rules_for("", self._now),
            popularity=popularity.version(),
            is_browse=True,
            order=query.sort.value,
        )
        return PreparedQuery(query, "browse", vector_query, parsed=parsed)

    def _parsed(self, text: str, weight: float, price: Decimal | None) -> ParsedQuery:
        """The interpretation of the words; at weight 1.0 none, as only the picture counts.

        Beside a picture a colour is no filter but weighed like all words: the shopper set their weight.
        ``price`` is that of the product whose picture is asked with.
        """
        query, lexical = self._query, self._snapshot.lexical
        parsed = parse_query(
            text if weight < 1.0 else "",
            self._snapshot.columns.vocabulary(),
            ignore=query.ignore,
            exclude=query.exclude,
            translator=translator_of(self._snapshot),
            is_name=lexical.is_name,
            price=price,
        )
        return parsed.without("colour") if 0.0 < weight < 1.0 else parsed

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

    def _is_known(self, words: str, unknown: Sequence[str]) -> bool:
        """Whether the catalogue, the encoder or fashion knows one of the words: others cannot be looked
        for.
        """
        nobodys = set(split(" ".join(unknown)))
        return any(self._knows(word) for word in split(words) if word not in nobodys)

    def _is_word(self, word: str) -> bool:
        """Whether anything knows a folded word: the encoder, the catalogue or another language."""
        is_foreign = any(look_up(language, (word,)) for language in languages())
        return is_foreign or self._snapshot.lexical.count(word) > 0 or engine.ready_encoder().knows(word)

    def _knows(self, word: str) -> bool:
        is_read = is_readable(word, engine.ready_encoder().knows) or stem(word) in VALID_WORDS
        return is_read or self._snapshot.lexical.count(word) > 0

    def _personal_taste(self) -> Vectors | None:
        refuses = self._user is not None and not self._user.personal_results
        return None if refuses or not self._query.personal else self._likes.found[0]


def _colours_taken_back(query: SearchQuery) -> tuple[str, ...]:
    """The field of colours where the words hold one that is no filter any more, else nothing: it then says
    which of a kind come first, and not which answer.
    """
    return ("colour",) if any(each.casefold().startswith("colour:") for each in query.ignore) else ()
