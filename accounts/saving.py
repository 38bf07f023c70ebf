"""Saving another's password in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AdminPasswordChangeForm

from accounts.models import User


class PasswordChangeForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # takes no argument at run time
    """Django's form for another's password, which saves the password alone."""

    user: User

    def save(self, commit: Any = True) -> User:  # noqa: FBT002 - Django's signature
        user: User = super().save(commit=False)
        if commit:
            user.save(update_fields=["password", "updated_at"])
        return user
