"""What staff change about results and looks."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin import thumbnail
from rest.admin import ChangedFieldsAdmin
from search.models import CuratedPlacement, LookRule, RankingRule, Redirect, Synonym
from search.models.curation import LAST_PLACE, PLACE_IN_RANGE


def _answered_searches() -> Counter[str]:
    # Imported here: every command loads this module, and FAISS and bm25s would add half a second to each.
    from search.ranking import synonym_use

    return synonym_use.answered_searches(timezone.now())


class CuratedAdmin(ChangedFieldsAdmin):
    """What staff change about results."""

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # One by one, because only the model's delete() clears the cache of the running search.
        for row in queryset:
            row.delete()


class NotesIdleAdmin(CuratedAdmin):
    """Tells staff who save what moves no product, or leads nowhere."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        # Imported here as in _answered_searches.
        from search.operations.idle import idle

        if sentence := idle(obj, timezone.now()):
            self.message_user(request, sentence, messages.WARNING)


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
class CuratedPlacementAdmin(NotesIdleAdmin):
    fields = ("query", "product", "kind", "position", "starts_at", "ends_at")
    list_display = ("query", "kind", "position", "picture", "product", "starts_at", "ends_at")
    list_filter = ("kind", "starts_at", "ends_at")
    list_select_related = ("product",)
    search_fields = ("query", "product__title", "product__product_id")
    autocomplete_fields = ("product",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CuratedPlacement]:
        return super().get_queryset(request).prefetch_related("product__images")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "position":
            kwargs |= {"min_value": 1, "max_value": LAST_PLACE}
            kwargs["error_messages"] = dict.fromkeys(("min_value", "max_value"), PLACE_IN_RANGE)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("picture"))
    def picture(self, placement: CuratedPlacement) -> SafeString | str:
        return thumbnail(placement.product.cover)


@admin.register(RankingRule)
class RankingRuleAdmin(NotesIdleAdmin):
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
class RedirectAdmin(NotesIdleAdmin):
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
