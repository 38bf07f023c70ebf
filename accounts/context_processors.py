"""What every template can read about the signed-in user."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Favorite
from accounts.sign_in.current_user import signed_in_user


def favorites(request: HttpRequest) -> dict[str, Any]:
    """``favorite_ids``: the product ids of the user's favourites; the one query runs on first use."""

    def load() -> frozenset[str]:
        user = signed_in_user(request)
        return frozenset(Favorite.objects.for_user(user).ids()) if user is not None else frozenset()

    return {"favorite_ids": SimpleLazyObject(load)}
