"""Adding and removing favourites; ``settings.KNOWN_PRODUCTS`` names the function that checks their ids."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Favorite, User

# More than people look through; it bounds what one account can store.
MAX_FAVORITES = 1000
# Bounds the work of one merge, whose ids come from a browser and so from anyone.
MAX_MERGED = 200
PRODUCT_ID = re.compile(r"[^\s,\x00-\x1f]{1,100}")


class UnknownProduct(Exception):
    """No product of the catalogue has this id; ``str()`` is the message for the user."""

    def __init__(self) -> None:
        super().__init__(_("There is no such product. Ids come from search results."))


class TooManyFavorites(Exception):
    """The user has MAX_FAVORITES favourites already; ``str()`` is the message for the user."""

    def __init__(self) -> None:
        super().__init__(_("You have as many favourites as we keep for one person. Remove one first."))


def known_products(product_ids: Iterable[str]) -> set[str]:
    """Those of the ids that the catalogue has."""
    # The catalogue sees only well-formed ids: a null byte, for one, is an error in PostgreSQL.
    well_formed = [one for one in product_ids if PRODUCT_ID.fullmatch(one)]
    known: set[str] = import_string(settings.KNOWN_PRODUCTS)(well_formed) if well_formed else set()
    return known


def add(user: User, product_id: str) -> tuple[Favorite, bool]:
    """Add a favourite; returns it, and whether it is new. Raises UnknownProduct, TooManyFavorites."""
    if not known_products([product_id]):
        raise UnknownProduct
    existing = Favorite.objects.filter(user=user, product_id=product_id).first()
    if existing is not None:
        return existing, False
    if Favorite.objects.filter(user=user).count() >= MAX_FAVORITES:
        raise TooManyFavorites
    return Favorite.objects.get_or_create(user=user, product_id=product_id)


def remove(user: User, product_id: str) -> bool:
    """Remove a favourite; True when there was one."""
    if not PRODUCT_ID.fullmatch(product_id):
        return False
    deleted, _by_model = Favorite.objects.filter(user=user, product_id=product_id).delete()
    return bool(deleted)


def merge(user: User, product_ids: Iterable[str]) -> int:
    """Add the favourites that a browser collected before its user signed in; returns how many are new.

    Ids that the catalogue does not know are skipped, and so is what exceeds MAX_MERGED or MAX_FAVORITES.
    """
    offered = list(dict.fromkeys(product_ids))[:MAX_MERGED]
    existing = set(Favorite.objects.for_user(user).ids())
    new = known_products(offered) - existing
    chosen = [one for one in offered if one in new][: max(0, MAX_FAVORITES - len(existing))]
    # A second tab may merge the same ids at the same time.
    Favorite.objects.bulk_create(
        (Favorite(user=user, product_id=one) for one in chosen), ignore_conflicts=True
    )
    return len(chosen)
