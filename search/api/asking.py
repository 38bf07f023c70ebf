"""From the parameters of a search to its answer, or to a page of an earlier one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.api.finding import product_or_404
from search import paging
from search.answers import frozen
from search.api.query_serializers import ParametersSerializer
from search.query import InvalidQuery
from search.result import SearchResult
from search.retrieval import search, similar

if TYPE_CHECKING:
    from accounts.models import User


def answer(
    asked: ParametersSerializer, *, user: User | None, now: datetime, track: bool, session: str = ""
) -> SearchResult:
    """The answer to a valid request, or the page that it asks for by ``query_id``.

    Raises InvalidQuery where such a request holds another query than the answer's, and what
    ``search.retrieval.search`` and ``search.paging.page`` raise.
    """
    if "query_id" in asked.validated_data:
        return _page(asked, user, now)
    return search(asked.to_query(), user=user, now=now, track=track, session=session)


def _page(asked: ParametersSerializer, user: User | None, now: datetime) -> SearchResult:
    query_id = asked.validated_data["query_id"]
    found = frozen.find(query_id, user=user)
    if name := asked.differing(found.asked, found.prepared.order):
        raise InvalidQuery(
            name, _("The answer of this query_id was asked with another value. Leave one of the two out.")
        )
    top_k = asked.validated_data["top_k"] if "top_k" in asked.initial_data else None
    return paging.page(query_id, offset=asked.validated_data["offset"], top_k=top_k, user=user, now=now)


def like_product(
    product_id: str,
    *,
    top_k: int,
    offset: int,
    query_id: UUID | None = None,
    user: User | None,
    now: datetime,
) -> SearchResult:
    """Products like one product, or a page of an earlier answer to that.

    Raises NotFound for an unknown product and AnswerExpired for an answer that is kept no longer or is not
    about this product.
    """
    product = product_or_404(product_id)
    if query_id is None:
        return similar(product, top_k=top_k, offset=offset, now=now)
    result = paging.page(query_id, offset=offset, top_k=top_k, user=user, now=now)
    if result.query.image_id != f"product:{product.product_id}":
        raise frozen.AnswerExpired
    return result
