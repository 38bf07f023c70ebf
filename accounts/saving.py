"""Saving in the admin: what a form changes, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db.models import Model
from django.http import HttpRequest

from accounts.models import User

if TYPE_CHECKING:
    # Generic only in the stubs: Django's class cannot be subscripted at run time.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ChangedFieldsAdmin(ModelAdmin):
    """Saves the columns that the form changes.

    Django's own writes whole rows, and so brings back what others have changed since the form's row was read:
    a key that was revoked, an old password.
    """

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        elif changed := set(form.changed_data) & _columns(obj):
            obj.save(update_fields=changed | ({"updated_at"} & _columns(obj)))


def _columns(row: Model) -> set[str]:
    return {field.name for field in row._meta.concrete_fields}


class PasswordChangeForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # takes no argument at run time
    """Django's form for another's password, which saves the password alone."""

    user: User

    def save(self, commit: Any = True) -> User:  # noqa: FBT002 - Django's signature
        user: User = super().save(commit=False)
        if commit:
            user.save(update_fields=["password", "updated_at"])
        return user
