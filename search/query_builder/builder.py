"""From a shopper's query to one that the index can answer: the words parsed, both sides encoded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.language.parsed_query import ParsedQuery
from search.query import InvalidQuery, SearchQuery
from search.query_builder.encoding import encode_text
from search.query_builder.interpretation import NO_CURATION, Mix, interpret, parse_words
from search.query_builder.pictures import ImageSide, image_side
from search.query_builder.prepared import PreparedQuery, known_order
from search.query_builder.unwanted import unwanted_beside_picture
from search.ranking import curation, popularity, taste
from search.ranking.curation import NOTHING_PLACED
from search.ranking.kinds import ignored_kinds
from search.vectors import Vectors

if TYPE_CHECKING:
    from accounts.models import User

# How far the products in ``like`` move a query that has a picture of its own, in [0, 1].
LIKE_STRENGTH = 0.3
# How much likeness to better results costs where nothing was asked for, within each interest.
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
        mix = Mix(side.vector is not None, weight, side.price)
        meaning = interpret(query, self._snapshot, mix, now=self._now)
        parsed, words, spelling = meaning.parsed, meaning.words, meaning.spelling
        is_known = meaning.is_known or meaning.is_open or bool(spelling.suggested)
        staff = curation.current() if query.curated else NO_CURATION
        asked = staff.words_of(query.text, spelling.corrected, self._now)
        # At weight 1.0 the answer is exactly that of the picture.
        curated: dict[str, Any] = {
            **(staff.placements(asked, self._now) if weight < 1.0 else NOTHING_PLACED)._asdict(),
            "rules": staff.rules_for(asked, self._now) if weight < 1.0 else (),
        }
        vector_query = VectorQuery(
            weight=weight if words else 1.0,
            filters=parsed.narrow(query.filters),
            image=side.vector,
            pictured=side.product,
            is_beside_picture=0.0 < weight < 1.0,
            text=meaning.vector,
            words=words,
            read=(*parsed.filters.in_use(), *_colours_taken_back(query)),
            readings=parsed.filters,
            synonyms=meaning.synonyms,
            excluded_keys=side.excluded_keys,
            excluded_values=parsed.excluded,
            excluded_words=parsed.unwanted,
            **self._unwanted(parsed.unwanted, side.vector if weight > 0.0 else None),
            taste=self._personal_taste(),
            **self._ordered(parsed),
            **curated,
            diversity=query.diversity,
            ignored_kinds=ignored_kinds(query.ignore),
            is_known=meaning.is_known,
            is_unknown=side.vector is None and not is_known,
            is_open=side.vector is None and meaning.is_open,
            article=meaning.article,
        )
        if parsed.is_order_alone and weight == 0.0:
            # Whatever passes the filters answers, as while browsing: its first in this order.
            vector_query, words = self._all(parsed, excluded_keys=side.excluded_keys, **curated), ""
        return PreparedQuery(
            query=query,
            query_type="text" if side.vector is None else "hybrid" if words else "image",
            vector_query=vector_query,
            image_id=side.image_id,
            searched=side.searched,
            words=words,
            text_corrected=spelling.corrected,
            did_you_mean=spelling.suggested,
            unknown_words=tuple(each for each in spelling.unknown if each != meaning.not_sold),
            not_sold=meaning.not_sold,
            sizes_not_sold=meaning.sizes_not_sold,
            text_truncated=meaning.is_truncated,
            parsed=parsed,
            redirect=staff.redirect(asked, self._now, typed=query.text) if side.vector is None else "",
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
        if not self._is_personal or not self._likes.are_anybodys:
            raise InvalidQuery("text", _("Say what you are looking for, or send a picture."))
        wanted, keys = self._likes.found
        if wanted is None:
            raise InvalidQuery(
                "text", _("Say what you are looking for: there are no favourites to go by yet.")
            )
        # Another colour of what somebody has seen is nothing new to them.
        seen = self._snapshot.columns.keys_of_styles(keys)
        parsed = parse_words(self._query, self._snapshot, "", Mix())
        vector_query = VectorQuery(
            weight=1.0,
            filters=self._query.filters,
            image=wanted.directions[0],
            interests=wanted.directions,
            shares=wanted.shares,
            **self._ordered(parsed),
            excluded_keys=side.excluding(seen).excluded_keys,
            excluded_values=parsed.excluded,
            excluded_words=parsed.unwanted,
            diversity=self._query.diversity or FOR_YOU_DIVERSITY,
        )
        return PreparedQuery(self._query, "for_you", vector_query, parsed=parsed)

    def _browsing(self) -> PreparedQuery:
        """Whatever passes the filters, without what is not wanted."""
        parsed = parse_words(self._query, self._snapshot, "", Mix())
        rules = curation.current().rules_for("", self._now)
        return PreparedQuery(self._query, "browse", self._all(parsed, rules=rules), parsed=parsed)

    def _all(self, parsed: ParsedQuery, **others: Any) -> VectorQuery:
        return VectorQuery(
            weight=0.0,
            filters=parsed.narrow(self._query.filters),
            readings=parsed.filters,
            excluded_values=parsed.excluded,
            excluded_words=parsed.unwanted,
            **self._ordered(parsed),
            **others,
            is_browse=True,
        )

    def _ordered(self, parsed: ParsedQuery) -> dict[str, Any]:
        """The order that the shopper chose, else that of the words, and the popularity that counts in it."""
        learned = popularity.version()
        order = known_order(self._query.sort or parsed.sort, is_popularity_known=bool(learned))
        return {"order": order.value, "popularity": learned}

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
        wanted = self._likes.found[0] if self._is_personal else None
        return None if wanted is None else wanted.directions

    @property
    def _is_personal(self) -> bool:
        """Neither the query nor the signed-in person has personal results off."""
        return self._query.personal and (self._user is None or self._user.personal_results)


def _colours_taken_back(query: SearchQuery) -> tuple[str, ...]:
    """The field of colours where the words hold one that is no filter any more, else nothing: it then says
    which of a kind come first, and not which answer.
    """
    return ("colour",) if any(each.casefold().startswith("colour:") for each in query.ignore) else ()
