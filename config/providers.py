"""Data that accounts needs from packages it does not import; the settings name each function."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from analytics.models import ProductClick, SearchLog
from catalog.models import Product
from search.models import QueryImageOwner


def known_products(product_ids: Iterable[str]) -> set[str]:
    """The subset of ``product_ids`` that the catalogue has, deactivated products included."""
    return set(Product.objects.filter(product_id__in=list(product_ids)).values_list("product_id", flat=True))


def exported_searches(user: User) -> list[dict[str, Any]]:
    """The user's logged searches for the data export, newest first."""
    fields = ("id", "timestamp", "query_type", "query_text", "image_url", "fusion_weight", "filters")
    return list(SearchLog.objects.filter(user=user).order_by("-timestamp").values(*fields))


def exported_clicks(user: User) -> list[dict[str, Any]]:
    """The products the user opened from a result set, for the data export, newest first."""
    fields = ("timestamp", "search_id", "product_id", "position")
    return list(ProductClick.objects.filter(user=user).order_by("-timestamp").values(*fields))


def exported_pictures(user: User) -> list[dict[str, Any]]:
    """The pictures the user searched with and that are still kept, for the data export, newest first."""
    fields = ("image_id", "uploaded_at", "expires_at")
    return list(QueryImageOwner.objects.filter(user=user).order_by("-uploaded_at").values(*fields))
