"""API keys in the admin: a key is shown once, when it is made, and revoked for good."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.api_keys import HEADER, ApiKey, new_secret
from accounts.models import User
from rest.admin import ChangedFieldsAdmin


@admin.register(ApiKey)
class ApiKeyAdmin(ChangedFieldsAdmin):
    list_display = (
        "name",
        "identifier",
        "may_search",
        "may_write_catalogue",
        "may_read_stats",
        "may_send_events",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    readonly_fields = ("identifier", "created_at", "created_by", "last_used_at", "revoked_at")
    search_fields = ("name", "identifier")
    actions = ("revoke",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Nobody grants what they do not hold.
        user = cast("User", request.user)
        held = {
            "may_write_catalogue": user.has_perm("catalog.change_product"),
            "may_read_stats": user.sees_dashboard,
        }
        return (*self.readonly_fields, *(name for name, is_held in held.items() if not is_held))

    # A deleted key would leave no trace of what it was.
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: Any) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        text = new_secret(obj)
        obj.created_by = request.user  # type: ignore[assignment]  # the admin's users are ours
        super().save_model(request, obj, form, change)
        sentence = _("Copy the key now, it is not shown again: %(key)s. Servers send it as %(header)s.")
        messages.warning(request, sentence % {"key": text, "header": HEADER})

    @admin.action(description=gettext_lazy("Revoke the selected API keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        sentence = ngettext("%(n)d key is revoked.", "%(n)d keys are revoked.", count)
        messages.success(request, sentence % {"n": count})
