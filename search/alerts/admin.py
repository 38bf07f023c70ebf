"""Alerts in the admin: what is waited for and which mails are due, without anybody's address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from search.models import Alert, AlertMail

if TYPE_CHECKING:
    # Generic only in the stubs: Django's class cannot be subscripted at run time.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class _ReadOnly(ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Alert)
class AlertAdmin(_ReadOnly):
    list_display = ("kind", "product", "price", "created_at", "confirmed_at", "expires_at", "last_sent_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("product",)
    search_fields = ("product__title", "product__product_id")
    exclude = ("user", "email", "query_key")


@admin.register(AlertMail)
class AlertMailAdmin(_ReadOnly):
    list_display = ("alert", "due_at", "attempts", "leased_until", "handed_over_at")
    list_filter = ("due_at",)
    exclude = ("claim",)
