"""Search for staff: curation, the vectors of record, and re-embedding from the list of products."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.admin import ProductAdmin, thumbnail
from catalog.models import Product
from search.models import CuratedPlacement, EmbeddingCacheEntry, ProductEmbedding, QueryImage, Synonym

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
        # What has no embedding is what a reindex embeds.
        ProductEmbedding.objects.filter(product__in=products.values("pk")).delete()
        start_reindex(self, request)


def start_reindex(model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> None:
    """Queue a reindex and say its task, or its report where tasks run at once."""
    # Not at the top: it would load the encoder's libraries into every command.
    from search.tasks import reindex

    task = reindex.delay()
    said = task.result if task.ready() else _("queued; the dashboard shows the new version once it serves")
    model_admin.message_user(request, _("Reindex %(task)s: %(said)s") % {"task": task.id, "said": said})


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
    actions = ("reindex_now",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductEmbedding]:
        return super().get_queryset(request).defer("text_vector")

    @admin.display(description=_("from a picture"), boolean=True)
    def has_picture(self, embedding: ProductEmbedding) -> bool:
        return embedding.image_vector is not None

    @admin.action(description=_("Reindex now"), permissions=["view"])
    def reindex_now(self, request: HttpRequest, embeddings: QuerySet[ProductEmbedding]) -> None:
        start_reindex(self, request)

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
