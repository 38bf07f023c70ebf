"""The data export: everything held about one user."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.api_keys import ApiKey
from accounts.models import Favorite, User

Section = Callable[[User], list[dict[str, Any]]]


def export(user: User, *, now: datetime) -> dict[str, Any]:
    """The account, its favourites, sign-ins and API keys, and a list for each of settings.EXPORT_SECTIONS.

    The setting names functions of packages that accounts does not import (searches, clicks).
    """
    sections: dict[str, str] = settings.EXPORT_SECTIONS
    return {
        "exported_at": now,
        "account": account(user),
        "favorites": list(Favorite.objects.for_user(user).values("product_id", "added_at")),
        "sign_ins": list(
            user.sign_ins.values("browser", "system", "created_at", "rotated_at", "expires_at", "ended_at")
        ),
        "api_keys": list(
            ApiKey.objects.filter(created_by=user).values("name", "identifier", "created_at", "revoked_at")
        ),
        **{name: _section(path)(user) for name, path in sections.items()},
    }


def account(user: User) -> dict[str, Any]:
    fields = ("id", "email", "name", "personal_results", "roles", "created_at", "updated_at", "last_login")
    return {name: getattr(user, name) for name in fields}


def _section(path: str) -> Section:
    section: Section = import_string(path)
    return section
