"""Search for staff: curation, the vectors of record, and re-embedding from the list of products."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.admin import ProductAdmin, thumbnail
from catalog.models import Product
from search.models import (
    CuratedPlacement,
    EmbeddingCacheEntry,
    IndexRun,
    ProductEmbedding,
    QueryImage,
    Synonym,
)

admin.site.unregister(Product)


class MachineAdmin(admin.ModelAdmin):
    """Rows that the search writes for itself."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Product)
class SearchedProductAdmin(ProductAdmin):
    """The catalogue's list, with what only search can do to a product."""

    actions: tuple[str, ...] = (*ProductAdmin.actions, "embed_again")  # type: ignore[assignment]

    @admin.action(description=_("Embed again, and reindex"), permissions=["change"])
    def embed_again(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        # A content hash that no product has; the vectors serve on until the new ones are there.
        ProductEmbedding.objects.filter(product__in=products.values("pk")).update(content_hash="")
        ask_reindex(IndexRun())
        runs = reverse("admin:search_indexrun_changelist")
        said = _("Their vectors are made anew by the reindex that was asked for.")
        self.message_user(request, format_html('{} <a href="{}">{}</a>', said, runs, _("See its state")))


@admin.register(IndexRun)
class IndexRunAdmin(MachineAdmin):
    """Every reindex with its state. To add one is to ask for one."""

    list_display = ("asked_at", "state", "message", "finished_at", "full")
    list_filter = ("state", "full", "asked_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: IndexRun | None = None) -> tuple[str, ...]:
        return ("state", "asked_at", "started_at", "finished_at", "full", "message") if obj else ("full",)

    def save_model(self, request: HttpRequest, obj: IndexRun, form: Any, change: Any) -> None:
        ask_reindex(obj)


def ask_reindex(run: IndexRun) -> None:
    # Not at the top: it would load the encoder's libraries into every command.
    from search.operations.runs import ask

    ask(run)


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ("term", "alternatives", "two_way")
    list_filter = ("two_way",)
    search_fields = ("term", "alternatives")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        # One by one: the model's delete() tells the running search.
        for synonym in queryset:
            synonym.delete()


@admin.register(CuratedPlacement)
class CuratedPlacementAdmin(admin.ModelAdmin):
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

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CuratedPlacement]) -> None:
        # One by one: the model's delete() tells the running search.
        for placement in queryset:
            placement.delete()


@admin.register(ProductEmbedding)
class ProductEmbeddingAdmin(MachineAdmin):
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
class EmbeddingCacheEntryAdmin(MachineAdmin):
    list_display = ("content_hash", "content_type", "created_at", "expires_at")
    list_filter = ("content_type", "expires_at")
    search_fields = ("content_hash__startswith",)
    exclude = ("embedding",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmbeddingCacheEntry]:
        return super().get_queryset(request).defer("embedding")


@admin.register(QueryImage)
class QueryImageAdmin(MachineAdmin):
    """Shoppers' pictures of the last 24 hours. Their pixels are theirs: the list shows none."""

    list_display = ("short_id", "width", "height", "created_at", "expires_at")
    list_filter = ("expires_at",)
    search_fields = ("image_id__startswith",)
    exclude = ("picture",)

    @admin.display(description=_("id"))
    def short_id(self, image: QueryImage) -> SafeString:
        return format_html("<code>{}</code>", image.image_id[:12])
