"""Admin pages that several people have open and save at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    # Generic only in the stubs: Django's classes cannot be subscripted at run time.
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, ModelForm = admin.ModelAdmin, forms.ModelForm


class MergedForm(ModelForm):
    """Knows what its page has shown: fields that were left alone there keep what others have made of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A client that sends no page's hidden fields means every field as it says.
        is_of_page = any(name.startswith("initial-") for name in self.data)
        for field in self.fields.values():
            field.show_hidden_initial = not field.disabled and (is_of_page or not self.is_bound)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        stored = {*_columns(self.instance), *(field.name for field in self.instance._meta.many_to_many)}
        for name in (self.cleaned_data.keys() & stored) - set(self.changed_data):
            value = getattr(self.instance, name)
            self.cleaned_data[name] = value.all() if name not in _columns(self.instance) else value
        return cleaned


class ChangedFieldsAdmin(ModelAdmin):
    """Saves what the form changes, and nothing else.

    Django's own writes whole rows, and so brings back what others have changed since the page was opened: a
    key that was revoked, an old password, a rule that was switched off.
    """

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (MergedForm, form), {}) if change else form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; locked where it is saved, so that the second of two sees what the first has changed."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return row
        list(self.model._base_manager.select_for_update().filter(pk=row.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # Another page saved the same in between: its row is there now, and the form says so.
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        elif changed := set(form.changed_data) & _columns(obj):
            obj.save(update_fields=changed | ({"updated_at"} & _columns(obj)))


def with_its_state(request: HttpRequest, sentence: str, model: type[Model]) -> str:
    """A sentence about rows that were asked for, with a link to their list for whoever may open it."""
    rows, opts = admin.site.get_model_admin(model), model._meta
    if not rows.has_view_permission(request):
        return sentence
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return format_html('{} <a href="{}">{}</a>', sentence, address, _("See its state"))


def _columns(row: Model) -> set[str]:
    return {field.name for field in row._meta.concrete_fields}
