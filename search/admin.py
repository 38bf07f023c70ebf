"""The search's admin pages: curation, index runs, stored vectors, and re-embedding of products."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin import ProductAdmin, thumbnail
from catalog.models import Product
from search.alerts import admin as alerts_admin  # noqa: F401 - registers its pages
from search.models import (
    CuratedPlacement,
    EmbeddingCacheEntry,
    IndexRun,
    LookRule,
    ProductEmbedding,
    QueryImage,
    RankingRule,
    Redirect,
    Synonym,
)

if TYPE_CHECKING:
    # Generic only in the stubs: Django's class cannot be subscripted at run time.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

# Registered again below, with the actions of the search.
admin.site.unregister(Product)


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only the search writes."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Product)
class SearchedProductAdmin(ProductAdmin):
    """The catalogue's admin with the search's actions."""

    actions: tuple[str, ...] = (*ProductAdmin.actions, "embed_again")  # type: ignore[assignment]

    @admin.action(description=_("Embed again, and reindex"), permissions=["change"])
    def embed_again(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        # No product has this content hash, so all are stale; the old vectors serve until the new ones exist.
        ProductEmbedding.objects.filter(product__in=products.values("pk")).update(content_hash="")
        ask_reindex(IndexRun())
        runs = reverse("admin:search_indexrun_changelist")
        message = _("Their vectors are made anew by the reindex that was asked for.")
        self.message_user(request, format_html('{} <a href="{}">{}</a>', message, runs, _("See its state")))


@admin.register(IndexRun)
class IndexRunAdmin(ReadOnlyAdmin):
    """Runs of reindex; adding one starts it."""

    list_display = ("asked_at", "state", "message", "finished_at", "full")
    list_filter = ("state", "full", "asked_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return ModelAdmin.has_add_permission(self, request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: IndexRun | None = None) -> tuple[str, ...]:
        return ("state", "asked_at", "started_at", "finished_at", "full", "message") if obj else ("full",)

    def save_model(self, request: HttpRequest, obj: IndexRun, form: Any, change: Any) -> None:
        ask_reindex(obj)


def ask_reindex(run: IndexRun) -> None:
    # Imported here: every command loads this module, and FAISS and bm25s would add half a second to each.
    from search import tasks

    tasks.ask_reindex(run)


def _answered_searches() -> Counter[str]:
    # Imported here for the same reason.
    from search.ranking import synonym_use

    return synonym_use.answered_searches(timezone.now())


class CuratedAdmin(ModelAdmin):
    """What staff change about results."""

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # One by one, because only the model's delete() clears the cache of the running search.
        for row in queryset:
            row.delete()


@admin.register(Synonym)
class SynonymAdmin(CuratedAdmin):
    list_display = ("term", "alternatives", "two_way")
    list_filter = ("two_way",)
    search_fields = ("term", "alternatives")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        counted = cache(_answered_searches)

        # A function for each list: the counts are made once for all its rows.
        @admin.display(description=_("answered this week"))
        def answered(synonym: Synonym) -> SafeString:
            address = f"{reverse('dashboard-searches')}?{urlencode({'q': synonym.term})}"
            count = counted()[synonym.key]
            label = ngettext("%(n)d search", "%(n)d searches", count) % {"n": count}
            return format_html('<a href="{}">{}</a>', address, label)

        return [*super().get_list_display(request), answered]


@admin.register(CuratedPlacement)
class CuratedPlacementAdmin(CuratedAdmin):
    fields = ("query", "product", "kind", "position", "starts_at", "ends_at")
    list_display = ("query", "kind", "position", "picture", "product", "starts_at", "ends_at")
    list_filter = ("kind", "starts_at", "ends_at")
    list_select_related = ("product",)
    search_fields = ("query", "product__title", "product__product_id")
    autocomplete_fields = ("product",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CuratedPlacement]:
        return super().get_queryset(request).prefetch_related("product__images")

    @admin.display(description=_("picture"))
    def picture(self, placement: CuratedPlacement) -> SafeString | str:
        return thumbnail(placement.product.cover)


@admin.register(RankingRule)
class RankingRuleAdmin(CuratedAdmin):
    fields = (
        *("name", "kind", "strength", "field", "value", "query"),
        *("is_enabled", "starts_at", "ends_at"),
    )
    list_display = (
        *("name", "kind", "strength", "field", "value", "query"),
        *("starts_at", "ends_at", "is_enabled"),
    )
    list_filter = ("is_enabled", "kind", "field", "starts_at", "ends_at")
    search_fields = ("name", "value", "query")


@admin.register(Redirect)
class RedirectAdmin(CuratedAdmin):
    fields = ("query", "path", "starts_at", "ends_at")
    list_display = ("query", "path", "starts_at", "ends_at")
    list_filter = ("starts_at", "ends_at")
    search_fields = ("query", "path")


@admin.register(LookRule)
class LookRuleAdmin(CuratedAdmin):
    fields = (
        *("kind", "product", "category", "complement", "complement_category"),
        *("is_enabled", "starts_at", "ends_at"),
    )
    list_display = (
        *("kind", "product", "category", "complement", "complement_category"),
        *("starts_at", "ends_at", "is_enabled"),
    )
    list_filter = ("is_enabled", "kind", "starts_at", "ends_at")
    list_select_related = ("product", "complement")
    search_fields = (
        "product__title",
        "product__product_id",
        "category",
        "complement__title",
        "complement_category",
    )
    autocomplete_fields = ("product", "complement")


@admin.register(ProductEmbedding)
class ProductEmbeddingAdmin(ReadOnlyAdmin):
    list_display = ("product", "fingerprint", "has_picture", "updated_at")
    list_filter = ("fingerprint", ("image_vector", admin.EmptyFieldListFilter), "updated_at")
    list_select_related = ("product",)
    search_fields = ("product__product_id", "product__title")
    exclude = ("image_vector", "text_vector")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductEmbedding]:
        return super().get_queryset(request).defer("text_vector")

    @admin.display(description=_("from a picture"), boolean=True)
    def has_picture(self, embedding: ProductEmbedding) -> bool:
        return embedding.image_vector is not None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(EmbeddingCacheEntry)
class EmbeddingCacheEntryAdmin(ReadOnlyAdmin):
    list_display = ("content_hash", "content_type", "created_at", "expires_at")
    list_filter = ("content_type", "expires_at")
    search_fields = ("content_hash__startswith",)
    exclude = ("embedding",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmbeddingCacheEntry]:
        return super().get_queryset(request).defer("embedding")


@admin.register(QueryImage)
class QueryImageAdmin(ReadOnlyAdmin):
    """Shoppers' pictures of the last 24 hours. They are private: staff see sizes and dates only."""

    list_display = ("short_id", "width", "height", "created_at", "expires_at")
    list_filter = ("expires_at",)
    search_fields = ("image_id__startswith",)
    exclude = ("picture",)

    def delete_model(self, request: HttpRequest, obj: QueryImage) -> None:
        delete_pictures([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[QueryImage]) -> None:
        delete_pictures(list(queryset.values_list("pk", flat=True)))

    @admin.display(description=_("id"))
    def short_id(self, image: QueryImage) -> SafeString:
        return format_html("<code>{}</code>", image.image_id[:12])


def delete_pictures(image_ids: list[str]) -> None:
    # Imported here for the same reason. Rows alone would leave their files and vectors.
    from search.operations import deletion

    deletion.delete_pictures(image_ids)
