"""search_catalog: a search by words, filters and, with this shop's extension, a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.recording import tracking_allowed
from catalog.models import Product
from search import paging, retrieval
from search.agents.pictures import picture_of
from search.agents.ucp import products
from search.agents.ucp.names import SEARCH
from search.agents.ucp.platforms import Platform
from search.agents.ucp.products import Document
from search.agents.ucp.requests import SearchSerializer
from search.agents.ucp.responses import currency_of, envelope, with_messages
from search.answers.frozen import AnswerExpired
from search.hits import reasons
from search.query import Crop, InvalidQuery, SearchQuery
from search.result import Hit, SearchResult

_SALT = "search.agents.ucp"


def search_catalog(request: HttpRequest, platform: Platform, site: str, payload: Document) -> Document:
    asked = SearchSerializer(data=payload)
    asked.is_valid(raise_exception=True)
    currency, messages = currency_of(asked)
    now = timezone.now()
    result = _result(asked, request, currency, now)
    found = {each.pk: each for each in Product.objects.by_public_ids(_ids(result))}
    priced = [hit for hit in result.hits if (held := found.get(hit.product.pk)) and products.is_priced(held)]
    response: Document = {
        "ucp": envelope(platform, site, SEARCH),
        "products": [_found(hit, found[hit.product.pk], request, result) for hit in priced],
        "pagination": _pagination(result),
    }
    if result.image_id:
        response["image_id"] = result.image_id
    if result.searched:
        response["searched_crop"] = str(result.searched)
    return with_messages(response, messages + _of_answer(result))


def _result(asked: SearchSerializer, request: HttpRequest, currency: str, now: datetime) -> SearchResult:
    """The first page, or the next one of an answer; where that expired, of the same question asked again."""
    offset = 0
    if asked.cursor:
        query_id, offset = _read_cursor(asked.cursor)
        try:
            return paging.page(query_id, offset=offset, top_k=asked.limit, user=None, now=now)
        except AnswerExpired:
            if not asked.asks_something:
                raise
    query = replace(_query(asked, currency), offset=offset)
    return retrieval.search(query, user=None, now=now, track=tracking_allowed(request.headers))


def _query(asked: SearchSerializer, currency: str) -> SearchQuery:
    given, image = asked.validated_data, asked.validated_data.get("image", {})
    crop = image.get("crop", "")
    query = SearchQuery(
        text=given["query"],
        picture=picture_of(image_url=image.get("url", ""), image_base64=image.get("base64", "")),
        image_id=image.get("id", ""),
        crop=Crop.parse(crop) if crop else None,
        weight=given["weight"],
        top_k=asked.limit,
        filters=asked.to_filters(currency),
    )
    return replace(query, browse=not (query.text or query.has_picture))


def _ids(result: SearchResult) -> list[str]:
    return [hit.product.product_id for hit in result.hits]


def _found(hit: Hit, product: Product, request: HttpRequest, result: SearchResult) -> Document:
    scores = {"score": hit.score, "image_score": hit.image_score, "text_score": hit.text_score}
    metadata = {**scores, "why": list(reasons(hit)), "variants": [each.product_id for each in hit.variants]}
    featured = products.featured(product, result.query.filters.size)
    stated = {name: value for name, value in metadata.items() if value not in (None, [])}
    return products.described(product, [featured], request, metadata=stated)


def _pagination(result: SearchResult) -> Document:
    pagination: Document = {"has_next_page": result.next_offset is not None, "total_count": result.total}
    if result.next_offset is not None:
        pagination["cursor"] = signing.dumps([str(result.query_id), result.next_offset], salt=_SALT)
    return pagination


def _read_cursor(cursor: str) -> tuple[UUID, int]:
    try:
        query_id, offset = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise InvalidQuery("cursor", _("Send the cursor of the page before as it is.")) from None
    return UUID(query_id), int(offset)


def _of_answer(result: SearchResult) -> list[Document]:
    """What the search has to say: other words that were answered, and what was let go."""
    messages = []
    if result.text_corrected:
        sentence = _("These words were answered instead: %(words)s") % {"words": result.text_corrected}
        messages.append({"type": "info", "code": "text_corrected", "content": sentence})
    if result.relaxed:
        messages.append({"type": "info", "code": "relaxed", "content": result.relaxed.text})
    return messages
