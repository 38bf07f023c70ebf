"""What staff decide about feeds: how they are read, hosts to try again, and what a guard held back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.models import PictureHost, Product, SavedOptions, SyncRun
from catalog.sources.feeds.options import FIELDS
from rest.admin import ChangedFieldsAdmin


class HeldBackAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no argument at run time
    """A sync run whose guard held products back can be told to let them go."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.let_pass)
        own = path("<int:run_id>/change/let-pass/", view, name="catalog_syncrun_let_pass")
        return [own, *super().get_urls()]

    def let_pass(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Deactivate what is held back, as far as it is what the page of the run has shown."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("catalog.change_product"):
            raise PermissionDenied
        run = get_object_or_404(SyncRun, pk=run_id)
        if request.POST.get("held_back") != str(_held_back_by(run)):
            messages.error(request, _("What is held back has changed since. Look at the latest run."))
            return redirect("admin:catalog_syncrun_change", run_id)
        changed = Product.objects.held_back(run.source).deactivate(timezone.now())
        run.counts = {**run.counts, "held_back": 0}
        run.save(update_fields=["counts"])
        text = ngettext("%d product deactivated.", "%d products deactivated.", changed) % changed
        self.log_change(request, run, text)
        messages.success(request, text)
        return redirect("admin:catalog_syncrun_change", run_id)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        run = kwargs.get("obj")
        context["held_back"] = _held_back_by(run) if run else 0
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("held back"))
    def held_back_products(self, run: SyncRun) -> SafeString | str:
        """The first of the products that the guard keeps although the source lacks them."""
        if not run.held_back:
            return str(_("None."))
        held = Product.objects.held_back(run.source)[:100]
        return format_html_join("", "<div>{} · {}</div>", ((each.product_id, each.title) for each in held))

    @admin.display(description=_("notes"))
    def note_list(self, run: SyncRun) -> SafeString | str:
        return format_html_join("", "<div>{}</div>", ((note,) for note in run.notes)) or str(_("None."))


def _held_back_by(run: SyncRun) -> int:
    """How many products of the source are held back now, if this is the latest run that held any back."""
    latest = SyncRun.objects.filter(source=run.source, counts__held_back__gt=0).order_by("-started_at", "-pk")
    return Product.objects.held_back(run.source).count() if latest.first() == run else 0


@admin.register(SavedOptions)
class SavedOptionsAdmin(ChangedFieldsAdmin):
    """How the feed of a source is read where its columns do not say it."""

    list_display = ("source", "columns", "decimal", "currency", "language", "encoding")
    search_fields = ("source",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        fields = ", ".join(FIELDS)
        columns = _('{"Column of the feed": "field"}, with the fields %s') % fields
        decimal = _("Decides prices such as 1.234, where nothing in the feed does.")
        language = _("The code of the one to read first, such as de, where columns are in several.")
        kwargs["help_texts"] = {"columns": columns, "decimal": decimal, "language": language}
        return super().get_form(request, obj, change, **kwargs)


@admin.register(PictureHost)
class PictureHostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no argument at run time
    """Hosts of pictures that are left alone for a while; deleting one lets the next sync try it."""

    list_display = ("host", "paused_until", "failures", "problem")
    fields = readonly_fields = ("host", "paused_until", "failures", "problem")
    search_fields = ("host",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[PictureHost]:
        return super().get_queryset(request).order_by("-paused_until")
