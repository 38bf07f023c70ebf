"""Keeping favourites. Accounts knows no catalogue: a setting names the function that does."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Favorite, User

# More than anyone looks through; it bounds what one account can store.
MOST_KEPT = 1000
# As many as are taken over from a browser at once.
MOST_MERGED = 200
PRODUCT_ID = re.compile(r"[^\s,\x00-\x1f]{1,100}")


class UnknownProduct(Exception):
    """No product of the catalogue has this id."""


class TooManyFavorites(Exception):
    """The user keeps MOST_KEPT products already."""


def known_products(product_ids: Iterable[str]) -> set[str]:
    """Those of the ids that the catalogue knows, asked through ``settings.KNOWN_PRODUCTS``."""
    well_formed = [one for one in product_ids if PRODUCT_ID.fullmatch(one)]
    known: set[str] = import_string(settings.KNOWN_PRODUCTS)(well_formed) if well_formed else set()
    return known


def keep(user: User, product_id: str) -> bool:
    """Keep a product; True when it was not kept before. Raises UnknownProduct, TooManyFavorites."""
    if not known_products([product_id]):
        raise UnknownProduct
    if Favorite.objects.filter(user=user, product_id=product_id).exists():
        return False
    if Favorite.objects.filter(user=user).count() >= MOST_KEPT:
        raise TooManyFavorites
    _favorite, created = Favorite.objects.get_or_create(user=user, product_id=product_id)
    return created


def drop(user: User, product_id: str) -> bool:
    """Stop keeping a product; True when it was kept."""
    if not PRODUCT_ID.fullmatch(product_id):
        return False
    deleted, _by_model = Favorite.objects.filter(user=user, product_id=product_id).delete()
    return bool(deleted)


def toggle(user: User, product_id: str) -> bool:
    """Keep what was not kept, drop what was; True when it is kept now. Raises as ``keep``."""
    return not drop(user, product_id) and keep(user, product_id)


def merge(user: User, product_ids: Iterable[str]) -> int:
    """Take over the favourites that a browser kept before its owner signed in; how many were new.

    Ids that the catalogue does not know are left out, and so is what exceeds MOST_MERGED or MOST_KEPT.
    """
    offered = list(dict.fromkeys(product_ids))[:MOST_MERGED]
    kept = set(Favorite.objects.of(user).ids())
    new = known_products(offered) - kept
    chosen = [one for one in offered if one in new][: max(0, MOST_KEPT - len(kept))]
    Favorite.objects.bulk_create(
        (Favorite(user=user, product_id=one) for one in chosen), ignore_conflicts=True
    )
    return len(chosen)
