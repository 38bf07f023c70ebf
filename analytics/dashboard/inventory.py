"""The dashboard's figures of catalogue and favourites."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Favorite
from catalog.models import Product, ProductImage, SyncRun

Figures = dict[str, Any]
LISTED = 20


def figures(begin: datetime, end: datetime, now: datetime) -> Figures:
    """Favourites and catalogue, for a dashboard from ``begin`` to before ``end``."""
    return {"favorites": favorites(begin, end), "catalogue": catalogue(now)}


def favorites(begin: datetime, end: datetime) -> Figures:
    counted = Favorite.objects.aggregate(
        total=Count("pk"),
        added=Count("pk", filter=Q(added_at__gte=begin, added_at__lt=end)),
        people=Count("user", distinct=True),
    )
    top = (
        Favorite.objects.values_list("product_id")
        .annotate(people=Count("pk"))
        .order_by("-people", "product_id")
    )
    rows = list(top[:LISTED])
    known = titles(product_id for product_id, _people in rows)
    products = [{"product_id": key, "title": known.get(key, ""), "people": people} for key, people in rows]
    return {**counted, "products": products}


def catalogue(now: datetime) -> Figures:
    picture = ProductImage.objects.filter(product=OuterRef("pk")).exclude(content_hash="")
    active = Product.objects.active().annotate(has_picture=Exists(picture))
    state = active.aggregate(
        products=Count("pk"),
        without_picture=Count("pk", filter=Q(has_picture=False)),
        out_of_stock=Count("pk", filter=Q(in_stock=False)),
    )
    inactive = Product.objects.filter(is_active=False).count()
    return {**state, "inactive": inactive, "sources": sources(now)}


def sources(now: datetime) -> list[Figures]:
    counted = Product.objects.values("source").annotate(
        products=Count("pk", filter=Q(is_active=True)), inactive=Count("pk", filter=Q(is_active=False))
    )
    runs = last_runs()
    return [{**row, "last_sync": _sync(runs.get(row["source"]), now)} for row in counted.order_by("source")]


def last_runs() -> dict[str, SyncRun]:
    """{source: its latest run}."""
    latest = SyncRun.objects.filter(source=OuterRef("source")).order_by("-started_at", "-pk").values("pk")[:1]
    # ``rejected`` holds every rejected row of a feed.
    return {run.source: run for run in SyncRun.objects.filter(pk=latest).defer("rejected")}


def _sync(run: SyncRun | None, now: datetime) -> Figures | None:
    if run is None:
        return None
    # A run that is still in progress has no end yet.
    ended = run.finished_at or run.started_at
    return {
        "state": run.state,
        "at": ended,
        "age_h": round((now - ended).total_seconds() / 3600, 1),
        "counts": run.counts,
        "message": run.message,
    }


def with_page(product_ids: Iterable[str]) -> set[str]:
    """Those public ids whose products have a page: neither hidden nor gone from the catalogue."""
    found = Product.objects.with_public_ids(product_ids)
    return set(found.values_list("product_id", flat=True))


def titles(product_ids: Iterable[str]) -> dict[str, str]:
    """{public id: title} of the products in the catalogue, active or not."""
    found = Product.objects.filter(product_id__in=list(product_ids))
    return dict(found.values_list("product_id", "title"))
