"""What the search stores, its runs, and re-embedding of products."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.admin import ProductAdmin
from catalog.models import Product
from rest.admin import with_its_state
from search.admin.base import ModelAdmin, ReadOnlyAdmin
from search.models import EmbeddingCacheEntry, IndexRun, ProductEmbedding, QueryImage

# Registered again below, with the actions of the search.
admin.site.unregister(Product)


@admin.register(Product)
class SearchedProductAdmin(ProductAdmin):
    """The catalogue's admin with the search's actions."""

    actions: tuple[str, ...] = (*ProductAdmin.actions, "embed_again")  # type: ignore[assignment]

    @admin.action(description=_("Embed again, and reindex"), permissions=["change"])
    def embed_again(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        # No product has this content hash, so all are stale; the old vectors serve until the new ones exist.
        ProductEmbedding.objects.filter(product__in=products.values("pk")).update(content_hash="")
        ask_reindex(IndexRun())
        message = str(_("Their vectors are made anew by the reindex that was asked for."))
        self.message_user(request, with_its_state(request, message, IndexRun))


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


class PictureFilter(admin.SimpleListFilter):
    """Django's filter for empty fields compares with "", which no vector is."""

    title = _("from a picture")
    parameter_name = "picture"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ProductEmbedding]
    ) -> QuerySet[ProductEmbedding]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(image_vector__isnull=self.value() == "no")


@admin.register(ProductEmbedding)
class ProductEmbeddingAdmin(ReadOnlyAdmin):
    list_display = ("product", "fingerprint", "has_picture", "updated_at")
    list_filter = ("fingerprint", PictureFilter, "updated_at")
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
