"""Experiments in the admin: defined here, started and stopped on their own page of the dashboard."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from analytics.experiments.models import WEIGHTS, Experiment
from rest.admin import ChangedFieldsAdmin


@admin.register(Experiment)
class ExperimentAdmin(ChangedFieldsAdmin):
    list_display = ("name", "state", "share", "started_at", "started_by", "ended_at", "page")
    list_select_related = ("started_by",)
    list_filter = ("state",)
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "share")}),
        (_("What the variant changes"), {"fields": (*WEIGHTS, "synonyms", "curation")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Experiment | None = None) -> tuple[str, ...]:
        # What was compared must stay readable, and what is compared must not change meanwhile.
        is_fixed = obj is not None and not obj.is_planned
        return ("share", *WEIGHTS, "synonyms", "curation") if is_fixed else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_running = isinstance(obj, Experiment) and obj.is_running
        return super().has_delete_permission(request, obj) and not is_running

    @admin.display(description=_("result"))
    def page(self, experiment: Experiment) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("experiment", args=[experiment.pk]), _("Open"))
