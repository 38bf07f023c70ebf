"""The search log in the admin, read-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnlyAdmin
from analytics.experiments.admin import ExperimentAdmin
from analytics.models import BlockedSuggestion, DailyCount, Event, ProductClick, SearchLog, normalized
from analytics.templatetags.figures import rounded
from rest.admin import ChangedFieldsAdmin

# Registered by its own module; Django imports this one alone.
__all__ = ["ExperimentAdmin"]


class Answer(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Found nothing")), ("low", _("Barely found")), ("good", _("Found"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SearchLog]) -> QuerySet[SearchLog]:
        conditions: dict[str | None, dict[str, Any]] = {
            "none": {"results_count": 0},
            "low": {"low_confidence": True},
            "good": {"results_count__gt": 0, "low_confidence": False},
        }
        return queryset.filter(**conditions.get(self.value(), {}))


class ClickInline(admin.TabularInline):  # type: ignore[type-arg]  # takes no argument at run time
    model = ProductClick
    extra = 0
    can_delete = False
    fields = readonly_fields = ("product_id", "position", "timestamp")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SearchLog)
class SearchLogAdmin(ReadOnlyAdmin):
    list_per_page = 50
    list_display = (
        "timestamp", "words", "query_type", "fusion_weight", "results_count", "milliseconds", "results"
    )  # fmt: skip
    list_filter = ("query_type", Answer, "cache_hit", "is_demo", "timestamp")
    search_fields = ("query_key", "user__email")
    date_hierarchy = "timestamp"
    ordering = ("-timestamp",)
    inlines = (ClickInline,)

    @admin.display(description=_("query"), ordering="query_key")
    def words(self, log: SearchLog) -> str:
        return Truncator(log.query_text).chars(80)

    @admin.display(description=_("time, ms"), ordering="took_ms")
    def milliseconds(self, log: SearchLog) -> str:
        return rounded(log.took_ms, 1)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SearchLog], search_term: str
    ) -> tuple[QuerySet[SearchLog], bool]:
        """Searches whose query starts with the term, or of the user with this e-mail address."""
        # The admin's own search matches anywhere in a text, for which a large log has no index.
        key = normalized(search_term)
        matches = Q(query_key__startswith=key) | Q(user__email__iexact=search_term.strip())
        return (queryset.filter(matches) if key else queryset), False

    @admin.display(description=_("results page"))
    def results(self, log: SearchLog) -> SafeString:
        return format_html('<a href="{}?{}">{}</a>', reverse("results"), log.results_query, _("Open"))


@admin.register(ProductClick)
class ProductClickAdmin(ReadOnlyAdmin):
    list_per_page = 50
    list_display = ("timestamp", "product_id", "position", "search")
    list_filter = ("timestamp",)
    list_select_related = ("search",)
    search_fields = ("product_id",)
    date_hierarchy = "timestamp"
    ordering = ("-timestamp",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_per_page = 50
    list_display = ("timestamp", "type", "product_id", "query_key", "position", "source", "value", "currency")
    list_filter = ("type", "source", "is_demo", "timestamp")
    search_fields = ("product_id",)
    date_hierarchy = "timestamp"
    ordering = ("-timestamp",)
    # What a session is called is nobody's business.
    exclude = ("session",)


@admin.register(DailyCount)
class DailyCountAdmin(ReadOnlyAdmin):
    list_per_page = 50
    list_display = ("day", "measure", "key", "count")
    list_filter = ("measure", "day")
    search_fields = ("key",)
    date_hierarchy = "day"
    ordering = ("-day", "measure", "-count")


@admin.register(BlockedSuggestion)
class BlockedSuggestionAdmin(ChangedFieldsAdmin):
    list_display = search_fields = ("phrase",)
