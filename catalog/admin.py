"""The catalogue for staff: products with their pictures, and what each sync did."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.models import Product, ProductImage, ProductQuerySet, SyncRun
from catalog.sources.registry import source_names
from catalog.syncing.admin import HeldBackAdmin
from catalog.syncing.report import COUNTS
from catalog.tasks import request_sync
from rest.admin import with_its_state


def thumbnail(image: ProductImage | None) -> SafeString | str:
    if image is None or not image.content_hash:
        return "–"
    return format_html('<img src="{}" width="48" height="64" alt="" loading="lazy">', image.thumbnail_url)


def start_sync(request: HttpRequest, sources: set[str]) -> None:
    for source in sorted(sources):
        if source in source_names():
            request_sync(source, now=timezone.now())
            started = _("Sync of %s asked for.") % source
            messages.info(request, with_its_state(request, started, SyncRun))
        else:
            messages.warning(request, _("%s has no address in CATALOGUE_SOURCES.") % source)


def _fills_in_a_form(request: HttpRequest) -> bool:
    """Whether a field asks for products to choose from, in a form that this person may save."""
    if request.resolver_match is None or request.resolver_match.view_name != "admin:autocomplete":
        return False
    app, model = (request.GET.get(name, "").lower() for name in ("app_label", "model_name"))
    return any(request.user.has_perm(f"{app}.{verb}_{model}") for verb in ("add", "change"))


class HasPicture(admin.SimpleListFilter):
    """Products that a picture can or cannot find."""

    title = _("picture")
    parameter_name = "picture"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With")), ("no", _("Without"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() not in {"yes", "no"}:
            return queryset
        kept = ProductImage.objects.filter(product=OuterRef("pk")).exclude(content_hash="")
        found = Exists(kept)
        return queryset.filter(found if self.value() == "yes" else ~found)


class ImageInline(admin.TabularInline):  # type: ignore[type-arg]  # takes no argument at run time
    model = ProductImage
    extra = 0
    can_delete = False
    fields = readonly_fields = (
        "picture",
        "position",
        "source_url",
        "width",
        "height",
        "fetched_at",
        "problem",
    )

    @admin.display(description=_("picture"))
    def picture(self, image: ProductImage) -> SafeString | str:
        return thumbnail(image)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no argument at run time
    """Products as the shop stated them: a sync would undo any edit, so only their visibility is staff's."""

    list_display = (
        "picture", "title", "product_id", "brand", "category", "colour", "price", "in_stock", "is_active"
    )  # fmt: skip
    list_display_links = ("picture", "title")
    list_filter = (
        "is_active", "withheld", ("missing_since", admin.EmptyFieldListFilter), "in_stock", HasPicture,
        "source", "gender", "category", "colour",
    )  # fmt: skip
    search_fields = (
        *("title", "product_id", "brand", "external_id"),
        *("article_numbers__sku", "article_numbers__gtin", "article_numbers__mpn"),
    )
    list_per_page = 50
    ordering = ("-updated_at",)
    inlines = (ImageInline,)
    actions = ("deactivate", "activate", "sync_now")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).prefetch_related("images")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in Product._meta.fields]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        # There is nothing to save: actions of the list are what changes a product.
        buttons = dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        return super().render_change_form(request, context | buttons, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: Any) -> None:
        """Write nothing: the whole row would bring back the price and stock that the page was read with."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or _fills_in_a_form(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("picture"))
    def picture(self, product: Product) -> SafeString | str:
        return thumbnail(product.cover)

    @admin.action(description=_("Deactivate: shoppers no longer see them"), permissions=["change"])
    def deactivate(self, request: HttpRequest, products: ProductQuerySet) -> None:
        changed = products.deactivate(timezone.now(), for_good=True)
        self.message_user(
            request, ngettext("%d product deactivated.", "%d products deactivated.", changed) % changed
        )

    @admin.action(description=_("Activate"), permissions=["change"])
    def activate(self, request: HttpRequest, products: ProductQuerySet) -> None:
        changed = products.activate(timezone.now())
        self.message_user(
            request, ngettext("%d product activated.", "%d products activated.", changed) % changed
        )

    @admin.action(description=_("Sync their sources now"), permissions=["change"])
    def sync_now(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        start_sync(request, set(products.order_by().values_list("source", flat=True).distinct()))


@admin.register(ProductImage)
class ProductImageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no argument at run time
    list_display = ("picture", "product", "position", "width", "height", "fetched_at", "problem")
    list_filter = (("problem", admin.EmptyFieldListFilter), ("content_hash", admin.EmptyFieldListFilter))
    list_select_related = ("product",)
    search_fields = ("product__product_id", "product__title", "source_url")
    show_full_result_count = False

    @admin.display(description=_("picture"))
    def picture(self, image: ProductImage) -> SafeString | str:
        return thumbnail(image)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SyncRun)
class SyncRunAdmin(HeldBackAdmin):
    """What each sync saw, changed and refused."""

    list_display = ("source", "state", "started_at", "finished_at", "rejected_rows", "message", "report")
    list_filter = ("state", "source", "started_at")
    search_fields = ("source", "message")
    date_hierarchy = "started_at"
    fields = readonly_fields = (
        "source", "state", "started_at", "finished_at", "report", "message", "held_back_products",
        "note_list", "rejected_table",
    )  # fmt: skip
    actions = ("sync_now",)
    show_full_result_count = False

    @admin.display(description=_("report"))
    def report(self, run: SyncRun) -> str:
        """The counts that say something: among a dozen noughts nobody sees the three that were held back."""
        told = {name: count for name, count in run.counts.items() if count or name == "seen"}
        return ", ".join(f"{COUNTS.get(name, name)} {localize(count)}" for name, count in told.items())

    @admin.display(description=_("rejected"))
    def rejected_rows(self, run: SyncRun) -> int:
        return int(run.counts.get("rejected", len(run.rejected)))

    @admin.display(description=_("rejected rows"))
    def rejected_table(self, run: SyncRun) -> SafeString | str:
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in run.rejected)
        return format_html("<pre>{}</pre>", lines) if lines else str(_("None."))

    def has_sync_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.change_product"))  # as for the same action of products

    @admin.action(description=_("Sync these sources now"), permissions=["sync"])
    def sync_now(self, request: HttpRequest, runs: QuerySet[SyncRun]) -> None:
        start_sync(request, set(runs.order_by().values_list("source", flat=True).distinct()))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
