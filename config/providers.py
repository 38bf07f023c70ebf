"""Data that accounts needs from packages it does not import; the settings name each function."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.models import User
from analytics.models import Event, Experiment, ProductClick, SearchLog
from catalog.api.serializers import described
from catalog.display.cards import cards_by_ids
from catalog.models import Product
from search import paging
from search.models import Alert, QueryImageOwner


def known_products(product_ids: Iterable[str]) -> set[str]:
    """The subset of ``product_ids`` that the catalogue has, deactivated products included."""
    return set(Product.objects.filter(product_id__in=list(product_ids)).values_list("product_id", flat=True))


def product_cards(product_ids: Iterable[str]) -> dict[str, Any]:
    """The cards of those of the products that are in the shop, by id."""
    return {card["id"]: card for card in described(cards_by_ids(product_ids))}


def exported_searches(user: User) -> list[dict[str, Any]]:
    """The user's logged searches for the data export, newest first."""
    fields = ("id", "timestamp", "query_type", "query_text", "image_url", "fusion_weight", "filters")
    return list(SearchLog.objects.filter(user=user).order_by("-timestamp").values(*fields))


def exported_clicks(user: User) -> list[dict[str, Any]]:
    """The products the user opened from a result set, for the data export, newest first."""
    fields = ("timestamp", "search_id", "product_id", "position")
    return list(ProductClick.objects.filter(user=user).order_by("-timestamp").values(*fields))


def exported_events(user: User) -> list[dict[str, Any]]:
    """What the user looked at, put into a basket and bought, for the data export, newest first."""
    fields = ("timestamp", "type", "product_id", "search_id", "query_key", "position", "source")
    money = ("value", "currency", "quantity")
    return list(Event.objects.filter(user=user).order_by("-timestamp").values(*fields, *money))


def exported_pictures(user: User) -> list[dict[str, Any]]:
    """The pictures the user searched with and that are still kept, for the data export, newest first."""
    fields = ("image_id", "uploaded_at", "expires_at")
    return list(QueryImageOwner.objects.filter(user=user).order_by("-uploaded_at").values(*fields))


def exported_alerts(user: User) -> list[dict[str, Any]]:
    """What the user asked to be told by mail, for the data export, newest first."""
    fields = ("id", "kind", "product__product_id", "price", "currency", "query", "language")
    times = ("created_at", "confirmed_at", "expires_at", "last_sent_at")
    return list(Alert.objects.filter(user=user).values(*fields, *times))


def exported_experiments(user: User) -> list[dict[str, Any]]:
    """The experiments that the user started, as staff, for the data export, newest first."""
    fields = ("id", "name", "started_at")
    return list(Experiment.objects.filter(started_by=user).order_by("-started_at").values(*fields))


def answer_holds(query_id: UUID, product_id: str) -> bool | None:
    """Whether a product is in an answer; None once the answer has expired."""
    return paging.answer_holds(query_id, product_id)
