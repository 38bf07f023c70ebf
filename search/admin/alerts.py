"""Alerts in the admin: what is waited for and which mails are due, without anybody's address."""

from __future__ import annotations

from django.contrib import admin

from search.admin.base import ReadOnlyAdmin
from search.models import Alert, AlertMail


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = (
        *("kind", "product", "price", "currency"),
        *("created_at", "confirmed_at", "expires_at", "last_sent_at"),
    )
    list_filter = ("kind", "created_at")
    list_select_related = ("product",)
    search_fields = ("product__title", "product__product_id")
    exclude = ("user", "email", "query_key")


@admin.register(AlertMail)
class AlertMailAdmin(ReadOnlyAdmin):
    list_display = ("alert", "due_at", "attempts", "leased_until", "handed_over_at")
    list_filter = ("due_at",)
    exclude = ("claim",)
