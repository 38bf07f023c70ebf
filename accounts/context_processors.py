"""What every template may ask about the person looking at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Favorite


def favorites(request: HttpRequest) -> dict[str, Any]:
    """``favorite_ids``: the product ids that the user keeps; one query, made only when it is asked."""

    def load() -> frozenset[str]:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return frozenset()
        return frozenset(Favorite.objects.of(user).ids())

    return {"favorite_ids": SimpleLazyObject(load)}
